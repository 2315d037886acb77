// Accounts, their balance, what they may spend, their usage.

import { z } from 'zod';
import { askedText, safeText } from '../../book/names.ts';
import { approval } from './approvals.ts';
import { type Answered, accountId, amount, calls, count, money, next } from './scalars.ts';

/** What is looked for. */
export const askedSearch = askedText(200);

/** Body of a command on a thing whose account an operator must name. */
export const ofAccount = z
  .strictObject({ account: accountId.optional() })
  .meta({ id: 'OfAccount', examples: [{ account: 'acme' }] });

export const newAccount = z
  .strictObject({
    id: accountId,
    name: safeText(200).optional(),
    book: safeText(64).optional(),
    opened: z.iso.date().optional(),
    timeZone: safeText(64).optional(),
    postpaid: z.boolean().optional(),
    cap: calls.nullable().optional(),
    gifts: z
      .boolean()
      .optional()
      .meta({ description: 'false: without what its price book gives once; true if not given' }),
  })
  .meta({ id: 'NewAccount', examples: [{ id: 'acme', name: 'Acme', book: 'faceid-legacy' }] });

export const accountSettings = z
  .strictObject({
    postpaid: z.boolean().optional(),
    cap: calls.nullable().optional(),
    suspended: z.boolean().optional(),
  })
  .meta({ id: 'AccountSettings', examples: [{ postpaid: true, cap: 200_000 }] });

export const topUp = z
  .strictObject({ amount: money, reference: safeText(200).optional() })
  .meta({ id: 'TopUp', examples: [{ amount: '12250.00', reference: 'transfer 42' }] });

export const account = z
  .object({
    id: z.string(),
    name: z.string(),
    book: z.string(),
    timeZone: z.string(),
    currency: z.string(),
    opened: z.string().nullable().meta({ description: 'The day it was opened, if its operator gave one' }),
    createdAt: z.string(),
    postpaid: z.boolean().meta({ description: 'False: calls that no pack pays are not authorised' }),
    cap: count.nullable().meta({ description: 'Most postpaid calls a month; authorisation refuses beyond' }),
    suspended: z.boolean(),
    serviceStopped: z.boolean().meta({ description: 'Stopped for arrears' }),
    balance: amount,
  })
  .meta({ id: 'Account' });

const damagedAccount = z
  .object({ id: z.string(), name: z.string(), book: z.string(), damaged: z.literal(true) })
  .meta({ id: 'DamagedAccount', description: 'It cannot be read: `suanpan verify` says what is wrong' });

export const accountPage = z
  .object({ accounts: z.array(z.union([account, damagedAccount])), next })
  .meta({ id: 'AccountPage' });

const entryFields = {
  seq: z.int(),
  kind: z.string().meta({ description: 'What it is for: a top-up, a credit, a pack, a refund or a bill' }),
  amount: amount.meta({ description: 'What the balance rose by' }),
  balance: amount.meta({ description: 'The balance after it' }),
  at: z.string(),
  reference: z.string(),
};

export const entry = z.object({ account: z.string(), ...entryFields }).meta({ id: 'AccountEntry' });
export const entryOrApproval = z.union([entry, approval]);

export const balance = z
  .object({
    account: z.string(),
    currency: z.string(),
    balance: amount,
    entries: z.array(z.object(entryFields).meta({ id: 'Entry' })),
    next,
  })
  .meta({ id: 'Balance' });

/** What an account may spend. */
const settings = z
  .object({ postpaid: z.boolean(), cap: count.nullable(), suspended: z.boolean() })
  .meta({ id: 'Settings' });

export const changePage = z
  .object({
    account: z.string(),
    changes: z.array(
      z.object({
        at: z.string(),
        by: z.string(),
        before: settings.nullable().meta({ description: 'Null: it was opened then' }),
        after: settings,
      }),
    ),
    next,
  })
  .meta({ id: 'ChangePage' });

export const usage = z
  .object({
    account: z.string(),
    month: z.string(),
    lines: z.array(
      z.object({
        day: z.string(),
        meter: z.string(),
        payer: z.string().meta({ description: '"postpaid", "not-charged", or a pack’s id' }),
        gift: z.boolean(),
        calls: count,
      }),
    ),
  })
  .meta({ id: 'Usage' });

export const departmentUsage = z
  .object({
    account: z.string(),
    month: z.string(),
    lines: z.array(
      z.object({
        day: z.string(),
        department: z.string().meta({ description: 'Empty: the event named none' }),
        calls: count,
      }),
    ),
  })
  .meta({ id: 'DepartmentUsage' });

export type Account = Answered<typeof account>;
export type AccountPage = Answered<typeof accountPage>;
export type Balance = Answered<typeof balance>;
export type AccountEntry = Answered<typeof entry>;
export type ChangePage = Answered<typeof changePage>;
export type Usage = Answered<typeof usage>;
export type DepartmentUsage = Answered<typeof departmentUsage>;
