// The head that a replay ends with against the head that the ledger goes on from.

import type { Head, Hold } from '../account/head.ts';
import { contractDocument } from '../core/contract.ts';
import { canonicalJson } from '../core/json.ts';
import type { LivePack, PackFacts } from '../core/pack.ts';
import type { Contract } from '../core/price-book.ts';
import type { Calls } from '../core/units.ts';
import { paidByDraws, settlementText } from './checker.ts';
import type { Witness } from './invariants.ts';

export const packText = (pack: PackFacts): string =>
  [
    `no ${pack.no}`,
    `${pack.gift ? 'gift' : 'pack'} ${pack.id} of ${pack.calls} ${pack.product}`,
    `price ${pack.price}`,
    `bought ${pack.boughtAt}`,
    `valid ${pack.effectiveAt}…${pack.expiresAt}`,
    ...(pack.department === undefined ? [] : [`for ${pack.department}`]),
  ].join(', ');

export const forfeitText = (pack: number, units: Calls, at: number): string =>
  `pack ${pack}: ${units} units, booked at ${at}`;

export const contractText = (contract: Contract): string =>
  `${contract.no}: ${canonicalJson(contractDocument(contract))}`;

const liveText = (pack: LivePack): string =>
  `${packText(pack)}, remaining ${pack.remaining}${pack.used ? ', used' : ''}`;

const holdText = (hold: Hold): string =>
  `${hold.id}, seq ${hold.seq}, ${hold.calls} calls of ${hold.meter}, ${hold.at}…${hold.expiresAt}, ` +
  `${settlementText(paidByDraws(hold.draws), hold.postpaid)}, department ${hold.department}${hold.byOperator ? ', by an operator' : ''}${hold.review ? ', for review' : ''}`;

/** Packs in draw order and open holds; what else a head counts is compared where it is counted. */
export function sameHeads(replayed: Head, stored: Head, witness: Witness): void {
  const places = Math.max(replayed.packs.length, stored.packs.length);
  for (let place = 0; place < places; place += 1) {
    const [expected, found] = [replayed.packs[place], stored.packs[place]];
    const key = `pack ${place + 1} in draw order (pack_no ${expected?.no ?? found?.no})`;
    if (!same(witness, key, expected && liveText(expected), found && liveText(found))) break;
  }
  const holds = new Map(stored.holds.map((hold) => [hold.seq, hold]));
  for (const hold of replayed.holds) {
    const found = holds.get(hold.seq);
    holds.delete(hold.seq);
    same(witness, `hold ${hold.id}`, holdText(hold), found && holdText(found));
  }
  for (const hold of holds.values()) same(witness, `hold ${hold.id}`, undefined, holdText(hold));
  const [asked, kept] = [replayed, stored].map(({ packThresholds }) => packThresholds?.join(', ') ?? 'as usual');
  same(witness, 'pack thresholds', asked, kept);
}

const same = (witness: Witness, key: string, expected: string | undefined, found: string | undefined): boolean =>
  witness.same('account_heads', key, expected ?? 'none', found ?? 'none');
