// The scenario file (docs: contracts, "Scenario file"). The frame of a file must be sound, or nothing runs; a step of a known
// kind that is not well formed is refused like any other step, with its own code.

import { z } from 'zod';
import { refusePayment } from '../account/commands.ts';
import type { ContractOrder } from '../account/contracts.ts';
import type { AccountTerms } from '../account/memory-ledger.ts';
import { type Problem, pointerOf, problem, schemaProblems } from '../book/book-problem.ts';
import { contractTerms, readContractTerms } from '../book/contract-terms.ts';
import { givenAccountId, givenId, safeText } from '../book/names.ts';
import { type Day, isTimeZone, type Period, parseDay, parsePeriod } from '../core/calendar.ts';
import { decimalsOf, noCurrency } from '../core/currency.ts';
import type { IncomingEvent } from '../core/event.ts';
import { parseInstant } from '../core/instant.ts';
import { isRefusal, type Refusal, type RefusalCode, refuse, refuseDecimals } from '../core/refusal.ts';
import {
  callsOf,
  formatMoney,
  type Instant,
  instantOf,
  isMoneyText,
  type Money,
  moneyOf,
  parseMoney,
} from '../core/units.ts';
import { invalid } from '../words/invalid.ts';
import { scenarioWords } from '../words/scenario.ts';
import { words } from '../words/words.ts';

export type Step =
  | {
      readonly do: 'gift';
      readonly order: { id: string; product: string; calls: number; months: number | null; department?: string };
    }
  | {
      readonly do: 'buy';
      readonly order: { id: string; product: string; size: number; startsOn?: Day; department?: string };
    }
  | { readonly do: 'use'; readonly report: IncomingEvent }
  | { readonly do: 'refund' | 'void' | 'freeze'; readonly id: string }
  | { readonly do: 'topup'; readonly amount: Money; readonly reference: string }
  | { readonly do: 'close'; readonly month: Period }
  | { readonly do: 'price'; readonly order: ContractOrder };

export interface TimedStep {
  readonly at: Instant;
  readonly step: Step | Refusal;
}

export interface ScenarioFile {
  /** The id of a price book, or a price book's own JSON. */
  readonly book: unknown;
  /** Account and steps, once the book has said what currency their amounts are of. */
  readonly in: (currency: string) => Story | { readonly problems: readonly Problem[] };
}

export interface Story {
  readonly account: AccountTerms;
  readonly steps: readonly TimedStep[];
}

const verbs = ['gift', 'buy', 'use', 'refund', 'void', 'topup', 'close', 'freeze', 'price'] as const;
type Verb = (typeof verbs)[number];

const account = z.strictObject({
  id: givenAccountId,
  opened: z.string().optional(),
  balance: z.string().optional(),
  postpaid: z.boolean().optional(),
  timeZone: z.string().optional(),
});

const frame = z.strictObject({
  book: z.unknown(),
  account,
  steps: z.array(z.looseObject({ at: z.string(), do: z.enum(verbs) })),
});

const moment = { at: z.string() };
const id = givenId;
const product = safeText(64);
const fact = safeText(100);
const quantity = z.int().min(1).max(1_000_000_000_000);
const scope = z.strictObject({ department: fact });
const ofPack = z.strictObject({ ...moment, do: z.string(), id });

const stepSchemas = {
  gift: z.strictObject({
    ...moment,
    do: z.literal('gift'),
    id,
    product,
    calls: quantity,
    months: z.int().min(1).max(36).optional(),
    scope: scope.optional(),
  }),
  buy: z.strictObject({
    ...moment,
    do: z.literal('buy'),
    id,
    product,
    size: quantity,
    startsOn: fact.optional(),
    scope: scope.optional(),
  }),
  use: z.strictObject({
    ...moment,
    do: z.literal('use'),
    id,
    meter: fact.optional(),
    action: fact.optional(),
    channel: fact.optional(),
    library: fact.optional(),
    resultCode: fact.optional(),
    calls: quantity.optional(),
    time: z.string().optional(),
    department: fact.optional(),
  }),
  refund: ofPack,
  void: ofPack,
  freeze: ofPack,
  topup: z.strictObject({ ...moment, do: z.literal('topup'), id: safeText(200).optional(), amount: z.string() }),
  close: z.strictObject({ ...moment, do: z.literal('close'), month: z.string() }),
  price: z.strictObject({ ...moment, do: z.literal('price'), from: z.string(), ...contractTerms }),
};

/** Reads a scenario, or says what keeps it from running, where. */
export function readScenario(json: unknown): ScenarioFile | { readonly problems: readonly Problem[] } {
  const parsed = frame.safeParse(json, { reportInput: true });
  if (!parsed.success) return { problems: schemaProblems(parsed.error) };
  const { book } = parsed.data;
  const terms = readAccount(parsed.data.account);
  const times = parsed.data.steps.map((step) => parseInstant(step.at));
  const problems = [
    ...(typeof book === 'string' || (typeof book === 'object' && book !== null) ? [] : [bookProblem(book)]),
    ...(Array.isArray(terms) ? terms : []),
    ...timeProblems(times),
  ];
  if (problems.length > 0 || Array.isArray(terms)) return { problems };
  const { balance, ...account } = terms;
  const storyIn: ScenarioFile['in'] = (currency) => {
    const money = parseMoney(balance, currency);
    if (money === undefined) return { problems: [badBalance(currency)] };
    const steps = parsed.data.steps.map((step, index) => {
      const at = times[index] ?? instantOf(0);
      return { at, step: readStep(step, index, at, currency) };
    });
    return { account: { ...account, balance: money }, steps };
  };
  return { book, in: storyIn };
}

const badBalance = (currency: string): Problem => {
  const example = formatMoney(moneyOf(10n ** BigInt(5 + decimalsOf(currency))), currency);
  return problem('WRONG_FORMAT', ['account', 'balance'], scenarioWords.mustBeAnAmount(example));
};

const bookProblem = (book: unknown): Problem =>
  book === undefined
    ? problem('MISSING', ['book'], scenarioWords.fieldIsMissing)
    : problem('WRONG_TYPE', ['book'], scenarioWords.mustBeAPriceBooksId);

function readAccount({
  opened,
  balance = '0',
  ...rest
}: z.infer<typeof account>): (Omit<AccountTerms, 'balance'> & { readonly balance: string }) | Problem[] {
  const problems = [
    ...(isMoneyText(balance) ? [] : [badBalance(noCurrency)]),
    ...(opened !== undefined && parseDay('UTC', opened) === undefined
      ? [problem('NO_SUCH_DAY', ['account', 'opened'], scenarioWords.mustBeADay)]
      : []),
    ...(rest.timeZone !== undefined && !isTimeZone(rest.timeZone)
      ? [problem('NO_SUCH_ZONE', ['account', 'timeZone'], scenarioWords.mustBeAnIanaZoneName)]
      : []),
  ];
  if (problems.length > 0) return problems;
  return {
    id: rest.id,
    balance,
    ...(rest.postpaid === undefined ? {} : { postpaid: rest.postpaid }),
    ...(rest.timeZone === undefined ? {} : { timeZone: rest.timeZone }),
    ...(opened === undefined ? {} : { opened: opened as Day }),
  };
}

/** Every step has a time, and none is earlier than the one before it: a ledger is never told of the past late. */
function timeProblems(times: readonly (Instant | undefined)[]): Problem[] {
  let latest = Number.NEGATIVE_INFINITY;
  return times.flatMap((at, index) => {
    const path = ['steps', index, 'at'];
    if (at === undefined) {
      const example = '2026-01-05T10:00:00+08:00';
      return [problem('WRONG_FORMAT', path, scenarioWords.mustBeAnRfc3339Time(example))];
    }
    if (at < latest) {
      return [problem('OUT_OF_RANGE', path, scenarioWords.isBeforeTheStepAbove)];
    }
    latest = at;
    return [];
  });
}

function readStep(json: { readonly do: Verb }, index: number, at: Instant, currency: string): Step | Refusal {
  switch (json.do) {
    case 'gift':
      return parsed(stepSchemas.gift, json, index, ({ product, calls, months, scope: own, ...step }) => ({
        do: 'gift',
        order: { id: step.id, product, calls, months: months ?? null, ...own },
      }));
    case 'buy':
      return parsed(stepSchemas.buy, json, index, ({ product, size, startsOn, scope: own, ...step }) => ({
        do: 'buy',
        order: { id: step.id, product, size, ...(startsOn === undefined ? {} : { startsOn: startsOn as Day }), ...own },
      }));
    case 'use':
      return parsed(stepSchemas.use, json, index, (step) => readUse(step, index, at));
    case 'refund':
    case 'void':
    case 'freeze': {
      const verb = json.do;
      return parsed(ofPack, json, index, (step) => ({ do: verb, id: step.id }));
    }
    case 'topup':
      return parsed(stepSchemas.topup, json, index, (step) => {
        const amount = parseMoney(step.amount, currency);
        return amount === undefined
          ? refuseDecimals(step.amount, currency, pointerOf(['steps', index, 'amount']))
          : { do: 'topup', amount, reference: step.id ?? `step-${index}` };
      });
    case 'close':
      return parsed(stepSchemas.close, json, index, (step) => {
        const month = parsePeriod(step.month);
        return month === undefined
          ? invalid(pointerOf(['steps', index, 'month']), scenarioWords.mustBeAMonth)
          : { do: 'close', month };
      });
    case 'price':
      return parsed(stepSchemas.price, json, index, (step): Step | Refusal => {
        const from = parsePeriod(step.from);
        if (from === undefined) return invalid(pointerOf(['steps', index, 'from']), scenarioWords.mustBeAMonth);
        const terms = readContractTerms(step, currency);
        return isRefusal(terms)
          ? { ...terms, pointer: pointerOf(['steps', index, 'packs']) }
          : { do: 'price', order: { from, ...terms } };
      });
  }
}

function readUse(step: z.infer<typeof stepSchemas.use>, index: number, at: Instant): Step | Refusal {
  const { id, meter, action, channel, library, resultCode, calls = 1, time, department = null } = step;
  const told = time === undefined ? at : parseInstant(time);
  if (told === undefined) return refuse('INVALID_TIME', { time: time ?? '' }, pointerOf(['steps', index, 'time']));
  const given = [action, channel, library, resultCode].some((fact) => fact !== undefined);
  if (meter !== undefined && given) {
    return invalid(pointerOf(['steps', index, 'meter']), scenarioWords.giveEitherAMeterOrThe);
  }
  if (meter === undefined && action === undefined) {
    return invalid(pointerOf(['steps', index, 'meter']), scenarioWords.meterOrAnActionIsMissing);
  }
  const facts =
    action === undefined
      ? null
      : { action, channel: channel ?? null, library: library ?? null, resultCode: resultCode ?? null };
  return { do: 'use', report: { id, meter: meter ?? null, facts, calls: callsOf(calls), at: told, department } };
}

/** The refusal that a malformed field of a step means; a missing field has no code of its own. */
const codeOfField: Readonly<Record<string, RefusalCode>> = {
  calls: 'INVALID_QUANTITY',
  size: 'INVALID_QUANTITY',
  time: 'INVALID_TIME',
  amount: 'INVALID_AMOUNT',
};

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  json: Readonly<Record<string, unknown>>,
  index: number,
  read: (step: z.infer<Schema>) => Step | Refusal,
): Step | Refusal {
  const result = schema.safeParse(json, { reportInput: true });
  if (result.success) return read(result.data);
  const [first] = schemaProblems(result.error);
  if (first === undefined) throw new Error('a step was refused without a problem');
  const field = first.pointer.split('/')[1] ?? '';
  const code = first.code === 'MISSING' || first.code === 'UNKNOWN_FIELD' ? undefined : codeOfField[field];
  const pointer = `${pointerOf(['steps', index])}${first.pointer}`;
  if (code === undefined) {
    return invalid(pointer, words(`${field} ${first.zh}`, `${field} ${first.en}`));
  }
  const facts = { [field === 'size' ? 'calls' : field]: shown(json[field]) };
  return code === 'INVALID_AMOUNT' ? refusePayment(facts, pointer) : refuse(code, facts, pointer);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? '').slice(0, 40);
