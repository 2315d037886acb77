// suanpan gateway sweep, sweeps, findings: the provider's own list of attempts against the ledger.

import type { Command } from 'commander';
import type { SweepEnd } from '../gateway/sweep.ts';
import type { FindingPage, SweepPage } from '../http/contract/sweeps.ts';
import { headingWords } from '../words/cli/headings.ts';
import { gatewayWords, sweepWords } from '../words/gateway.ts';
import { path } from './client.ts';
import { type GatewayOptions, gatewayParts } from './gateway-parts.ts';
import { exitCodes, type Output } from './output.ts';
import { answerWith, printTable, tellNext, withPage } from './show.ts';

interface Page {
  readonly limit?: string;
  readonly cursor?: string;
}

export function registerSweep(gateway: Command, output: Output): void {
  const { say } = output;
  gateway
    .command('sweep')
    .description(say(sweepWords.sweep))
    .option('--day <DAY>', say(sweepWords.dayOption))
    .action((_options: object, command: Command) =>
      sweepNow(command.optsWithGlobals<GatewayOptions & { readonly day?: string }>(), output),
    );
  withPage(gateway.command('sweeps'), output)
    .description(say(sweepWords.sweeps))
    .action((query: Page) => list(query, output));
  withPage(gateway.command('findings'), output)
    .description(say(sweepWords.listFindings))
    .argument('<DAY>', say(sweepWords.day))
    .option('--why <CODE>', say(sweepWords.why))
    .action((day: string, query: Page & { readonly why?: string }) => listFindings(day, query, output));
}

async function sweepNow(
  { day, ...options }: GatewayOptions & { readonly day?: string },
  output: Output,
): Promise<void> {
  const parts = await gatewayParts(options, output);
  if (parts === undefined) return;
  const { lastWholeDay, sweep } = await import('../gateway/sweep.ts');
  const last = lastWholeDay(parts);
  if (day !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(day)) return output.misused(sweepWords.noDay(day));
  if (day !== undefined && day > last) {
    return output.fail(exitCodes.conflict, sweepWords.incomplete(day, last), 'DAY_INCOMPLETE');
  }
  const end = await sweep(parts, { ...(day === undefined ? {} : { day }), within: 3_600_000 });
  if (end.kind === 'none') return output.print(output.json ? '{"sweep":null}' : output.say(sweepWords.nothingDue));
  if (end.kind === 'left') {
    const code = end.why === 'LEDGER_AWAY' || end.why === 'PROVIDER_AWAY' ? exitCodes.network : exitCodes.failure;
    return output.fail(code, sweepWords.left(end.day, end.why), end.why);
  }
  output.print(output.json ? JSON.stringify({ sweep: end.swept }) : output.say(sweepWords.whole(end.swept)));
}

/** Of a gateway's own sweeps, a line each on stderr. */
export const tellEnd = (end: Exclude<SweepEnd, { kind: 'none' }>, output: Output): void =>
  output.tell(output.say(end.kind === 'whole' ? sweepWords.whole(end.swept) : sweepWords.left(end.day, end.why)));

async function list(query: Page, output: Output): Promise<void> {
  const { say } = output;
  type Row = SweepPage['sweeps'][number];
  await answerWith<SweepPage>({ method: 'GET', path: '/v1/sweeps', query: { ...query } }, output, async (found) => {
    const columns = [
      { title: say(sweepWords.day), of: (row: Row) => row.day },
      { title: say(sweepWords.ended), of: (row: Row) => row.ended ?? '–' },
      { title: say(sweepWords.pages), of: (row: Row) => row.pages, right: true },
      { title: say(sweepWords.attempts), of: (row: Row) => row.attempts, right: true },
      { title: say(sweepWords.metered), of: (row: Row) => row.metered, right: true },
      { title: say(headingWords.heldForReview), of: (row: Row) => row.held, right: true },
      { title: say(sweepWords.findings), of: (row: Row) => row.findings, right: true },
    ];
    await printTable(output, columns, found.sweeps);
    tellNext(output, found.next);
  });
}

type Found = FindingPage['findings'][number];

/** The ledger's word: code and outcome. */
const recordedText = ({ recorded }: Found): string =>
  recorded === null ? '–' : `${recorded.resultCode ?? '–'} ${recorded.outcome}`;

async function listFindings(day: string, query: Page & { readonly why?: string }, output: Output): Promise<void> {
  const { say } = output;
  type Row = FindingPage['findings'][number];
  const call = { method: 'GET', path: path`/v1/sweeps/${day}/findings`, query: { ...query } } as const;
  await answerWith<FindingPage>(call, output, async (found) => {
    const columns = [
      { title: say(sweepWords.token), of: (row: Row) => row.token },
      { title: say(sweepWords.attempt), of: (row: Row) => row.attempt },
      { title: say(headingWords.time), of: (row: Row) => row.time ?? '–' },
      { title: say(sweepWords.why), of: (row: Row) => row.why },
      { title: say(headingWords.account), of: (row: Row) => row.account ?? '–' },
      { title: say(sweepWords.rule), of: (row: Row) => row.rule ?? '–' },
      { title: say(sweepWords.resultCode), of: (row: Row) => row.resultCode ?? '–' },
      { title: say(sweepWords.recorded), of: (row: Row) => recordedText(row) },
      { title: say(sweepWords.charged), of: (row: Row) => say(row.charged ? gatewayWords.yes : gatewayWords.no) },
    ];
    await printTable(output, columns, found.findings);
    tellNext(output, found.next);
  });
}
