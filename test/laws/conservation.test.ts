// Laws of whole stories: whatever happens, nothing is lost and nothing appears. Stories are those of the naive implementation's
// generator, which aims at edges; their outcome is not compared here but added up.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { type Money, parseMoney, sumMoney } from '../../src/core/units.ts';
import type { BookJson, ScenarioJson } from '../naive/json.ts';
import { mulberry32, randomScenario } from '../naive/random-scenario.ts';
import { run } from '../scenarios/story.ts';

const books = [...loadCatalog().values()].map(({ document }) => document as unknown as BookJson);
const story = fc.nat({ max: 2 ** 31 - 1 }).map((seed) => withWholeRefunds(randomScenario(mulberry32(seed), books)));
const runs = { numRuns: 100 };

/** What is paid back in part depends on what was drawn, which these sums do not know. */
function withWholeRefunds(scenario: ScenarioJson): ScenarioJson {
  for (const product of scenario.book.packProducts) {
    delete product.refundPart;
    for (const size of product.sizes) delete size.refundPart;
  }
  return scenario;
}

/** In thousandths, which hold an amount of every currency that the stories are in. */
const money = (text: string | null): Money => parseMoney(text ?? '', 'KWD') ?? expect.fail(`no amount: ${text}`);
const total = (amounts: readonly (string | null)[]): Money => sumMoney(amounts.map(money));
const sum = (parts: readonly number[]): number => parts.reduce((all, part) => all + part, 0);

function ratioOf({ book }: ScenarioJson, product: string, meter: string | null): number {
  const covers = book.packProducts.find(({ id }) => id === product)?.covers;
  return covers?.find((cover) => cover.meter === meter)?.ratio ?? 1;
}

/** The same where a refund is the whole price: what a part comes to, the second implementation says. */
function withoutParts(scenario: ScenarioJson): ScenarioJson {
  const packProducts = scenario.book.packProducts.map(({ refundPart: _, sizes, ...product }) => ({
    ...product,
    sizes: sizes.map(({ refundPart: __, ...size }) => size),
  }));
  return { ...scenario, book: { ...scenario.book, packProducts } };
}

/** What a pack cost: by the last agreement made before it was bought whose first month had come, or by the book. */
function paidFor(
  { book, steps }: ScenarioJson,
  results: readonly { readonly ok: boolean }[],
  pack: { readonly id: string; readonly product: string; readonly calls: number },
): string | null {
  const bought = steps.findIndex(({ do: verb, id = '' }, index) => {
    return verb === 'buy' && results[index]?.ok && (pack.id === id || pack.id.startsWith(`${id}-`));
  });
  const month = steps[bought]?.at.slice(0, 7) ?? '';
  const agreed = steps
    .slice(0, bought)
    .findLast(({ do: verb, from = '' }, index) => verb === 'price' && results[index]?.ok && from <= month);
  const own = agreed?.packs?.[pack.product]?.find(({ size }) => size === pack.calls);
  const listed = book.packProducts.find(({ id }) => id === pack.product)?.sizes;
  return own?.price ?? listed?.find(({ calls }) => calls === pack.calls)?.price ?? null;
}

describe('conservation', () => {
  it('event calls = draws + postpaid; pack calls = remaining + draws + forfeited + refunded', () => {
    fc.assert(
      fc.property(story, (scenario) => {
        const { receipts, packs } = run(scenario);
        for (const { calls, draws, postpaid } of receipts) {
          expect(sum(draws.map((draw) => draw.calls)) + postpaid).toBe(calls);
        }
        for (const pack of packs) {
          const units = receipts.flatMap(({ voided, meter, draws }) =>
            voided
              ? []
              : draws
                  .filter((draw) => draw.pack === pack.id)
                  .map((draw) => draw.calls * ratioOf(scenario, pack.product, meter)),
          );
          const kept = pack.remaining + pack.forfeited + sum(units);
          // What was paid back is the rest; of one that was used, a void may have given calls back since.
          if (pack.state === 'refunded') expect(kept).toBeLessThanOrEqual(pack.calls);
          else expect(kept).toBe(pack.calls);
          expect(pack.remaining >= 0 && pack.forfeited >= 0).toBe(true);
        }
      }),
      runs,
    );
  });

  it('lines sum to their totals, totals to the bill, usage to itself', () => {
    fc.assert(
      fc.property(story, (scenario) => {
        for (const bill of run(scenario).bills) {
          const of = (...kinds: string[]) =>
            bill.lines.filter(({ kind }) => kinds.includes(kind)).map(({ amount }) => amount);
          expect(total(of('pack', 'pack_refund'))).toBe(money(bill.prepaid));
          expect(total(of('postpaid', 'fee'))).toBe(money(bill.postpaid));
          expect(total(of('adjustment'))).toBe(money(bill.adjustments));
          expect(total([bill.prepaid, bill.postpaid, bill.adjustments])).toBe(money(bill.total));
          for (const { calls, postpaid, notCharged, draws } of bill.usage) {
            expect(postpaid + notCharged + sum(draws.map((draw) => draw.calls))).toBe(calls);
          }
        }
      }),
      runs,
    );
  });

  it('balance = opening + top-ups − packs + refunds − final bills', () => {
    fc.assert(
      fc.property(story.map(withoutParts), (scenario) => {
        const { results, bills, packs, balance } = run(scenario);
        const topUps = scenario.steps.filter((step, index) => step.do === 'topup' && results[index]?.ok);
        const kept = packs.filter(({ gift, state }) => !gift && state !== 'refunded');
        const spent = [
          ...kept.map(({ id, product, calls }) => paidFor(scenario, results, { id, product, calls })),
          ...bills.flatMap((bill) => [bill.postpaid, bill.adjustments]),
        ];
        const income = [scenario.account.balance ?? '0', ...topUps.map(({ amount }) => amount ?? null)];
        expect(total(income) - total(spent)).toBe(money(balance));
      }),
      runs,
    );
  });
});

describe('determinism', () => {
  it('one price book given twice gives one output', () => {
    fc.assert(
      fc.property(story, (scenario) => {
        const reversed = Object.fromEntries(Object.entries(scenario.book).toReversed());
        expect(run({ ...scenario, book: reversed })).toEqual(run(structuredClone(scenario)));
      }),
      { numRuns: 30 },
    );
  });

  it('an inline book is the shipped book of that id', () => {
    const scenario = randomScenario(mulberry32(7), books);
    const book = loadCatalog().get(scenario.book.id)!.document;
    expect(run({ ...scenario, book })).toEqual(run({ ...scenario, book: scenario.book.id }));
  });

  it('steps after a refused one see nothing of it', () => {
    fc.assert(
      fc.property(story, (scenario) => {
        const whole = run(scenario);
        const steps = scenario.steps.filter((_, index) => whole.results[index]?.ok);
        const { packs, receipts, bills, balance } = run({ ...scenario, steps: [...steps, ...lookOf(scenario)] });
        expect({ packs, receipts, bills, balance }).toEqual({
          packs: whole.packs,
          receipts: whole.receipts,
          bills: whole.bills,
          balance: whole.balance,
        });
      }),
      { numRuns: 60 },
    );
  });
});

/** A refused step at the time of the last one, so that both runs are looked at from the same moment. */
function lookOf({ steps }: ScenarioJson): object[] {
  const last = steps.at(-1);
  return last === undefined ? [] : [{ at: last.at, do: 'freeze', id: 'any' }];
}
