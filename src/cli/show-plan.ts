// A plan as people read it: what to buy, how the months go, what else could be done, and what to mind.

import type { PriceBook } from '../core/price-book.ts';
import { formatMoney, groupDigits, type Money, parseMoney } from '../core/units.ts';
import type { Plan } from '../plan/plan.ts';
import type { Output } from './output.ts';
import { type Column, cell, printTable } from './show.ts';

export async function showPlan(plan: Plan, book: PriceBook, output: Output): Promise<void> {
  const { bold, yellow } = output.colors;
  const say = (zh: string, en: string) => output.say({ zh, en });
  output.print(`${bold(output.say(book.title))}  ${book.id}  ${book.currency}`);
  await showPurchases(plan, book, output);
  if ('months' in plan.best && plan.best.months !== undefined) await showMonths(plan.best.months, output);
  await showAlternatives(plan, output);
  const { method, gap } = plan.best.proof;
  output.print(
    gap === '0.00'
      ? say(`最优已证明（${methodInChinese(method)}）：没有更便宜的买法。`, `Proved by ${method}: nothing is cheaper.`)
      : say(`未能证明最优：更便宜的买法最多再省 ${gap}。`, `Not proved: another plan may be up to ${gap} cheaper.`),
  );
  for (const notice of plan.notices) output.print(`${yellow('!')} ${output.say(notice)}`);
}

const methodInChinese = (method: string): string =>
  method
    .replace('exact dynamic programming', '精确动态规划')
    .replace('exhaustive search', '穷举')
    .replace('integer program (HiGHS)', '整数规划 HiGHS');

async function showPurchases({ best }: Plan, book: PriceBook, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  if (best.purchases.length === 0) {
    output.print(say('不买资源包最便宜。', 'Buying no packs is cheapest.'));
    return;
  }
  type Purchase = (typeof best.purchases)[number];
  const title = (id: string): string => {
    const words = book.packProducts.get(id)?.title;
    return words === undefined ? id : output.say(words);
  };
  const columns: Column<Purchase>[] = [
    { title: say('买', 'buy'), of: ({ product }) => title(product) },
    { title: say('规格', 'size'), of: ({ size }) => size, right: true },
    { title: say('个数', 'count'), of: ({ count }) => count, right: true },
    { title: say('金额', 'amount'), of: ({ price }) => price, right: true },
  ];
  const when: Column<Purchase> = { title: say('月份', 'month'), of: (each) => ('month' in each ? each.month : '') };
  await printTable(output, 'months' in best ? [when, ...columns] : columns, best.purchases);
}

type Months = NonNullable<Extract<Plan['best'], { readonly months?: unknown }>['months']>;

async function showMonths(months: Months, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  await printTable(
    output,
    [
      { title: say('月份', 'month'), of: ({ month }) => month },
      { title: say('调用', 'calls'), of: ({ calls }) => calls, right: true },
      { title: say('资源包抵扣', 'drawn'), of: ({ drawn }) => drawn, right: true },
      { title: say('预付', 'prepaid'), of: ({ prepaid }) => prepaid, right: true },
      { title: say('后付', 'postpaid'), of: ({ postpaid }) => postpaid, right: true },
    ],
    months,
  );
}

async function showAlternatives({ best, alternatives }: Plan, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const unpriced = say('需商务定价', 'ask for a price');
  const least = parseMoney(best.total ?? '');
  const dearer = (total: string | null): string => {
    const amount = parseMoney(total ?? '');
    return amount === undefined || least === undefined ? '' : `+${groupDigits(formatMoney((amount - least) as Money))}`;
  };
  await printTable(
    output,
    [
      { title: say('方案', 'alternative'), of: ({ title }) => output.say(title) },
      { title: say('预付', 'prepaid'), of: ({ prepaid }) => prepaid, right: true },
      { title: say('后付', 'postpaid'), of: ({ postpaid }) => postpaid ?? unpriced, right: true },
      { title: say('合计', 'total'), of: ({ total }) => (total === null ? unpriced : cell(total)), right: true },
      { title: say('比最优贵', 'above the best'), of: ({ total }) => dearer(total), right: true },
    ],
    alternatives,
  );
}
