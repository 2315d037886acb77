// The only wire types. What arrives is checked by these schemas; OpenAPI is made from them.

import { z } from 'zod';
import { askedText, because, givenAccountId, givenId, safeText } from '../book/names.ts';
import { parsePeriod } from '../core/calendar.ts';
import { parseInstant } from '../core/instant.ts';
import { accountIdPattern } from '../core/safe-text.ts';
import { parseMoney } from '../core/units.ts';
import { mostScopes, type Scope, scopes } from '../operations/api-keys.ts';

export const id = givenId.meta({
  id: 'Id',
  description:
    'An id of the caller’s own, 1 to 200 characters; not "." or "..". In NFC, with no white space but plain spaces inside, and nothing invisible',
});

export const accountId = givenAccountId.meta({
  id: 'AccountId',
  description: 'Letters, digits, dot, dash, underscore; at most 64',
  pattern: accountIdPattern,
});
export const calls = z
  .int()
  .min(1)
  .max(1_000_000_000_000)
  .meta({ id: 'Calls', description: 'A whole number of calls, 1 to 10^12' });
/** Of a month that is asked about: there may be none. */
const callsOrNone = z.int().min(0).max(1_000_000_000_000).meta({ description: 'A whole number of calls, 0 to 10^12' });
export const money = z
  .string()
  .refine(
    (text) => parseMoney(text) !== undefined,
    because('must be a decimal string such as "12250.00"', '须为十进制字符串，如 "12250.00"'),
  )
  .meta({ id: 'Money', description: 'A decimal string with at most two places', examples: ['12250.00'] });
export const time = z
  .string()
  .refine(
    (text) => parseInstant(text) !== undefined,
    because('must be RFC 3339 with offset', '须为带时区偏移的 RFC 3339'),
  )
  .meta({ id: 'Time', description: 'RFC 3339 with offset', examples: ['2026-01-06T08:59:59+08:00'] });
export const month = z
  .string()
  .refine((text) => parsePeriod(text) !== undefined, because('must be a month such as 2026-01', '须为月份，如 2026-01'))
  .meta({ id: 'Month', examples: ['2026-01'] });

const department = safeText(100);
const fact = safeText(100);

/** A usage event: `meter`, or the facts that decide it. */
export const event = z
  .strictObject({
    id,
    account: accountId.optional(),
    meter: safeText(100).optional(),
    action: fact.optional(),
    channel: fact.optional(),
    library: fact.optional(),
    resultCode: fact.optional(),
    calls: calls.optional(),
    time,
    department: department.optional(),
  })
  .refine((given) => (given.meter === undefined) !== (given.action === undefined), {
    ...because('either meter, or action with resultCode', 'meter 与 action 加 resultCode 二选一'),
    path: ['meter'],
  })
  .refine((given) => (given.action === undefined) === (given.resultCode === undefined), {
    ...because('action and resultCode go together', 'action 与 resultCode 须同时给出'),
    path: ['resultCode'],
  })
  .refine((given) => given.action !== undefined || (given.channel === undefined && given.library === undefined), {
    ...because('channel and library go with action', 'channel、library 须与 action 同用'),
    path: ['action'],
  })
  .meta({ id: 'Event' });

/** A CloudEvent's source is a URI reference, which holds no white space. */
const withoutSpace = (text: string): boolean => !/\s/.test(text);
const spaceWords = because('must not hold white space', '不能含空白字符');
export const source = safeText(200).refine(withoutSpace, spaceWords);
/** The same where an event is asked for. */
export const askedSource = askedText(200).refine(withoutSpace, spaceWords);

/** A CloudEvent 1.0: source and id identify, subject is the account. */
export const cloudEvent = z
  .looseObject({
    specversion: z.literal('1.0'),
    id,
    source,
    type: safeText(200),
    subject: accountId.optional(),
    time,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'CloudEvent' });

export const authorization = z
  .strictObject({
    id: id.optional(),
    account: accountId.optional(),
    meter: safeText(100),
    calls: calls.optional(),
    department: department.optional(),
    seconds: z
      .int()
      .min(1)
      .max(86_400)
      .optional()
      .meta({ description: 'How long the calls stay held; 60 if not given' }),
  })
  .meta({ id: 'Authorization' });

/** Body of a command on a thing whose account an operator must name. */
export const ofAccount = z.strictObject({ account: accountId.optional() }).meta({ id: 'OfAccount' });

export const newAccount = z
  .strictObject({
    id: accountId,
    name: safeText(200).optional(),
    book: safeText(64).optional(),
    opened: z.iso.date().optional(),
    timeZone: safeText(64).optional(),
    postpaid: z.boolean().optional(),
    cap: calls.nullable().optional(),
  })
  .meta({ id: 'NewAccount' });

export const accountSettings = z
  .strictObject({
    postpaid: z.boolean().optional(),
    cap: calls.nullable().optional(),
    suspended: z.boolean().optional(),
  })
  .meta({ id: 'AccountSettings' });

export const topUp = z.strictObject({ amount: money, reference: safeText(200).optional() }).meta({ id: 'TopUp' });

export const packOrder = z
  .strictObject({
    account: accountId.optional(),
    product: safeText(64),
    size: calls,
    count: z.int().min(1).max(1_000).optional(),
    id: id.optional(),
  })
  .meta({ id: 'PackOrder' });

export const giftOrder = z
  .strictObject({
    account: accountId,
    product: safeText(64),
    calls,
    months: z.int().min(1).max(36).optional(),
    id: id.optional(),
  })
  .meta({ id: 'GiftOrder' });

export const review = z.strictObject({ account: accountId.optional(), charge: z.boolean() }).meta({ id: 'Review' });
export const closing = z.strictObject({ month, account: accountId.optional() }).meta({ id: 'Closing' });
/** What closing a month for all accounts did. */
export const closed = z
  .object({
    month,
    closed: z.int(),
    alreadyFinal: z.int(),
    refused: z.array(z.object({ account: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Closed' });
const scopeList = z
  .array(z.enum(scopes))
  .min(1)
  .max(scopes.length)
  .meta({ description: 'What the key may do; all that its role may if not given' });
const mayHold = (account: string | null, asked: readonly Scope[] | undefined): boolean =>
  asked === undefined || asked.every((scope) => mostScopes(account).includes(scope));
const beyondRole = (role: string, account: string | null) => {
  const most = mostScopes(account).join(', ');
  return because(`${role} key: of ${most}`, `${role} 密钥只能具有：${most}`);
};

/** A key's role is named: what an empty body means must not be the mightiest key of all. */
export const newKey = z
  .strictObject({
    role: z.enum(['operator', 'account']),
    account: accountId.optional(),
    name: safeText(100).optional(),
    scopes: scopeList.optional(),
  })
  .refine(({ role, account }) => (role === 'account') === (account !== undefined), {
    ...because('goes with role account, and with no other', 'role 为 account 时须给出，否则不能给出'),
    path: ['account'],
  })
  .refine((given) => given.role !== 'operator' || mayHold(null, given.scopes), {
    ...beyondRole('operator', null),
    path: ['scopes'],
  })
  .refine((given) => given.role !== 'account' || mayHold('', given.scopes), {
    ...beyondRole('account', ''),
    path: ['scopes'],
  })
  .meta({ id: 'NewKey' });
export const newAccountKey = z
  .strictObject({ name: safeText(100).optional(), scopes: scopeList.optional() })
  .refine((given) => mayHold('', given.scopes), { ...beyondRole('account', ''), path: ['scopes'] })
  .meta({ id: 'NewAccountKey' });
export const clock = z.strictObject({ now: time }).meta({ id: 'Clock' });

export const quoteRequest = z
  .strictObject({
    book: safeText(64),
    use: z
      .array(z.strictObject({ of: safeText(100), calls: callsOrNone }))
      .min(1)
      .max(100),
    packs: z
      .array(z.strictObject({ product: safeText(64), size: calls, count: z.int().min(1).max(1_000).optional() }))
      .max(100)
      .optional(),
    gifts: z
      .array(z.strictObject({ product: safeText(64), calls }))
      .max(100)
      .optional(),
  })
  .meta({ id: 'QuoteRequest' });

const held = { product: safeText(64), calls };

export const planRequest = z
  .strictObject({
    book: safeText(64),
    use: z
      .array(z.strictObject({ of: safeText(100), calls: callsOrNone }))
      .min(1)
      .max(100)
      .optional(),
    profile: z
      .array(
        z.strictObject({
          month: month.or(z.int().min(1).max(24)),
          meter: safeText(100),
          calls: z.int().min(0).max(1_000_000_000),
        }),
      )
      .min(1)
      .max(2_400)
      .optional(),
    start: safeText(40).optional(),
    have: z
      .array(z.strictObject({ ...held, expires: safeText(40).optional() }))
      .max(100)
      .optional(),
    gifts: z.array(z.strictObject(held)).max(100).optional(),
  })
  .refine((given) => (given.use === undefined) !== (given.profile === undefined), {
    message: 'either use (one month) or profile (several months)',
    path: ['use'],
  })
  .meta({ id: 'PlanRequest' });

/** What became of one event. */
export const eventResult = z
  .object({
    id: z.string(),
    status: z.enum(['accepted', 'duplicate', 'conflict', 'rejected', 'held']),
    code: z.string().optional(),
    pointer: z.string().optional(),
    detail: z.string().optional(),
    source: z.string().optional().meta({ description: 'Of a CloudEvent' }),
    receipt: z
      .object({
        event: z.string(),
        source: z.string().optional().meta({ description: 'Of a CloudEvent: its id is one of this source' }),
        account: z.string(),
        seq: z.int(),
        meter: z.string().nullable(),
        calls: z.int(),
        time: z.string(),
        outcome: z.string(),
        draws: z.array(z.object({ pack: z.string(), calls: z.int() })),
        postpaid: z.int(),
        notCharged: z.int(),
        stopped: z.boolean().optional(),
        reason: z.enum(['EVENT_HELD', 'LATE_INTO_FINAL']).optional().meta({ description: 'Why it is held' }),
        department: z.string().optional(),
        voided: z.string().optional(),
        voidedBy: z.string().optional(),
      })
      .meta({ id: 'Receipt' })
      .optional(),
  })
  .meta({ id: 'EventResult' });

export const eventResults = z.object({ results: z.array(eventResult) }).meta({ id: 'EventResults' });

/** Growth as a number with at most four decimals; the operation reads its decimal text exactly. */
const growth = z
  .number()
  .min(0.0001)
  .max(1_000)
  .refine(
    (factor) => /^\d+(\.\d{1,4})?$/.test(String(factor)),
    because('must have at most four decimals', '至多 4 位小数'),
  )
  .meta({ description: 'Every meter’s calls times this', examples: [1.2] });

export const whatIfRequest = z
  .strictObject({
    account: accountId.optional(),
    months: z.int().min(1).max(24).meta({ description: 'So many whole months before the running one' }),
    book: z
      .union([safeText(64), z.record(z.string(), z.unknown())])
      .optional()
      .meta({
        description: 'The id of a price book, or a whole one: a contract offer. The account’s own if not given',
      }),
    packs: z
      .array(z.strictObject({ product: safeText(64), size: calls, count: z.int().min(1).max(1_000).optional() }))
      .max(100)
      .optional()
      .meta({ description: 'Bought at the start, in place of what was really bought in these months' }),
    growth: growth.optional(),
  })
  .meta({ id: 'WhatIfRequest' });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export const readiness = z
  .object({
    status: z.literal('ok'),
    clock: z.object({ aheadMilliseconds: z.int(), problem: z.string() }).optional().meta({
      description: 'Only when this machine’s clock is more than a second off the database’s, by which Suanpan goes',
    }),
  })
  .meta({ id: 'Readiness' });
