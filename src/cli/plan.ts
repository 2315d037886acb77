// suanpan plan: what should be bought. No server, no database.

import type { Command } from 'commander';
import type { Words } from '../core/price-book.ts';
import type { MonthRequest, ProfileRequest } from '../plan/plan.ts';
import type { Output } from './output.ts';
import { examplesOf, indented } from './show.ts';

interface PlanOptions {
  readonly book: string;
  readonly use?: readonly string[];
  readonly profile?: string;
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
  const say = (zh: string, en: string) => output.say({ zh, en });
  program
    .command('plan')
    .description(
      say(
        '该买哪些资源包：最便宜的买法及其证明（不需要服务）',
        'what to buy: the cheapest packs, with proof (needs no server)',
      ),
    )
    .requiredOption('--book <ID|FILE>', say('价目表的 id 或文件', 'price book: its id or a file'))
    .option('--use <METER=N...>', say('一个月里某计量项的调用次数', "a month's calls of a meter"))
    .option(
      '--profile <FILE.csv>',
      say(
        '最多 24 个月的用量表：month, meter, calls；- 为标准输入',
        'calls of up to 24 months: month, meter, calls; - is standard input',
      ),
    )
    .option('--start <DAY|MONTH>', say('从哪天起可以买，如 2026-01', 'from when packs can be bought, such as 2026-01'))
    .option(
      '--have <PRODUCT:N@EXPIRY...>',
      say('已有的资源包、剩余次数和到期日（可省略）', 'packs at hand: what is left and, if known, the day they expire'),
    )
    .option('--gift <PRODUCT:N...>', say('开始时赠送的次数', 'calls given at the start'))
    .addHelpText('before', examplesOf(output, examples))
    .addHelpText('after', `\n${say('用量表示例：', 'A profile:')}\n${indented(profileExample)}`)
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
    output.misused({
      zh: '请给出 --use 计量项=次数（一个月）或 --profile 文件（若干个月），二者取一',
      en: 'give either --use METER=CALLS (one month) or --profile FILE (several months)',
    });
    return undefined;
  }
  const holdings = readHoldings(options);
  if ('zh' in holdings) {
    output.misused(holdings);
    return undefined;
  }
  const common = { ...holdings, ...(start === undefined ? {} : { start }) };
  if (profile !== undefined) {
    const rows = await (await import('./profile-file.ts')).readProfile(profile, output);
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

const misshapen = (option: string, text: string, example: string): Words => ({
  zh: `${option} ${text}：应写成 ${option} ${example}`,
  en: `${option} ${text}: write it as ${option} ${example}`,
});
