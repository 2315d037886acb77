// What is told of packs and caps, held against a plain walk over the same calls: once a crossing, whatever holds, voids and captures do.

import { expect, test } from 'vitest';
import { buyPack } from '../../src/account/commands.ts';
import { openHead } from '../../src/account/head.ts';
import { authorize, capture, release } from '../../src/account/hold.ts';
import { recordUse, type UsageRecord } from '../../src/account/use.ts';
import { type VoidableUse, voidUse } from '../../src/account/void.ts';
import { parseInstant } from '../../src/core/instant.ts';
import type { PackFacts } from '../../src/core/pack.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, type Instant, parseMoney } from '../../src/core/units.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { bookNamed } from '../scenarios/story.ts';

const meter = 'liveness.basic.authority';
const book = bookNamed('faceid-legacy');
const at = parseInstant('2026-01-12T09:00:00+08:00') as Instant;
const cap = 2_000;

/** Drawn of each pack and postpaid so far, in plain numbers: what a reader of the receipts would add up. */
class Walk {
  readonly #drawn = new Map<number, number>();
  #postpaid = 0;

  called({ draws, postpaid }: Pick<VoidableUse, 'draws' | 'postpaid'>): string[] {
    const told: string[] = [];
    for (const { pack, units } of draws) {
      const before = this.#drawn.get(pack) ?? 0;
      const after = before + Number(units);
      this.#drawn.set(pack, after);
      if (after === 1_000) told.push(`pack-exhausted ${pack}`);
      else if (before < 800 && after >= 800) told.push(`pack-low ${pack} ${1_000 - after} 1000`);
    }
    const before = this.#postpaid;
    this.#postpaid += Number(postpaid);
    const figures = `2026-01 ${this.#postpaid} ${cap}`;
    if (before < cap && this.#postpaid >= cap) told.push(`cap-reached ${figures}`);
    else if (before < cap * 0.8 && this.#postpaid >= cap * 0.8) told.push(`cap-near ${figures}`);
    return told;
  }

  voided({ draws, postpaid }: VoidableUse): void {
    for (const { pack, units } of draws) this.#drawn.set(pack, (this.#drawn.get(pack) ?? 0) - Number(units));
    this.#postpaid -= Number(postpaid);
  }
}

function live(seed: number): void {
  const random = mulberry32(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const head = openHead({ id: 'a', book, cap: callsOf(cap) });
  head.balance = parseMoney('100000.00', 'CNY') ?? head.balance;
  const packs = new Map<number, PackFacts>();
  const uses: VoidableUse[] = [];
  const walk = new Walk();
  const called = (id: string, calls: number, record: UsageRecord, step: string): void => {
    const { draws, postpaid } = record;
    const told = record.news.map(({ kind, details }) => `${kind} ${Object.values(details).join(' ')}`);
    expect(told, `seed ${seed}, ${step}`).toEqual(walk.called(record));
    uses.push({ id, meter, calls: callsOf(calls), at, outcome: 'charged', draws, postpaid });
  };
  for (let step = 0; step < 40; step += 1) {
    const id = `${step}`;
    const what = `step ${step}`;
    const roll = below(10);
    if (roll === 0) {
      const bought = buyPack(head, book, { id, product: 'basic_authority', size: callsOf(1_000) }, at);
      if (!isRefusal(bought)) packs.set(bought.pack.no, bought.pack);
    } else if (roll < 5) {
      const calls = 1 + below(random() < 0.3 ? 900 : 200);
      const record = recordUse(head, book, { id, meter, calls: callsOf(calls), at, outcome: 'charged' }, at);
      if (!isRefusal(record)) called(id, calls, record, what);
    } else if (roll < 7) {
      const ask = {
        id,
        meter,
        calls: callsOf(1 + below(400)),
        department: null,
        key: null,
        byOperator: true,
        review: false,
      };
      authorize(head, book, { ...ask, milliseconds: 3_600_000 }, at);
    } else if (roll < 9) {
      const hold = head.holds[below(head.holds.length)];
      if (hold === undefined) continue;
      if (random() < 0.3) release(head, hold);
      else called(hold.id, Number(hold.calls), capture(head, book, hold, at).record, what);
    } else {
      const [use] = uses.splice(below(uses.length), 1);
      if (use === undefined) continue;
      voidUse(head, book, use, packs, at);
      walk.voided(use);
    }
  }
}

test('1,000 random accounts with holds, captures and voids tell each crossing once', () => {
  for (let seed = 1; seed <= 1_000; seed += 1) live(seed);
});
