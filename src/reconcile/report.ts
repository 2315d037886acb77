// A reconciliation for programs (JSON) and for people (text in both languages).

import type { Words } from '../core/price-book.ts';
import { formatMoney, groupDigits, type Money } from '../core/units.ts';
import { moneyWords } from '../words/figures.ts';
import { priceText } from './figures.ts';
import type { Difference, Figures, Reconciliation, Totals } from './reconcile.ts';

/** The answer of `reconcile --json`. */
export function reconciliationDocument(result: Reconciliation) {
  const { book, month, usage, differences, billed, expected } = result;
  const isKnown = billed.total !== null && expected.total !== null;
  return {
    ok: differences.length === 0 && usage.unusable === 0,
    book: book.id,
    account: usage.account ?? null,
    month,
    currency: book.currency,
    differences: differences.map(differenceDocument),
    causes: causesOf(result).map(({ cause, count }) => ({ ...cause, differences: count })),
    totals: {
      billed: totalsDocument(billed),
      expected: totalsDocument(expected),
      difference: isKnown ? formatMoney((billed.total - expected.total) as Money) : null,
    },
    totalReading: result.totalReading,
    unpriced: result.unpriced.map(({ tariff, calls }) => ({ tariff, calls })),
    warnings: result.warnings,
    notCompared: result.notCompared,
    usage: {
      rows: usage.rows,
      duplicates: usage.duplicates,
      conflicts: usage.conflicts,
      notCharged: usage.notCharged,
      heldForReview: usage.held,
      otherAccounts: usage.otherAccounts,
      unusable: usage.unusable,
    },
    problems: usage.problems,
  };
}

function differenceDocument({ kind, where, billed, expected, causes }: Difference) {
  const [likely, ...others] = causes;
  const apart: Figures = {
    ...(isGiven(billed.calls, expected.calls) ? { calls: (billed.calls ?? 0n) - (expected.calls ?? 0n) } : {}),
    ...(isGiven(billed.amount, expected.amount)
      ? { amount: ((billed.amount ?? 0n) - (expected.amount ?? 0n)) as Money }
      : {}),
  };
  return {
    kind,
    where,
    billed: figuresDocument(billed),
    expected: figuresDocument(expected),
    difference: figuresDocument(apart),
    cause: likely ?? null,
    ...(others.length > 0 ? { otherCauses: others } : {}),
  };
}

const isGiven = (one: bigint | undefined, other: bigint | undefined): boolean =>
  one !== undefined || other !== undefined;

const figuresDocument = ({ calls, unitPrice, amount }: Figures) => ({
  ...(calls === undefined ? {} : { calls }),
  ...(unitPrice === undefined ? {} : { unitPrice: priceText(unitPrice) }),
  ...(amount === undefined ? {} : { amount: formatMoney(amount) }),
});

const totalsDocument = ({ postpaid, purchases, total }: Totals) => ({
  postpaid: amountOrNull(postpaid),
  purchases: amountOrNull(purchases),
  total: amountOrNull(total),
});

const amountOrNull = (amount: Money | null): string | null => (amount === null ? null : formatMoney(amount));

/** Each likely cause with how many differences it has, most first. */
function causesOf({ differences }: Reconciliation) {
  const groups = Map.groupBy(differences, ({ causes }) => causes[0]?.en ?? '');
  return [...groups.values()]
    .flatMap((group) => {
      const cause = group[0]?.causes[0];
      return cause === undefined ? [] : [{ cause, count: group.length, group }];
    })
    .toSorted((a, b) => b.count - a.count);
}

const shownDifferences = 8;
/** Lines with money stand before the calls they are made of. */
const isMoney = ({ kind }: Difference): boolean => kind === 'line' || kind === 'purchase' || kind === 'total';

type Say = (zh: string, en: string) => string;

/** The report for people: what to look at first, then causes, under each the figures it explains. */
export function reconciliationText(result: Reconciliation, language: keyof Words): string {
  const say: Say = (zh, en) => (language === 'zh' ? zh : en);
  const { differences } = result;
  const money = (amount: Money) => moneyWords(amount, result.book.currency);
  const lines = [...result.warnings.map((words) => words[language]), ...headLines(result, say, money)];
  if (differences.length === 0) lines.push(verdict(result, say));
  else {
    const count = differences.length;
    lines.push(say(`${count} 处不符：`, `${count} ${count === 1 ? 'figure differs' : 'figures differ'}:`));
  }
  for (const { cause, count, group } of causesOf(result)) {
    lines.push('', `${cause[language]}  [${cause.code}, ${count}]`);
    const shown = group.toSorted((a, b) => Number(isMoney(b)) - Number(isMoney(a))).slice(0, shownDifferences);
    lines.push(...shown.map((difference) => `  ${differenceText(difference, say, money)}`));
    const more = count - shownDifferences;
    if (more > 0) lines.push(say(`  …另有 ${more} 处（--json 列出全部）`, `  … and ${more} more (--json lists all)`));
  }
  if (result.notCompared.length > 0)
    lines.push(...(differences.length > 0 ? [''] : []), ...result.notCompared.map((words) => words[language]));
  return `${lines.join('\n')}\n`;
}

function headLines(result: Reconciliation, say: Say, money: (amount: Money) => string): string[] {
  const { usage, month, book, billed, expected, totalReading, unpriced } = result;
  const [rows, again] = [groupDigits(BigInt(usage.rows)), groupDigits(BigInt(usage.duplicates + usage.conflicts))];
  const [free, held] = [groupDigits(BigInt(usage.notCharged)), groupDigits(BigInt(usage.held))];
  const should = expected.total === null ? say('无法得出', 'not known') : money(expected.total);
  const left = usage.unusable;
  return [
    say(
      `${month}，价目表 ${book.id}，${rows} 条记录（重复 ${again}，不计费 ${free}，待复核 ${held}）`,
      `${month}, book ${book.id}, ${rows} rows (${again} repeated, ${free} not charged, ${held} held for review)`,
    ),
    billed.total === null
      ? say(`账单没有写合计，应为 ${should}`, `the bill states no total; it should be ${should}`)
      : say(`账单 ${money(billed.total)}，应为 ${should}`, `billed ${money(billed.total)}, should be ${should}`),
    ...(totalReading?.code === 'WITH_PACKS' ? [say(totalReading.zh, totalReading.en)] : []),
    ...unpriced.map(({ tariff, calls }) =>
      say(
        `${tariff}：${groupDigits(calls)} 次到达无公开价的阶梯，请向服务商询价并写入价目表`,
        `${tariff}: ${groupDigits(calls)} calls reach a tier without a public price; ask for the price and put it into the book`,
      ),
    ),
    ...(left > 0
      ? [
          say(
            `${left} 行调用记录读不了，没有算在内：以下不符可能由此而来，不能据此追究服务商`,
            `${left} rows of the record could not be read and are left out: figures may differ for that alone`,
          ),
        ]
      : []),
  ];
}

function verdict({ usage, billed }: Reconciliation, say: Say): string {
  if (usage.unusable > 0) return say('读到的部分没有不符。', 'No figure differs, as far as the record was read.');
  return billed.total === null
    ? say('所列各项无误。', 'What the bill lists is right.')
    : say('账单无误。', 'The bill is right.');
}

function differenceText(
  { kind, where, billed, expected, causes }: Difference,
  say: Say,
  money: (amount: Money) => string,
): string {
  const names = {
    draw: say('资源包抵扣', 'drawn'),
    postpaid: say('后付费用量', 'postpaid calls'),
    line: say('后付费行', 'postpaid line'),
    purchase: say('资源包购买', 'pack bought'),
    total: say('合计', 'total'),
  };
  const place = [where.day, where.meter, where.tariff, where.pack].filter((part) => part !== null).join(' ');
  const side = ({ calls, unitPrice, amount }: Figures): string =>
    [
      calls === undefined ? '' : say(`${groupDigits(calls)} 次`, `${groupDigits(calls)} calls`),
      unitPrice === undefined ? '' : `× ${priceText(unitPrice)}`,
      amount === undefined ? '' : money(amount),
    ]
      .filter((part) => part !== '')
      .join(' ') || say('无', 'none');
  const also = causes.slice(1).map(({ code }) => code);
  const others = also.length === 0 ? '' : say(`（另：${also.join('、')}）`, ` (also ${also.join(', ')})`);
  const sides = say(
    `账单 ${side(billed)}，应为 ${side(expected)}`,
    `billed ${side(billed)}, should be ${side(expected)}`,
  );
  return `${names[kind]} ${place}: ${sides}${others}`;
}
