// What a checker is: it is shown an account's ledger tick by tick and reports what breaks its invariant.

import type { Head } from '../account/head.ts';
import { eventWords } from '../core/event-name.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { Draw } from '../core/settle.ts';
import { type Calls, noCalls } from '../core/units.ts';
import type { DrawLine, EventLine, PaidCalls, Settled } from '../store/streams/ledger-lines.ts';
import type { AccountEnd, AccountStart, Tick } from './ticks.ts';

/** An account as stored. Head and book are undefined where they are missing or unreadable: I2 reports it. */
export interface StoredAccount extends AccountStart {
  readonly stored: Head | undefined;
  readonly book: PriceBook | undefined;
}

export interface Checker {
  open(account: StoredAccount): void;
  tick(tick: Tick): void;
  close(end: AccountEnd): void;
}

/** Who paid for an event or a review, from its row and its rows of event_draws. */
export function paidCalls(line: Settled, calls: Calls, draws: readonly DrawLine[]): readonly PaidCalls[] {
  if (line.drawCount === 1 && line.packNo !== null) {
    return [{ packNo: line.packNo, calls: (calls - line.postpaid) as Calls }];
  }
  return line.drawCount > 1 ? ownDraws(line, draws) : noDraws;
}

const noDraws: readonly DrawLine[] = [];

/** Those that its settlement counts. */
export const ownDraws = ({ drawCount }: Settled, draws: readonly DrawLine[]): readonly DrawLine[] =>
  draws.length === 0 ? noDraws : draws.filter(({ place }) => place <= drawCount);

/** Those of packs that were delivered when it was settled already: they stand behind its own. */
export const laterDraws = ({ drawCount }: Settled, draws: readonly DrawLine[]): readonly DrawLine[] =>
  draws.length === 0 ? noDraws : draws.filter(({ place }) => place > drawCount);

/** "pack 2: 50, pack 1: 10000, postpaid 4950", in the order of drawing: the same settlement always gives the same text. */
export function settlementText(draws: readonly PaidCalls[], postpaid: Calls): string {
  const paid = draws.map(({ packNo, calls }) => `pack ${packNo}: ${calls}`);
  return [...paid, `postpaid ${postpaid}`].join(', ');
}

export const paidByDraws = (draws: readonly Draw[]): PaidCalls[] =>
  draws.map(({ pack, calls }) => ({ packNo: pack, calls }));

export const eventKey = (event: Pick<EventLine, 'id' | 'seq'>): string =>
  `event_id ${eventWords(event.id)}, seq ${event.seq}`;

/** Pack units that one call of a meter costs. */
export const ratioOf = (book: PriceBook, product: string, meter: string | null): bigint =>
  book.packProducts.get(product)?.covers.get(meter ?? '') ?? 1n;

/** Keys whose counts differ between two maps; a key left out counts nothing. */
export function differences(
  expected: ReadonlyMap<string, Calls>,
  found: ReadonlyMap<string, Calls>,
): { readonly key: string; readonly expected: Calls; readonly found: Calls }[] {
  const keys = new Set([...expected.keys(), ...found.keys()]);
  return [...keys].toSorted().flatMap((key) => {
    const [wanted, there] = [expected.get(key) ?? noCalls, found.get(key) ?? noCalls];
    return wanted === there ? [] : [{ key, expected: wanted, found: there }];
  });
}
