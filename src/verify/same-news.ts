// What is to be told of a ledger row against what the outbox has of it.

import type { News } from '../account/news.ts';
import { canonicalJson } from '../core/json.ts';
import type { Witness } from './invariants.ts';
import type { Tick } from './ticks.ts';

/**
 * The outbox has what the row tells, in its order. A cap is a setting, which no row of the ledger keeps, and whether a bill was
 * closed in time decides about arrears: neither is replayed.
 */
export function sameNews({ seq, news }: Tick, expected: readonly News[], witness: Witness): void {
  if (expected.length === 0 && news.length === 0) return;
  const isTold = ({ kind }: { readonly kind: string }): boolean => !/^(?:cap|arrears)-/.test(kind);
  const wanted = expected.filter(isTold).map(({ kind, details }) => `${kind} ${canonicalJson(details)}`);
  const found = news.filter(isTold).map(({ kind, details }) => `${kind} ${details}`);
  witness.same('outbox', `seq ${seq}`, wanted.join('; '), found.join('; '));
}
