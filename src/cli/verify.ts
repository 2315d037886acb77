// suanpan verify: every invariant over the whole ledger, beside a running server too.

import type { Command } from 'commander';
import type { Finding, Verdict } from '../verify/invariants.ts';
import type { VerifyReport } from '../verify/verify.ts';
import { exitCodes, type Output } from './output.ts';

export function registerVerify(program: Command, output: Output): void {
  program
    .command('verify')
    .description(
      output.say({
        zh: '核对全部账本：重放每一行、重算终版账单；有不符则指出第一行并以 1 退出',
        en: 'check the whole ledger: replay every row, re-rate final bills; exit 1 and name the first broken row if any',
      }),
    )
    .action(() => runVerify(output));
}

async function runVerify(output: Output): Promise<void> {
  const [{ withLocalLedger }, { verifyLedger }, { invariants }] = await Promise.all([
    import('./local-ledger.ts'),
    import('../verify/verify.ts'),
    import('../verify/invariants.ts'),
  ]);
  await withLocalLedger(output, async (suanpan) => {
    const bar = await progressBar(output);
    const report = await verifyLedger(suanpan, { progress: bar.update }).finally(bar.stop);
    if (!report.clean) process.exitCode = exitCodes.failure;
    if (output.json) {
      const verdicts = report.verdicts.map((verdict) => ({ ...verdict, what: invariants[verdict.invariant] }));
      output.printJson({ ...report, verdicts });
      return;
    }
    await showReport(report, invariants, output);
  });
}

/** On a terminal only: what is not data goes to stderr, and not at all into files. */
async function progressBar(output: Output) {
  if (!process.stderr.isTTY || output.json) return { update: () => undefined, stop: () => undefined };
  const { SingleBar } = await import('cli-progress');
  const rows = output.say({ zh: '行', en: 'rows' });
  const bar = new SingleBar({
    format: `verify {bar} {percentage}% · {value}/{total} ${rows} · {eta_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let started = false;
  return {
    update: (done: number, of: number) => {
      if (!started) bar.start(Math.max(of, 1), 0);
      started = true;
      bar.update(Math.min(done, of));
    },
    stop: () => bar.stop(),
  };
}

async function showReport(
  report: VerifyReport,
  invariants: typeof import('../verify/invariants.ts')['invariants'],
  output: Output,
): Promise<void> {
  const { green, red } = output.colors;
  const head = [
    output.say({ zh: '条目', en: 'invariant' }),
    output.say({ zh: '内容', en: 'what' }),
    output.say({ zh: '核对行数', en: 'rows checked' }),
    output.say({ zh: '结论', en: 'verdict' }),
  ];
  const rows = report.verdicts.map(({ invariant, checked, broken }) => [
    invariant,
    output.say(invariants[invariant]),
    checked.toLocaleString('en-US'),
    broken === 0 ? green(output.say({ zh: '成立', en: 'holds' })) : red(brokenWords(broken, output)),
  ]);
  await output.table(head, rows, [2]);
  const [accounts, count] = [report.accounts.toLocaleString('en-US'), report.rows.toLocaleString('en-US')];
  const seconds = (report.milliseconds / 1000).toFixed(1);
  output.print(
    output.say({
      zh: `${accounts} 个账户，${count} 行账本，${seconds} 秒`,
      en: `${accounts} accounts, ${count} ledger rows, ${seconds} s`,
    }),
  );
  showFindings(report.verdicts, output);
}

const brokenWords = (broken: number, output: Output): string =>
  output.say({ zh: `不成立（${broken} 处）`, en: `broken (${broken})` });

function showFindings(verdicts: readonly Verdict[], output: Output): void {
  const found = verdicts.flatMap(({ first }) => (first === null ? [] : [first]));
  if (found.length === 0) {
    output.print(output.say({ zh: 'verify: clean（无不符）', en: 'verify: clean' }));
    return;
  }
  output.print(output.say({ zh: 'verify: 每条的第一处不符：', en: 'verify: broken; the first row of each:' }));
  for (const finding of found) output.print(`  ${findingWords(finding, output)}`);
}

function findingWords({ invariant, table, account, key, expected, found }: Finding, output: Output): string {
  const where = account === '' ? table : `${table}, ${output.say({ zh: '账户', en: 'account' })} ${account}`;
  const differs = output.say({ zh: `应为 ${expected}；实为 ${found}`, en: `expected ${expected}; found ${found}` });
  return `${invariant}  ${where}, ${key}: ${differs}`;
}
