// suanpan plan: what should be bought. No server, no database.

import type { Command } from 'commander';
import type { Words } from '../core/price-book.ts';
import type { MonthRequest, ProfileRequest } from '../plan/plan.ts';
import { cliColumnsWords } from '../words/cli/columns.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliPlanWords } from '../words/cli/plan.ts';
import type { Output } from './output.ts';
import { examplesOf, indented } from './show.ts';

interface PlanOptions {
  readonly book: string;
  readonly use?: readonly string[];
  readonly profile?: string;
  readonly columns?: readonly string[];
  readonly start?: string;
  readonly have?: readonly string[];
  readonly gift?: readonly string[];
}

type Request = MonthRequest | ProfileRequest;

const examples = `suanpan plan --book faceid-legacy --use liveness.basic.authority=300,000
suanpan plan --book faceid-legacy --use eid=20000 --have eid:500@2026-06-30 --start 2026-02
suanpan plan --book my-book.json --profile next-year.csv --json
`;

const profileExample = `month,meter,calls
2026-01,identity,25000
2026-02,identity,31000
`;

export function registerPlan(program: Command, output: Output): void {
  const { say } = output;
  program
    .command('plan')
    .description(say(cliPlanWords.whatToBuy))
    .requiredOption('--book <ID|FILE>', say(headingWords.priceBook))
    .option('--use <METER=N...>', say(cliPlanWords.monthsCallsOfAMeter))
    .option('--profile <FILE.csv>', say(cliPlanWords.callsOfUpTo24Months))
    .option('--columns <FILE|NAME...>', say(cliColumnsWords.columns))
    .option('--start <DAY|MONTH>', say(cliPlanWords.fromWhenPacksCanBeBought))
    .option('--have <PRODUCT:N@EXPIRY...>', say(cliPlanWords.packsAtHand))
    .option('--gift <PRODUCT:N...>', say(cliPlanWords.callsGivenAtTheStart))
    .addHelpText('before', examplesOf(output, examples))
    .addHelpText('after', `\n${say(cliPlanWords.profile)}\n${indented(profileExample)}`)
    .action((options: PlanOptions) => runPlan(options, output));
}

async function runPlan(options: PlanOptions, output: Output): Promise<void> {
  const request = await readRequest(options, output);
  if (request === undefined) return;
  const [{ bookOf }, { planMonth, planProfile }, { isRefusal }] = await Promise.all([
    import('./read-book.ts'),
    import('../plan/plan.ts'),
    import('../core/refusal.ts'),
  ]);
  const book = await bookOf(options.book, output);
  if (book === undefined) return;
  const plan = await ('use' in request ? planMonth(book, request) : planProfile(book, request));
  if (isRefusal(plan)) {
    output.refused(plan);
    // The field to blame: /profile/0 is the first row below the header.
    if (!output.json && plan.pointer !== undefined) output.tell(`  ${plan.pointer}`);
  } else if (output.json) output.printJson(plan);
  else await (await import('./show-plan.ts')).showPlan(plan, book, output);
}

async function readRequest(options: PlanOptions, output: Output): Promise<Request | undefined> {
  const { use = [], profile, start } = options;
  if (use.length > 0 === (profile !== undefined)) {
    output.misused(cliPlanWords.giveEitherUseMeterCalls);
    return undefined;
  }
  const holdings = readHoldings(options);
  if ('zh' in holdings) {
    output.misused(holdings);
    return undefined;
  }
  const common = { ...holdings, ...(start === undefined ? {} : { start }) };
  if (profile !== undefined) {
    const [{ readProfile }, { columnsOf }] = await Promise.all([
      import('./profile-file.ts'),
      import('./column-files.ts'),
    ]);
    const maps = columnsOf({ columns: options.columns ?? [] }, output);
    const rows = maps === undefined ? undefined : await readProfile(profile, maps.profile, output);
    return rows === undefined ? undefined : { ...common, profile: rows };
  }
  const uses: { of: string; calls: string }[] = [];
  for (const text of use) {
    const [, of, calls] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    if (of === undefined || calls === undefined) {
      output.misused(misshapen('--use', text, 'liveness.basic.authority=300000'));
      return undefined;
    }
    uses.push({ of, calls });
  }
  return { ...common, use: uses };
}

type Holdings = Required<Pick<MonthRequest, 'have' | 'gifts'>>;

function readHoldings({ have = [], gift = [] }: PlanOptions): Holdings | Words {
  const gifts: Holdings['gifts'][number][] = [];
  for (const text of gift) {
    const [, product, calls] = /^([^:]+):([^@]*)$/.exec(text) ?? [];
    if (product === undefined || calls === undefined) return misshapen('--gift', text, 'basic_authority:50');
    gifts.push({ product, calls });
  }
  const packs: Holdings['have'][number][] = [];
  for (const text of have) {
    const [, product, calls, expires] = /^([^:]+):([^@]*)(?:@(.+))?$/.exec(text) ?? [];
    if (product === undefined || calls === undefined)
      return misshapen('--have', text, 'basic_authority:800@2026-06-30');
    packs.push({ product, calls, ...(expires === undefined ? {} : { expires }) });
  }
  return { gifts, have: packs };
}

const misshapen = (option: string, text: string, example: string): Words =>
  cliPlanWords.writeItAs(option, text, example);
