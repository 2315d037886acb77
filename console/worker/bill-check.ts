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
import { type Columns, type ColumnsProblem, readColumns } from '../../src/usage-files/columns.ts';
import { faceidRulesOf } from '../../src/usage-files/faceid/rules.ts';
import { type FileNotes, noteWords } from '../../src/usage-files/notes.ts';
import { cliColumnsWords } from '../../src/words/cli/columns.ts';
import { notJsonWords } from '../../src/words/json-break.ts';
import type { Refused } from './outcome.ts';
import { sourceOf, troubleIn } from './read-file.ts';

export interface BillCheckWish {
  readonly usage: File;
  readonly bill: File;
  readonly packs?: File | undefined;
  /** FaceID's attempts by the other way. */
  readonly second?: File | undefined;
  /** RuleId → channel and library, where the calls are FaceID's own answers. */
  readonly rules?: File | undefined;
  /** The visitor's own column names. */
  readonly ownColumns?: File | undefined;
  /** Names of shipped column maps. */
  readonly columns: readonly string[];
  readonly account?: string | undefined;
  readonly month?: string | undefined;
  /** Of times without an offset; none: these are refused. */
  readonly timeZone?: string | undefined;
  readonly skipUnread: boolean;
}

const maps = import.meta.glob<{ readonly for: string; readonly title: Words }>('../../catalog/columns/*.json', {
  eager: true,
  import: 'default',
});

const nameOf = (path: string): string => path.replace(/^.*\//, '').replace(/\.json$/, '');

/** The column maps that come with Suanpan. */
export const shippedColumns = () =>
  Object.entries(maps).map(([path, map]) => ({ name: nameOf(path), for: map.for, ...map.title }));

async function columnsOf({ columns, ownColumns, timeZone }: BillCheckWish): Promise<Columns | Refused> {
  const documents: unknown[] = Object.entries(maps)
    .filter(([path]) => columns.includes(nameOf(path)))
    .map(([, map]) => map);
  if (ownColumns !== undefined) {
    const text = await ownColumns.text();
    try {
      documents.push(JSON.parse(text));
    } catch {
      return troubleIn(cliColumnsWords.columnsAreWrong(ownColumns.name, '', notJsonWords(text)), 'BAD_COLUMNS');
    }
  }
  if (timeZone !== undefined && documents.length > 0) documents.push({ for: 'usage', timeZone });
  const found = readColumns(documents);
  if (!isProblem(found)) return found;
  const name = ownColumns?.name ?? columns.join(' ');
  return troubleIn(cliColumnsWords.columnsAreWrong(name, found.pointer, found), 'BAD_COLUMNS');
}

const isProblem = (found: Columns | ColumnsProblem): found is ColumnsProblem => 'pointer' in found;

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
