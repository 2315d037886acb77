// The provider's own list of a day's attempts, read page by page and handed to the ledger. Where it stands is kept by the ledger: who dies, or
// is not alone, goes on from there.

import { setTimeout as wait } from 'node:timers/promises';
import { dayOf } from '../core/calendar.ts';
import { instantOf } from '../core/units.ts';
import { sha256 } from '../tc3.ts';
import { codeIn, momentIn, nameIn } from '../usage-files/faceid/fields.ts';
import { faceidRecord, type RawAttempt, type TokenAnswer } from '../usage-files/faceid/record.ts';
import type { GatewayParts } from './flow.ts';
import { errorIn, responseOf } from './judge.ts';
import type { Told } from './told.ts';
import { passOn } from './upstream.ts';

/** What a day came to; `findings`: attempts that could not be matched. */
export interface SweptDay {
  readonly day: string;
  readonly cursor: number;
  readonly ended: string | null;
  readonly pages: number;
  readonly attempts: number;
  readonly metered: number;
  readonly held: number;
  readonly findings: number;
}

/** `left`: it goes on from there another time. `why`: a code of the provider or the ledger, or what was wrong with the list. */
export type SweepEnd =
  | { readonly kind: 'whole'; readonly swept: SweptDay }
  | { readonly kind: 'left'; readonly day: string; readonly why: string }
  | { readonly kind: 'none' };

export interface SweepOptions {
  /** This one, from its first page on where it is whole. Without it: the first that is due. */
  readonly day?: string;
  /** Not these, where none is named. */
  readonly except?: readonly string[];
  readonly stop?: AbortSignal;
  /** Milliseconds that it may take; ten minutes if not given. */
  readonly within?: number;
  /** Milliseconds between tries of a page. */
  readonly waits?: readonly number[];
}

const usualWaits = [0, 1_000, 5_000, 20_000];
const usualTime = 600_000;
/** What the ledger takes at once. */
const mostAttempts = 100;
const hourLength = 3_600_000;

/** The last day of which the provider's list is whole. */
export const lastWholeDay = ({ map: { list }, clock }: GatewayParts): string =>
  dayOf(list.timeZone, instantOf(clock() - (24 + list.hour) * hourLength));

export async function sweep(parts: GatewayParts, options: SweepOptions = {}): Promise<SweepEnd> {
  const { day: wished, except = [], stop, within = usualTime } = options;
  const until = performance.now() + within;
  const { timeZone } = parts.map.list;
  const wish = {
    through: lastWholeDay(parts),
    timeZone,
    ...(wished === undefined ? { except } : { day: wished, anew: true }),
  };
  let sweeping = sweepIn(await parts.ledger.takeSweep(wish));
  while (true) {
    if ('why' in sweeping) return { kind: 'left', day: wished ?? wish.through, why: sweeping.why };
    if (sweeping.swept === null) return { kind: 'none' };
    const { swept } = sweeping;
    if (swept.ended !== null) return { kind: 'whole', swept };
    const { day } = swept;
    if (stop?.aborted || performance.now() > until) return { kind: 'left', day, why: 'OUT_OF_TIME' };
    const page = await readPage(parts, swept, options);
    if ('why' in page) return { kind: 'left', day, why: page.why };
    const turned = await handIn(parts, swept, page);
    if ('why' in turned && turned.why !== 'SWEEP_MOVED') return { kind: 'left', day, why: turned.why };
    // Another gateway is at it too: on from where the day stands by now.
    sweeping =
      'why' in turned ? sweepIn(await parts.ledger.takeSweep({ through: wish.through, timeZone, day })) : turned;
  }
}

type Sweeping = { readonly swept: SweptDay | null } | { readonly why: string };

const sweepIn = (told: Told): Sweeping =>
  told.kind === 'done' ? { swept: (told.body.sweep ?? null) as SweptDay | null } : { why: whyOf(told) };

const whyOf = (told: Exclude<Told, { kind: 'done' }>): string => (told.kind === 'refused' ? told.code : 'LEDGER_AWAY');

interface ListPage {
  /** Null: it is the last. */
  readonly next: number | null;
  readonly attempts: readonly object[];
}

/** Asked for again where it fails: it changes nothing. */
async function readPage(
  parts: GatewayParts,
  { day, cursor }: SweptDay,
  { stop, waits = usualWaits }: SweepOptions,
): Promise<ListPage | { readonly why: string }> {
  let why = 'OUT_OF_TIME';
  for (const pause of waits) {
    if (pause > 0) await wait(pause, undefined, { signal: stop }).catch(() => undefined);
    if (stop?.aborted) return { why: 'OUT_OF_TIME' };
    const page = await askPage(parts, day, cursor);
    if (!('why' in page)) return page;
    ({ why } = page);
  }
  return { why };
}

async function askPage(
  { map, upstream }: GatewayParts,
  day: string,
  cursor: number,
): Promise<ListPage | { readonly why: string }> {
  const headers = {
    ...{ 'content-type': 'application/json', 'x-tc-version': map.version },
    'x-tc-action': map.list.action,
  };
  const body = Buffer.from(JSON.stringify({ Date: day, Cursor: cursor }));
  const passed = await passOn({ method: 'POST', query: '', headers, body, digest: sha256(body) }, upstream);
  if (passed.kind !== 'answer' || passed.status !== 200) return { why: 'PROVIDER_AWAY' };
  const response = responseOf(passed.body);
  if (response === undefined) return { why: 'PROVIDER_AWAY' };
  const error = errorIn(response);
  if (error !== undefined) return { why: error };
  const { HasNextPage: hasNext, NextCursor: next } = response;
  const record = faceidRecord({ Response: response });
  if (record?.kind !== 'page' || typeof hasNext !== 'boolean') return { why: 'NO_LIST' };
  const attempts = record.answers.flatMap(listedIn);
  if (!hasNext) return { next: null, attempts };
  // A list that leads back would be read for ever.
  return Number.isSafeInteger(next) && Number(next) > cursor
    ? { next: Number(next), attempts }
    : { why: 'NO_NEXT_PAGE' };
}

/** The attempts of one flow, without anything of the person. Of those that are counted as charged and not listed one stands for all, without a number. */
function listedIn({ token, rule, attempts, chargeCount }: TokenAnswer): object[] {
  const flow = { token: nameIn(token) ?? '?', rule: nameIn(rule) ?? null };
  const listed = (attempts ?? []).map(({ seq, time, code, isNeeded }: RawAttempt) => ({
    ...flow,
    attempt: nameIn(seq) ?? null,
    time: timeIn(time),
    resultCode: codeIn(code) ?? null,
    charged: isNeeded === true,
  }));
  const isShort = Number(chargeCount) > listed.filter(({ charged }) => charged).length;
  return isShort ? [...listed, { ...flow, attempt: null, time: null, resultCode: null, charged: true }] : listed;
}

const timeIn = (value: unknown): string | null => {
  const at = momentIn(value);
  return at === undefined ? null : new Date(at).toISOString();
};

/** A long page goes in parts; only the last one turns it. */
async function handIn(
  { ledger }: GatewayParts,
  { day, cursor }: SweptDay,
  { next, attempts }: ListPage,
): Promise<{ readonly swept: SweptDay } | { readonly why: string }> {
  for (let from = 0; ; from += mostAttempts) {
    const isLast = from + mostAttempts >= attempts.length;
    const some = attempts.slice(from, from + mostAttempts);
    const told = await ledger.sweepPage(day, { cursor, next: isLast ? next : cursor, attempts: some });
    if (told.kind !== 'done') return { why: whyOf(told) };
    if (isLast) return { swept: told.body as unknown as SweptDay };
  }
}
