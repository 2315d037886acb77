// A quote is one month lived through: the packs delivered at its start, the calls, the close.
import { written } from './figures.ts';
import type { BookJson, StepJson } from './json.ts';
import { naiveSimulate } from './naive.ts';

export type QuoteRequest = {
  use: { meter: string; calls: number }[];
  packs: { product: string; size: number; count: number }[];
  gifts: { product: string; calls: number }[];
};
export type Quote = { prepaid: string; postpaid: string | null; total: string | null };

export function naiveQuote(book: BookJson, { use, packs, gifts }: QuoteRequest): Quote {
  const at = '2026-01-10T12:00:00+08:00';
  const steps: StepJson[] = [
    ...gifts.map((g, i) => ({ at, do: 'gift', id: `g${i}`, ...g })),
    ...packs.flatMap(({ product, size, count }, i) =>
      Array.from({ length: count }, (_, k) => ({ at, do: 'buy', id: `p${i}-${k}`, product, size })),
    ),
  ];
  const live = [...steps, ...use.filter((u) => u.calls > 0).map((u, i) => ({ at, do: 'use', id: `e${i}`, ...u }))];
  const bill = (months: StepJson[]) => {
    const closed = [...months, { at: '2026-02-10T12:00:00+08:00', do: 'close', month: '2026-01' }];
    const world = naiveSimulate({ book, account: { id: 'q', balance: '1000000000000' }, steps: closed });
    const refused = world.results.find((result) => !result.ok && result.code !== 'QUOTE_REQUIRED');
    if (refused) throw new Error(`${refused.code} at ${JSON.stringify(closed[refused.step])}`);
    return world.bills[0];
  };
  const [bought, whole] = [bill(steps), bill(live)];
  return {
    prepaid: bought?.prepaid ?? written(book, 0n),
    postpaid: whole?.postpaid ?? null,
    total: whole?.total ?? null,
  };
}
