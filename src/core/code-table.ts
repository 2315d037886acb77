// What a call reported by its facts means: which meter, and whether its result is charged. Nothing is guessed: a code that
// stands in neither column is held for review. Source: billing rules 5.5.

import { versionIn } from './book-version.ts';
import { type Day, dayOf, periodOfDay } from './calendar.ts';
import type { CallFacts, Outcome } from './event.ts';
import type { CodeRule, CodeSet, FactMatch, PriceBook } from './price-book.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Instant } from './units.ts';

export interface Classified {
  /** Null: the action has no meter because none of its results is charged (it only starts a flow). */
  readonly meter: string | null;
  readonly outcome: Outcome;
}

/** Meter and outcome of a call made `at`: the rule of that day (book zone) decides. Refusal: UNKNOWN_ACTION, its pointer naming the fact that is missing or unknown. */
export function classify(book: PriceBook, call: CallFacts, at: Instant): Classified | Refusal {
  const matches = indexOf(book).matches.get(call.action) ?? [];
  const meter = meterOf(matches, call);
  if (meter === undefined && matches.length > 0) return unmatched(book, call, matches);
  const day = dayOf(book.timeZone, at);
  const rules = indexOf(judgeOn(book, day)).rules.get(call.action) ?? [];
  if (meter === undefined && rules.length === 0) return unknownAction(book, call, '/action');
  const rule = ruleOn(day, rules, call);
  const outcome = rule === undefined ? 'held' : outcomeOf(rule, call.resultCode);
  if (meter === undefined && outcome === 'charged') return unknownAction(book, call, '/action');
  return { meter: meter ?? null, outcome };
}

/** The actions that a book knows, in its present form or a later version, in order of name. */
export function actionsIn(book: PriceBook): string[] {
  const versions = [book, ...(book.versions ?? []).map((version) => version.book)].map(indexOf);
  return [...new Set(versions.flatMap(({ matches, rules }) => [...matches.keys(), ...rules.keys()]))].toSorted();
}

/** Whose code table holds on a day: the latest version's that has begun by its month, or the book's own. */
const judgeOn = (book: PriceBook, day: Day): PriceBook =>
  book.versions === undefined ? book : (versionIn(book, periodOfDay(day))?.book ?? book);

interface MeterMatch extends FactMatch {
  readonly meter: string;
}

interface FactIndex {
  readonly matches: ReadonlyMap<string, readonly MeterMatch[]>;
  readonly rules: ReadonlyMap<string, readonly CodeRule[]>;
}

const indexes = new WeakMap<PriceBook, FactIndex>();

/** Both tables by action, most specific first; made once a book, as every call asks. */
function indexOf(book: PriceBook): FactIndex {
  const known = indexes.get(book);
  if (known !== undefined) return known;
  const meters = [...book.meters.values()];
  const matches = meters.flatMap(({ id, facts }) => facts.map((match): MeterMatch => ({ ...match, meter: id })));
  const index = { matches: byAction(matches), rules: byAction(book.codeTable) };
  indexes.set(book, index);
  return index;
}

interface Conditions {
  readonly actions: readonly string[];
  readonly channels?: readonly string[];
  readonly libraries?: readonly string[];
}

function byAction<T extends Conditions>(entries: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const entry of entries.toSorted((a, b) => specificity(b) - specificity(a))) {
    for (const action of new Set(entry.actions)) {
      const list = found.get(action);
      if (list === undefined) found.set(action, [entry]);
      else list.push(entry);
    }
  }
  return found;
}

const specificity = ({ channels, libraries }: Conditions): number =>
  Number(channels !== undefined) + Number(libraries !== undefined);

const holds = (allowed: readonly string[] | undefined, fact: string | null): boolean =>
  allowed === undefined || (fact !== null && allowed.includes(fact));

const meterOf = (matches: readonly MeterMatch[], call: CallFacts): string | undefined =>
  matches.find((match) => holds(match.channels, call.channel) && holds(match.libraries, call.library))?.meter;

const ruleOn = (day: Day, rules: readonly CodeRule[], call: CallFacts): CodeRule | undefined =>
  rules.find(
    ({ from, until, channels }) =>
      (from === null || from <= day) && (until === null || day < until) && holds(channels, call.channel),
  );

/** The result code of an attempt of which the provider's answer has none that can be read. */
export const unreadCode = 'UNREADABLE';

/** That of an attempt whose number within its flow cannot be read: its code proves nothing, as nobody knows which attempt it is of. */
export const unnumberedCode = (code: string): string => `UNNUMBERED:${code}`;

/** What a gateway could not read stands in no column, not even in one that holds all the rest. */
export const isUnread = (code: string): boolean => code === unreadCode || code.startsWith(unnumberedCode(''));

function outcomeOf({ charged, notCharged }: CodeRule, code: string | null): Outcome {
  if (code === null) return outcomeOfAny(charged, notCharged);
  if (lists(charged, code)) return 'charged';
  if (lists(notCharged, code)) return 'not-charged';
  if (isUnread(code)) return 'held';
  if (charged.rest) return 'charged';
  return notCharged.rest ? 'not-charged' : 'held';
}

/** Without a code the outcome is known only where one column is empty and the other holds every code. */
function outcomeOfAny(charged: CodeSet, notCharged: CodeSet): Outcome {
  if (charged.rest && isEmpty(notCharged)) return 'charged';
  return notCharged.rest && isEmpty(charged) ? 'not-charged' : 'held';
}

const isEmpty = (set: CodeSet): boolean => set.codes.size === 0 && set.ranges.length === 0 && !set.rest;

const wholeNumber = /^(?:-?[1-9]\d{0,17}|0)$/;

function lists(set: CodeSet, code: string): boolean {
  if (set.codes.has(code)) return true;
  if (set.ranges.length === 0 || !wholeNumber.test(code)) return false;
  const number = BigInt(code);
  return set.ranges.some(([low, high]) => low <= number && number <= high);
}

/** The action is known, but no meter takes it with this channel and library: the first fact that fits none is to blame. */
function unmatched(book: PriceBook, call: CallFacts, matches: readonly MeterMatch[]): Refusal {
  const channelFits = matches.some((match) => holds(match.channels, call.channel));
  return unknownAction(book, call, channelFits ? '/library' : '/channel');
}

const unknownAction = (book: PriceBook, call: CallFacts, pointer: string): Refusal =>
  refuse(
    'UNKNOWN_ACTION',
    { action: call.action, channel: call.channel ?? '-', library: call.library ?? '-', book: book.id },
    pointer,
  );
