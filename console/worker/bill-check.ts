// A provider's bill held against the visitor's own record of calls: what `suanpan reconcile` does, in the browser.

import './node/buffer.ts';
import { parsePeriod } from '../../src/core/calendar.ts';
import { writeJson } from '../../src/core/json.ts';
import type { PriceBook, Words } from '../../src/core/price-book.ts';
import { checkBill } from '../../src/reconcile/check-bill.ts';
import type { LoadedUsage, UnusedRow } from '../../src/reconcile/load-tape.ts';
import { reconciliationDocument, verdictWords } from '../../src/reconcile/report.ts';
import { waysWords } from '../../src/reconcile/ways-words.ts';
import { plain } from '../../src/scenario/plain.ts';
import { faceidRulesOf } from '../../src/usage-files/faceid/rules.ts';
import { type FileNotes, noteWords } from '../../src/usage-files/notes.ts';
import { type ColumnWish, columnsOf } from './column-maps.ts';
import { sourceOf } from './read-file.ts';

export interface BillCheckWish extends ColumnWish {
  readonly usage: File;
  readonly bill: File;
  readonly packs?: File | undefined;
  /** FaceID's attempts by the other way. */
  readonly second?: File | undefined;
  /** RuleId → channel and library, where the calls are FaceID's own answers. */
  readonly rules?: File | undefined;
  readonly account?: string | undefined;
  readonly month?: string | undefined;
  readonly skipUnread: boolean;
}

const shownRows = 20;

const unreadOf = ({ rows, unusable, problems }: LoadedUsage) => ({
  rows,
  unread: unusable,
  problems: problems.slice(0, shownRows).map(({ line, zh, en }: UnusedRow) => ({ line, zh, en })),
});

export async function billCheck(book: PriceBook, wish: BillCheckWish) {
  const columns = await columnsOf(wish);
  if ('refused' in columns) return columns;
  const notes: Words[] = [];
  const listener = {
    notes: (path: string, found: FileNotes) => void notes.push(...noteWords(path, found)),
    opened: () => () => undefined,
  };
  const { usage, bill, packs, second, rules } = wish;
  const zone = wish.timeZone ?? columns.usage?.timeZone;
  const faceid = rules === undefined ? undefined : { rules: await faceidRulesOf(sourceOf(rules)), book };
  const checked = await checkBill(
    {
      book,
      usage: sourceOf(usage),
      bill: sourceOf(bill),
      packs: packs === undefined ? undefined : sourceOf(packs),
      second: second === undefined || rules === undefined ? undefined : sourceOf(second),
      reading: { timeZone: zone, columns: columns.usage, faceid },
      columns,
      account: wish.account,
      month: wish.month === undefined ? undefined : parsePeriod(wish.month),
      skipUnread: wish.skipUnread,
    },
    listener,
  );
  if (checked.at === 'cells') {
    const problems = checked.problems.map(({ line, column, zh, en }) => ({ line, column, zh, en }));
    return { at: 'cells', path: checked.path, problems, notes } as const;
  }
  if (checked.at === 'rows') return { at: 'rows', path: checked.path, ...unreadOf(checked.usage), notes } as const;
  const { result, ways, isRight } = checked;
  const document = reconciliationDocument(result);
  return {
    at: 'end',
    isRight,
    verdict: verdictWords(result),
    ...plain(document),
    ways: ways === undefined ? [] : waysWords(ways),
    notes,
    unread: unreadOf(result.usage),
    json: writeJson({ ...document, ...(ways === undefined ? {} : { ways }) }),
  } as const;
}
