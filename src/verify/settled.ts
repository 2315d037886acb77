// I3: for each event and each review, calls = Σ draws + postpaid; what is not charged, or held, has neither. What packs paid that came
// later is at most what was postpaid.

import { sumCalls } from '../core/units.ts';
import type { DrawLine, Settled } from '../store/streams/ledger-lines.ts';
import { type Checker, eventKey, laterDraws, ownDraws, type StoredAccount } from './checker.ts';
import { type Verdicts, Witness } from './invariants.ts';
import type { Tick } from './ticks.ts';

export class SettledChecker implements Checker {
  readonly #witness: Witness;

  constructor(verdicts: Verdicts) {
    this.#witness = new Witness('I3', verdicts);
  }

  open({ id }: StoredAccount): void {
    this.#witness.at(id);
  }

  tick({ seq, event, review, draws }: Tick): void {
    if (event !== undefined) this.#check('events', event, event.calls, draws, event);
    if (review?.event != null) this.#check('reviews', review, review.event.calls, draws, review);
    if (draws.length > 0 && event === undefined && review === undefined) {
      this.#witness.broken('event_draws', `seq ${seq}`, 'an event or review of this number', 'none');
    }
  }

  #check(
    table: string,
    row: { readonly id: string; readonly seq: number },
    calls: bigint,
    stored: readonly DrawLine[],
    line: Settled,
  ): void {
    this.#witness.count();
    const { drawCount, packNo, postpaid, outcome } = line;
    const draws = ownDraws(line, stored);
    const listed = drawCount > 1 ? drawCount : 0;
    if (draws.length !== listed) {
      const key = eventKey(row);
      this.#witness.broken('event_draws', key, `${listed} rows`, `${draws.length}`);
    }
    const later = sumCalls(laterDraws(line, stored).map((draw) => draw.calls));
    if (later > postpaid) {
      this.#witness.broken('event_draws', eventKey(row), `at most ${postpaid} calls drawn later`, `${later}`);
    }
    if ((packNo !== null) !== (drawCount === 1)) {
      this.#witness.broken(
        table,
        eventKey(row),
        `${drawCount} draws`,
        packNo === null ? 'no pack' : `pack ${packNo} alone`,
      );
    }
    if (outcome !== 'charged') {
      if (postpaid !== 0n || drawCount !== 0) {
        this.#witness.broken(table, eventKey(row), 'nothing charged', `postpaid ${postpaid}, ${drawCount} draws`);
      }
      return;
    }
    const drawn = drawCount === 1 ? calls - postpaid : sumCalls(draws.map((draw) => draw.calls));
    const sound = postpaid >= 0n && drawn + postpaid === calls && (drawCount === 0 || drawn > 0n);
    if (!sound) {
      this.#witness.broken(table, eventKey(row), `${calls} calls`, `${drawn} drawn + ${postpaid} postpaid`);
    }
  }

  close(): void {}
}
