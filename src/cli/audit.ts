// suanpan audit: who did what. Lists ask the server; the export and its check work on the database of this machine.

import type { Command } from 'commander';
import type { Pool } from 'pg';
import type { ActPage } from '../http/contract/audit.ts';
import { cliAuditWords } from '../words/cli/audit.ts';
import { headingWords } from '../words/cli/headings.ts';
import { exitCodes, type Output } from './output.ts';
import { answerWith, examplesOf, printTable, tellNext, withPage } from './show.ts';

const examples = `suanpan audit list --account acme
suanpan audit list --by 1a2b3c4d --operation "POST /v1/packs"
suanpan audit export > audit.ndjson
suanpan audit verify audit.ndjson
suanpan audit verify audit.ndjson --offline
`;

interface Query {
  readonly account?: string;
  readonly by?: string;
  readonly operation?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

export function registerAudit(program: Command, output: Output): void {
  const { say } = output;
  const audit = program
    .command('audit')
    .description(say(cliAuditWords.auditCommand))
    .addHelpText('before', examplesOf(output, examples));
  withPage(audit.command('list'), output)
    .description(say(cliAuditWords.list))
    .option('--account <ID>', say(headingWords.account))
    .option('--by <WHO>', say(cliAuditWords.by))
    .option('--operation <OPERATION>', say(cliAuditWords.operation))
    .option('--from <TIME>', say(cliAuditWords.since))
    .option('--to <TIME>', say(cliAuditWords.until))
    .action((query: Query) => list(query, output));
  audit
    .command('export')
    .description(say(cliAuditWords.exportAll))
    .action(() => exportAll(output));
  audit
    .command('verify')
    .description(say(cliAuditWords.verifyFile))
    .argument('<FILE>', say(cliAuditWords.file))
    .option('--offline', say(cliAuditWords.offline))
    .action((file: string, { offline }: { offline?: true }) => verifyFile(file, offline === true, output));
}

async function list(query: Query, output: Output): Promise<void> {
  const { say } = output;
  type Row = ActPage['acts'][number];
  const call = { method: 'GET', path: '/v1/audit', query: { ...query } } as const;
  await answerWith<ActPage>(call, output, async ({ acts, next }) => {
    const columns = [
      { title: say(headingWords.time), of: (row: Row) => row.at },
      { title: say(cliAuditWords.who), of: (row: Row) => row.by },
      { title: say(cliAuditWords.from), of: (row: Row) => row.address ?? '–' },
      { title: say(headingWords.account), of: (row: Row) => row.chain || '–' },
      { title: say(cliAuditWords.what), of: (row: Row) => row.operation },
      { title: say(cliAuditWords.subject), of: (row: Row) => (row.subject === '{}' ? '–' : row.subject) },
      { title: say(cliAuditWords.asked), of: (row: Row) => shortened(row.asked ?? '–') },
    ];
    await printTable(output, columns, acts);
    tellNext(output, next);
  });
}

const shortened = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 59)}…`);

async function exportAll(output: Output): Promise<void> {
  const [{ withLocalLedger }, { exportedLines }] = await Promise.all([
    import('./local-ledger.ts'),
    import('../verify/audit.ts'),
  ]);
  await withLocalLedger(output, async ({ pool }) => {
    for await (const line of exportedLines(pool)) output.print(line);
  });
}

async function verifyFile(file: string, offline: boolean, output: Output): Promise<void> {
  const [{ withLocalLedger }, { checkExport }, { readFile }] = await Promise.all([
    import('./local-ledger.ts'),
    import('../verify/audit.ts'),
    import('node:fs/promises'),
  ]);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    output.misused({ zh: `${file}：${error.message}`, en: `${file}: ${error.message}` });
    return undefined;
  });
  if (text === undefined) return;
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return output.misused(cliAuditWords.noActs);
  const check = async (pool: Pool | null): Promise<void> => {
    const checked = await checkExport(pool, lines);
    if ('line' in checked) return output.misused(cliAuditWords.notAnAct(checked.line));
    const { acts, chains, broken } = checked;
    if (broken.length > 0) process.exitCode = exitCodes.failure;
    if (output.json) return output.printJson(checked);
    for (const { chain, no, found } of broken) {
      const said = found === 'differs' ? output.say(cliAuditWords.databaseDiffers) : found;
      output.print(output.say(cliAuditWords.broken(chain, no, said)));
    }
    const words = offline ? cliAuditWords.holdsAlone : cliAuditWords.holds;
    if (broken.length === 0) output.print(output.say(words(acts, chains)));
  };
  if (offline) return check(null);
  await withLocalLedger(output, ({ pool }) => check(pool));
}
