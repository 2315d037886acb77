// How answers of the server become tables, and the few options that many commands have.

import type { Command } from 'commander';
import { groupDigits } from '../core/units.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliShowWords } from '../words/cli/show.ts';
import { cliUsageWords } from '../words/cli/usage.ts';
import { type ApiCall, callApi } from './client.ts';
import type { Output } from './output.ts';

/** A value in a table: numbers grouped, amounts too, nothing as a dash. */
export function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number' || typeof value === 'bigint') return groupDigits(String(value));
  return typeof value === 'string' && /^-?\d+\.\d{2,3}$/.test(value) ? groupDigits(value) : String(value);
}

export const yesNo = (output: Output, value: unknown): string =>
  value === true ? output.say(cliShowWords.yes) : output.say(cliShowWords.no);

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => unknown;
  readonly right?: boolean;
}

export async function printTable<Row>(output: Output, columns: readonly Column<Row>[], rows: readonly Row[]) {
  if (rows.length === 0) {
    output.print(output.say(cliShowWords.none));
    return;
  }
  await output.table(
    columns.map(({ title }) => title),
    rows.map((row) => columns.map(({ of }) => cell(of(row)))),
    columns.flatMap(({ right }, index) => (right === true ? [index] : [])),
  );
}

/** Name and value below each other; what is not there is left out. */
export async function printFacts(output: Output, facts: readonly (readonly [string, unknown])[]): Promise<void> {
  const known = facts.filter(([, value]) => value !== undefined);
  await output.table(
    [output.say(cliShowWords.field), output.say(cliShowWords.value)],
    known.map(([name, value]) => [name, cell(value)]),
  );
}

/** Calls the server by `ask` and prints its answer: as it is for programs, by `show` for people. */
export async function answerWith<Answer>(
  call: ApiCall,
  output: Output,
  show: (answer: Answer) => Promise<void> | void,
  ask: typeof callApi = callApi,
): Promise<Answer | undefined> {
  const answer = (await ask(call, output)) as Answer | undefined;
  if (answer === undefined) return undefined;
  if (output.json) output.printJson(answer);
  else await show(answer);
  return answer;
}

/** Calls page after page of a list whose rows stand under `rows`, as one answer; `counts` of the pages are added up. */
export const allPagesOf =
  (rows: string, counts: readonly string[] = []): typeof callApi =>
  async (call, output) => {
    const all: unknown[] = [];
    const sums: Record<string, number> = {};
    for (let cursor: string | undefined; ; ) {
      const asked = { ...call, query: { ...call.query, limit: '200', cursor } };
      const page = (await callApi(asked, output)) as Page | undefined;
      if (page === undefined) return undefined;
      all.push(...(page[rows] as unknown[]));
      for (const name of counts) sums[name] = (sums[name] ?? 0) + Number(page[name]);
      if (page.next === null) return { ...page, ...sums, [rows]: all };
      cursor = page.next;
    }
  };

interface Page {
  readonly [rows: string]: unknown;
  readonly next: string | null;
}

/** A page of a list: the rest follows with the cursor. */
export function tellNext(output: Output, next: string | null): void {
  if (next === null) return;
  output.tell(output.say(cliShowWords.thereIsMore(next)));
}

export const withAccount = (command: Command, output: Output): Command =>
  command.option('--account <ID>', output.say(headingWords.accountOrOwn));

export const withSource = (command: Command, output: Output): Command =>
  command.option('--source <SOURCE>', output.say(cliShowWords.sourceOfACloudevent));

/** What calls are looked for by. */
export const withCallFilter = (command: Command, { say }: Output): Command =>
  command
    .option('--from <TIME>', say(cliUsageWords.fromThisTimeOn))
    .option('--to <TIME>', say(cliUsageWords.beforeThisTime))
    .option('--meter <METER>', say(headingWords.meter))
    .option('--outcome <OUTCOME>', say(cliUsageWords.outcome))
    .option('--payer <PACK|postpaid>', say(cliUsageWords.ofPayer))
    .option('--department <NAME>', say(headingWords.department))
    .option('--result-code <CODE>', say(cliUsageWords.resultCode));

export const withPage = (command: Command, output: Output): Command =>
  command
    .option('--limit <N>', output.say(cliShowWords.rowsOfAPage))
    .option('--cursor <CURSOR>', output.say(cliShowWords.goOnAfterAnEarlierPage));

export const withOnce = (command: Command, output: Output): Command =>
  command.option('--idempotency-key <KEY>', output.say(cliShowWords.commandWithTheSameKeyIs));

export const examplesOf = (output: Output, lines: string): string =>
  `${output.say(cliShowWords.examples)}\n${indented(lines)}`;

export const indented = (lines: string): string => lines.replaceAll(/^(?=.)/gm, '  ');

export function showNewKey(key: string, output: Output): void {
  output.print(key);
  output.tell(output.say(cliShowWords.keepItSafe));
}
