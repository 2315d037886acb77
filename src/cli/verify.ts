// suanpan verify: every invariant over the whole ledger, beside a running server too.

import type { Command } from 'commander';
import type { Finding, Verdict } from '../verify/invariants.ts';
import type { RepairReport } from '../verify/repair.ts';
import type { VerifyReport } from '../verify/verify.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliVerifyWords } from '../words/cli/verify.ts';
import { exitCodes, type Output } from './output.ts';

export function registerVerify(program: Command, output: Output): void {
  program
    .command('verify')
    .description(output.say(cliVerifyWords.checkTheWholeLedger))
    .option('--repair-heads', output.say(cliVerifyWords.firstRebuildHeadsOfAccountsThat))
    .action((options: { readonly repairHeads?: true }) => runVerify(output, options.repairHeads === true));
}

async function runVerify(output: Output, repair: boolean): Promise<void> {
  const [{ withLocalLedger }, { verifyLedger }, { invariants }, { repairHeads }, { keepLocalAct }] = await Promise.all([
    import('./local-ledger.ts'),
    import('../verify/verify.ts'),
    import('../verify/invariants.ts'),
    import('../verify/repair.ts'),
    import('../operations/local-acts.ts'),
  ]);
  await withLocalLedger(output, async (suanpan) => {
    if (repair) await keepLocalAct(suanpan, 'verify --repair-heads', {});
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
    output.print(green(output.say(cliVerifyWords.rebuiltTheHeadOf(account))));
    for (const { field, before, after } of changes) {
      output.print(`  ${field}: ${shortened(before ?? output.say(cliVerifyWords.unreadable))} → ${shortened(after)}`);
    }
    if (assumed.length === 0) continue;
    const names = assumed.join(', ');
    output.print(output.say(cliVerifyWords.nothingSaysWhatTheseWere(names)));
  }
  for (const { account, why } of refused) {
    output.print(red(output.say(cliVerifyWords.didNotRebuild(account, why))));
  }
  const counted = cliVerifyWords.accounts(accounts, repaired.length);
  output.print(output.say(counted));
}

const shortened = (text: string): string => (text.length <= 100 ? text : `${text.slice(0, 99)}…`);

/** On a terminal only: what is not data goes to stderr, and not at all into files. */
async function progressBar(output: Output) {
  if (!process.stderr.isTTY || output.json) return { update: () => undefined, stop: () => undefined };
  const { SingleBar } = await import('cli-progress');
  const rows = output.say(headingWords.rows);
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
    output.say(cliVerifyWords.invariant),
    output.say(cliVerifyWords.what),
    output.say(cliVerifyWords.rowsChecked),
    output.say(cliVerifyWords.verdict),
  ];
  const rows = report.verdicts.map(({ invariant, checked, broken }) => [
    invariant,
    output.say(invariants[invariant]),
    checked.toLocaleString('en-US'),
    broken === 0 ? green(output.say(cliVerifyWords.holds)) : red(brokenWords(broken, output)),
  ]);
  await output.table(head, rows, [2]);
  const [accounts, count] = [report.accounts.toLocaleString('en-US'), report.rows.toLocaleString('en-US')];
  const seconds = (report.milliseconds / 1000).toFixed(1);
  output.print(output.say(cliVerifyWords.accountsChecked(accounts, count, seconds)));
  showFindings(report.verdicts, output);
}

const brokenWords = (broken: number, output: Output): string => output.say(cliVerifyWords.broken(broken));

function showFindings(verdicts: readonly Verdict[], output: Output): void {
  const found = verdicts.flatMap(({ first }) => (first === null ? [] : [first]));
  if (found.length === 0) {
    output.print(output.say(cliVerifyWords.verifyClean));
    return;
  }
  output.print(output.say(cliVerifyWords.verifyBroken));
  for (const finding of found) output.print(`  ${findingWords(finding, output)}`);
  if (found.some(({ table }) => table === 'account_heads')) {
    output.print(output.say(cliVerifyWords.headsCanBeRebuiltFromThe));
  }
}

function findingWords({ invariant, table, account, key, expected, found }: Finding, output: Output): string {
  const where = account === '' ? table : `${table}, ${output.say(headingWords.account)} ${account}`;
  const differs = output.say(cliVerifyWords.expected(expected, found));
  return `${invariant}  ${where}, ${key}: ${differs}`;
}
