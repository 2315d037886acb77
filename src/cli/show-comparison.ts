// Two price books held against each other.

import { isDifferent, type MonthPair, monthsApart, type Pair, pairsOf } from '../book/compare.ts';
import type { ShelvedBook } from '../book/shelf.ts';
import { type Statement, statementsOf } from '../book/statements.ts';
import type { PriceBook } from '../core/price-book.ts';
import { formatMoneyOrNull, groupDigits, subtractMoney } from '../core/units.ts';
import { cliBookWords } from '../words/cli/book.ts';
import { headingWords } from '../words/cli/headings.ts';
import type { Output } from './output.ts';

/** Prints what differs, with `all` what is alike too, and the months that cost otherwise. */
export async function showComparison(
  one: ShelvedBook,
  other: ShelvedBook,
  all: boolean,
  output: Output,
): Promise<void> {
  const pairs = pairsOf(statementsOf(one.book, one.document), statementsOf(other.book, other.document));
  const different = pairs.filter(isDifferent);
  const months = monthsApart(one.book, other.book);
  const shown = all ? pairs : different;
  const currencies = [one.book.currency, other.book.currency] as const;
  if (output.json) {
    output.printJson({
      one: one.book.id,
      other: other.book.id,
      statements: pairs.length,
      different: different.length,
      pairs: shown.map(pairDocument),
      months: months.map((month) => monthDocument(month, currencies)),
    });
    return;
  }
  const { say } = output;
  output.print(say(different.length === 0 ? cliBookWords.alike : cliBookWords.differ(different.length, pairs.length)));
  if (shown.length > 0)
    await output.table(
      [say(cliBookWords.part), say(cliBookWords.about), one.book.id, other.book.id],
      shown.map(({ one: mine, other: its }) => [
        say(cliBookWords.parts[(mine ?? its)?.part ?? 'book']),
        aboutOf(mine ?? its, output),
        say(mine?.says ?? cliBookWords.lacks),
        say(its?.says ?? cliBookWords.lacks),
      ]),
    );
  if (months.length > 0) await showMonths(months, [one.book, other.book], output);
}

const aboutOf = (statement: Statement | undefined, output: Output): string =>
  statement === undefined ? '' : output.say(statement.about);

const amountText = (amount: MonthPair['one'], currency: string): string | null => {
  const text = formatMoneyOrNull(amount, currency);
  return text === null ? null : groupDigits(text);
};

async function showMonths(
  months: readonly MonthPair[],
  [mine, its]: readonly [PriceBook, PriceBook],
  output: Output,
): Promise<void> {
  const { say } = output;
  const ask = say(headingWords.askForAPrice);
  await output.table(
    [say(headingWords.meter), say(cliBookWords.postpaidCalls), mine.id, its.id, say(cliBookWords.difference)],
    months.map((month, index) => [
      month.meters === months[index - 1]?.meters ? '' : month.meters.map(({ title }) => say(title)).join('\n'),
      groupDigits(month.calls),
      amountText(month.one, mine.currency) ?? ask,
      amountText(month.other, its.currency) ?? ask,
      month.one === null || month.other === null || mine.currency !== its.currency
        ? '–'
        : (amountText(subtractMoney(month.other, month.one), its.currency) ?? '–'),
    ]),
    [1, 2, 3, 4],
  );
}

const pairDocument = ({ one, other }: Pair) => {
  const statement = one ?? other;
  return {
    part: statement?.part,
    key: statement?.key,
    about: statement?.about,
    one: one?.says ?? null,
    other: other?.says ?? null,
  };
};

/** Amounts in the books' currency, null where there is no public price. */
const monthDocument = ({ meters, calls, one, other }: MonthPair, [mine, its]: readonly [string, string]) => ({
  meters: meters.map(({ id }) => id),
  calls,
  one: formatMoneyOrNull(one, mine),
  other: formatMoneyOrNull(other, its),
});
