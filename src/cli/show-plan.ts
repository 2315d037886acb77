// A plan as people read it: what to buy, how the months go, what else could be done, and what to mind.

import type { PriceBook } from '../core/price-book.ts';
import { formatMoney, groupDigits, type Money, parseMoney } from '../core/units.ts';
import type { Plan } from '../plan/plan.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliPlanWords } from '../words/cli/plan.ts';
import type { Output } from './output.ts';
import { type Column, cell, printTable } from './show.ts';

export async function showPlan(plan: Plan, book: PriceBook, output: Output): Promise<void> {
  const { bold, yellow } = output.colors;
  const { say } = output;
  output.print(`${bold(output.say(book.title))}  ${book.id}  ${book.currency}`);
  await showPurchases(plan, book, output);
  if ('months' in plan.best && plan.best.months !== undefined) await showMonths(plan.best.months, output);
  await showAlternatives(plan, book, output);
  const { method, gap } = plan.best.proof;
  output.print(Number(gap) === 0 ? say(cliPlanWords.provedBy(method)) : say(cliPlanWords.notProved(gap)));
  for (const notice of plan.notices) output.print(`${yellow('!')} ${output.say(notice)}`);
}

async function showPurchases({ best }: Plan, book: PriceBook, output: Output): Promise<void> {
  const { say } = output;
  if (best.purchases.length === 0) {
    output.print(say(cliPlanWords.buyingNoPacksIsCheapest));
    return;
  }
  type Purchase = (typeof best.purchases)[number];
  const title = (id: string): string => {
    const words = book.packProducts.get(id)?.title;
    return words === undefined ? id : output.say(words);
  };
  const columns: Column<Purchase>[] = [
    { title: say(cliPlanWords.buy), of: ({ product }) => title(product) },
    { title: say(cliPlanWords.size), of: ({ size }) => size, right: true },
    { title: say(cliPlanWords.count), of: ({ count }) => count, right: true },
    { title: say(headingWords.amount), of: ({ price }) => price, right: true },
  ];
  const when: Column<Purchase> = { title: say(headingWords.month), of: (each) => ('month' in each ? each.month : '') };
  await printTable(output, 'months' in best ? [when, ...columns] : columns, best.purchases);
}

type Months = NonNullable<Extract<Plan['best'], { readonly months?: unknown }>['months']>;

async function showMonths(months: Months, output: Output): Promise<void> {
  const { say } = output;
  await printTable(
    output,
    [
      { title: say(headingWords.month), of: ({ month }) => month },
      { title: say(cliPlanWords.calls), of: ({ calls }) => calls, right: true },
      { title: say(cliPlanWords.drawn), of: ({ drawn }) => drawn, right: true },
      { title: say(headingWords.prepaid), of: ({ prepaid }) => prepaid, right: true },
      { title: say(headingWords.postpaidShort), of: ({ postpaid }) => postpaid, right: true },
    ],
    months,
  );
}

async function showAlternatives({ best, alternatives }: Plan, { currency }: PriceBook, output: Output): Promise<void> {
  const { say } = output;
  const unpriced = say(headingWords.askForAPrice);
  const least = parseMoney(best.total ?? '', currency);
  const dearer = (total: string | null): string => {
    const amount = parseMoney(total ?? '', currency);
    if (amount === undefined || least === undefined) return '';
    return `+${groupDigits(formatMoney((amount - least) as Money, currency))}`;
  };
  await printTable(
    output,
    [
      { title: say(cliPlanWords.alternative), of: ({ title }) => output.say(title) },
      { title: say(headingWords.prepaid), of: ({ prepaid }) => prepaid, right: true },
      { title: say(headingWords.postpaidShort), of: ({ postpaid }) => postpaid ?? unpriced, right: true },
      { title: say(headingWords.total), of: ({ total }) => (total === null ? unpriced : cell(total)), right: true },
      { title: say(cliPlanWords.aboveTheBest), of: ({ total }) => dearer(total), right: true },
    ],
    alternatives,
  );
}
