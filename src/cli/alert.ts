// suanpan alert: what accounts are told.

import type { Command } from 'commander';
import type { AlertPage, ShownAlertSettings } from '../http/contract/alerts.ts';
import type { SentPage } from '../http/contract/webhooks.ts';
import { cliAlertWords } from '../words/cli/alert.ts';
import { headingWords } from '../words/cli/headings.ts';
import { accountOf, path } from './client.ts';
import type { Output } from './output.ts';
import { answerWith, examplesOf, printFacts, printTable, tellNext, withAccount, withPage } from './show.ts';
import { showDeliveries } from './webhook.ts';

const examples = `suanpan alert list --account acme
suanpan alert list --kind pack-expires
suanpan alert settings acme
suanpan alert resend msg_0d6c…
suanpan alert set acme --pack-thresholds 50,20,0 --days-before 14,3
suanpan alert set acme --off pack-refunded --language en --mail ops@example.com
`;

export function registerAlert(program: Command, output: Output): void {
  const { say } = output;
  const alert = program
    .command('alert')
    .description(say(cliAlertWords.alertCommand))
    .addHelpText('before', examplesOf(output, examples));
  withPage(withAccount(alert.command('list'), output), output)
    .description(say(cliAlertWords.list))
    .option('--kind <KIND>', say(cliAlertWords.kind))
    .action((query: Query) => list(query, output));
  withPage(withAccount(alert.command('deliveries'), output), output)
    .description(say(cliAlertWords.deliveries))
    .option('--state <waiting|delivered|dead>', say(headingWords.state))
    .action((query: Query & { state?: string }) => deliveries(query, output));
  alert
    .command('resend')
    .description(say(cliAlertWords.resend))
    .argument('<DELIVERY>', say(cliAlertWords.deliveryId))
    .action((id: string) => resend(id, output));
  alert
    .command('settings')
    .description(say(cliAlertWords.settings))
    .argument('[ACCOUNT]', say(headingWords.accountOrOwn))
    .action((id: string | undefined) => settings(id, output));
  alert
    .command('set')
    .description(say(cliAlertWords.set))
    .argument('<ACCOUNT>', say(headingWords.account))
    .option('--pack-thresholds <PERCENTS>', say(cliAlertWords.packThresholds))
    .option('--days-before <DAYS>', say(cliAlertWords.daysBefore))
    .option('--off <KINDS>', say(cliAlertWords.off))
    .option('--language <zh|en>', say(cliAlertWords.language))
    .option('--mail <ADDRESS...>', say(cliAlertWords.mail))
    .action((id: string, options: SetOptions) => set(id, options, output));
}

interface SetOptions {
  readonly packThresholds?: string;
  readonly daysBefore?: string;
  readonly off?: string;
  readonly language?: string;
  readonly mail?: readonly string[];
}

interface Query {
  readonly account?: string;
  readonly kind?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

async function deliveries(query: Query & { state?: string }, output: Output): Promise<void> {
  const call = { method: 'GET', path: '/v1/deliveries', query: { ...query } } as const;
  await answerWith<SentPage>(call, output, async (page) => {
    await showDeliveries(page.deliveries, output);
    tellNext(output, page.next);
  });
}

async function list(query: Query, output: Output): Promise<void> {
  const { say } = output;
  type Row = AlertPage['alerts'][number];
  const call = { method: 'GET', path: '/v1/alerts', query: { ...query } } as const;
  await answerWith<AlertPage>(call, output, async ({ alerts, next }) => {
    const columns = [
      { title: say(headingWords.time), of: (row: Row) => row.at },
      { title: say(cliAlertWords.kind), of: (row: Row) => row.kind },
      { title: say(cliAlertWords.told), of: (row: Row) => [row.subject, ...row.lines].map(say).join('\n') },
    ];
    await printTable(output, columns, alerts);
    tellNext(output, next);
  });
}

async function resend(id: string, output: Output): Promise<void> {
  const call = { method: 'POST', path: path`/v1/deliveries/${id}/replay` } as const;
  await answerWith(call, output, () => output.print(output.say(cliAlertWords.resent(id))));
}

async function settings(named: string | undefined, output: Output): Promise<void> {
  const id = await accountOf(named, output, 'argument');
  if (id === undefined) return;
  const call = { method: 'GET', path: path`/v1/accounts/${id}/alert-settings` } as const;
  await answerWith<ShownAlertSettings>(call, output, (found) => showSettings(found, output));
}

/** "50,20,0", or "none": an empty list. */
const listOf = (text: string): string[] => (text === 'none' ? [] : text.split(','));

async function set(id: string, options: SetOptions, output: Output): Promise<void> {
  const { packThresholds, daysBefore, off, language, mail } = options;
  const numbers = [packThresholds, daysBefore].flatMap((text) => (text === undefined ? [] : listOf(text)));
  const wrong = numbers.find((text) => !/^\d{1,3}$/.test(text));
  if (wrong !== undefined) return output.misused(cliAlertWords.noNumber(wrong));
  const body = {
    packThresholds: packThresholds && listOf(packThresholds).map(Number),
    daysBefore: daysBefore && listOf(daysBefore).map(Number),
    off: off && listOf(off),
    language,
    mail: mail?.flatMap((text) => {
      const [address = '', spoken] = text.split(':');
      return text === 'none' ? [] : [{ address, ...(spoken === undefined ? {} : { language: spoken }) }];
    }),
  };
  const call = { method: 'PATCH', path: path`/v1/accounts/${id}/alert-settings`, body } as const;
  await answerWith<ShownAlertSettings>(call, output, (changed) => showSettings(changed, output));
}

const showSettings = ({ packThresholds, daysBefore, off, language, mail }: ShownAlertSettings, output: Output) =>
  printFacts(output, [
    [output.say(cliAlertWords.thresholds), packThresholds.map((percent) => `${percent} %`).join(', ')],
    [output.say(cliAlertWords.days), daysBefore.join(', ')],
    [output.say(cliAlertWords.notTold), off.join(', ')],
    [output.say(cliAlertWords.language), language],
    [output.say(cliAlertWords.recipients), mail.map(({ address, language }) => `${address} (${language})`).join(', ')],
  ]);
