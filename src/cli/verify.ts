// suanpan verify: every invariant over the whole ledger, beside a running server too.

import type { Command } from 'commander';
import type { Finding, Verdict } from '../verify/invariants.ts';
import type { RepairReport } from '../verify/repair.ts';
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
    .option(
      '--repair-heads',
      output.say({
        zh: '先按账本重建与账本不符的账户头（不改动任何账本记录）',
        en: 'first rebuild heads of accounts that are not what their ledger says; no row of the ledger is touched',
      }),
    )
    .action((options: { readonly repairHeads?: true }) => runVerify(output, options.repairHeads === true));
}

async function runVerify(output: Output, repair: boolean): Promise<void> {
  const [{ withLocalLedger }, { verifyLedger }, { invariants }, { repairHeads }] = await Promise.all([
    import('./local-ledger.ts'),
    import('../verify/verify.ts'),
    import('../verify/invariants.ts'),
    import('../verify/repair.ts'),
  ]);
  await withLocalLedger(output, async (suanpan) => {
    const repairs = repair ? await repairHeads(suanpan) : undefined;
    if (repairs !== undefined && !output.json) showRepairs(repairs, output);
    const bar = await progressBar(output);
    const report = await verifyLedger(suanpan, { progress: bar.update }).finally(bar.stop);
    if (!report.clean) process.exitCode = exitCodes.failure;
    if (output.json) {
      const verdicts = report.verdicts.map((verdict) => ({ ...verdict, what: invariants[verdict.invariant] }));
      output.printJson({ ...report, verdicts, ...(repairs === undefined ? {} : { repairs }) });
      return;
    }
    await showReport(report, invariants, output);
  });
}

function showRepairs({ accounts, repaired, refused }: RepairReport, output: Output): void {
  const { green, red } = output.colors;
  for (const { account, changes, assumed } of repaired) {
    output.print(green(output.say({ zh: `已重建账户头 ${account}：`, en: `rebuilt the head of ${account}:` })));
    for (const { field, before, after } of changes) {
      output.print(
        `  ${field}: ${shortened(before ?? output.say({ zh: '不可读', en: 'unreadable' }))} → ${shortened(after)}`,
      );
    }
    if (assumed.length === 0) continue;
    const names = assumed.join(', ');
    output.print(
      output.say({
        zh: `  无处可查，按默认值：${names}，请核对`,
        en: `  nothing says what these were, so they are the defaults; check them: ${names}`,
      }),
    );
  }
  for (const { account, why } of refused) {
    output.print(
      red(
        output.say({
          zh: `未重建 ${account}：账本记录本身不一致：${why}`,
          en: `did not rebuild ${account}: its ledger rows disagree: ${why}`,
        }),
      ),
    );
  }
  const counted = {
    zh: `${accounts} 个账户，重建 ${repaired.length} 个账户头`,
    en: `${accounts} accounts, ${repaired.length} heads rebuilt`,
  };
  output.print(output.say(counted));
}

const shortened = (text: string): string => (text.length <= 100 ? text : `${text.slice(0, 99)}…`);

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
  if (found.some(({ table }) => table === 'account_heads')) {
    output.print(
      output.say({
        zh: '账户头可由账本重建：suanpan verify --repair-heads',
        en: 'heads can be rebuilt from the ledger: suanpan verify --repair-heads',
      }),
    );
  }
}

function findingWords({ invariant, table, account, key, expected, found }: Finding, output: Output): string {
  const where = account === '' ? table : `${table}, ${output.say({ zh: '账户', en: 'account' })} ${account}`;
  const differs = output.say({ zh: `应为 ${expected}；实为 ${found}`, en: `expected ${expected}; found ${found}` });
  return `${invariant}  ${where}, ${key}: ${differs}`;
}
