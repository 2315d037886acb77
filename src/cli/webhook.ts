// suanpan webhook: where alerts go, and what was delivered.

import type { Command } from 'commander';
import type {
  DeliveryPage,
  MadeWebhook,
  Replayed,
  RotatedWebhook,
  TriedWebhook,
  WebhookAnswer,
  WebhookPage,
} from '../http/contract/webhooks.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliWebhookWords } from '../words/cli/webhook.ts';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { allPagesOf, answerWith, examplesOf, printTable, tellNext, withOnce, withPage } from './show.ts';

const examples = `suanpan webhook add https://example.com/suanpan --account acme
suanpan webhook add https://example.com/suanpan --kinds pack-low,pack-exhausted
suanpan webhook test wh_…
suanpan webhook deliveries wh_…
suanpan webhook replay wh_… --since 2026-01-12T00:00:00+08:00
`;

export function registerWebhook(program: Command, output: Output): void {
  const { say } = output;
  const webhook = program
    .command('webhook')
    .description(say(cliWebhookWords.webhookCommand))
    .addHelpText('before', examplesOf(output, examples));
  registerMaking(webhook, output);
  registerSending(webhook, output);
  webhook
    .command('list')
    .description(say(cliWebhookWords.list))
    .option('--account <ID>', say(headingWords.account))
    .action((query: { account?: string }) => list(query, output));
  ofOne(webhook.command('show'), output)
    .description(say(cliWebhookWords.show))
    .action((id: string) => show(id, output));
}

const ofOne = (command: Command, { say }: Output): Command => command.argument('<ID>', say(cliWebhookWords.id));
const kindsOf = (text: string | undefined) => text?.split(',').map((kind) => kind.trim());

interface Changes {
  readonly url?: string;
  readonly kinds?: string;
  readonly on?: true;
  readonly off?: true;
}

function registerMaking(webhook: Command, output: Output): void {
  const { say } = output;
  withOnce(webhook.command('add'), output)
    .description(say(cliWebhookWords.add))
    .argument('<URL>', say(cliWebhookWords.url))
    .option('--account <ID>', say(cliWebhookWords.ofOneAccount))
    .option('--kinds <LIST>', say(cliWebhookWords.kindsOption))
    .action((url: string, options: { account?: string; kinds?: string; idempotencyKey?: string }) =>
      add(url, options, output),
    );
  ofOne(webhook.command('set'), output)
    .description(say(cliWebhookWords.set))
    .option('--url <URL>', say(cliWebhookWords.url))
    .option('--kinds <LIST>', say(cliWebhookWords.kindsOption))
    .option('--off', say(cliWebhookWords.off))
    .option('--on', say(cliWebhookWords.on))
    .action((id: string, options: Changes) => change(id, options, output));
  withOnce(ofOne(webhook.command('rotate'), output), output)
    .description(say(cliWebhookWords.rotate))
    .action((id: string, options: { idempotencyKey?: string }) => rotate(id, options, output));
  ofOne(webhook.command('remove'), output)
    .description(say(cliWebhookWords.remove))
    .action((id: string) => remove(id, output));
}

async function add(
  url: string,
  { account, kinds, idempotencyKey }: { account?: string; kinds?: string; idempotencyKey?: string },
  output: Output,
): Promise<void> {
  const body = { account, url, kinds: kindsOf(kinds) };
  const call = { method: 'POST', path: '/v1/webhooks', body, once: { key: idempotencyKey } } as const;
  await answerWith<MadeWebhook>(call, output, async ({ id, secret }) => {
    output.print(secret);
    output.tell(output.say(cliWebhookWords.keepSecret(id)));
  });
}

async function change(id: string, { url, kinds, on, off }: Changes, output: Output): Promise<void> {
  if (on === true && off === true) {
    output.misused(cliWebhookWords.eitherOnOrOff);
    return;
  }
  const active = on === true ? true : off === true ? false : undefined;
  const call = {
    method: 'PATCH',
    path: path`/v1/webhooks/${id}`,
    body: { url, kinds: kindsOf(kinds), active },
  } as const;
  await answerWith<WebhookAnswer>(call, output, (row) => showWebhooks([row], output));
}

async function rotate(id: string, { idempotencyKey }: { idempotencyKey?: string }, output: Output): Promise<void> {
  const once = { key: idempotencyKey };
  const call = { method: 'POST', path: path`/v1/webhooks/${id}/rotate`, body: {}, once } as const;
  await answerWith<RotatedWebhook>(call, output, async ({ secret, formerUntil }) => {
    output.print(secret);
    output.tell(output.say(cliWebhookWords.keepSecret(id)));
    output.tell(output.say(cliWebhookWords.formerUntil(formerUntil)));
  });
}

function registerSending(webhook: Command, output: Output): void {
  const { say } = output;
  ofOne(webhook.command('test'), output)
    .description(say(cliWebhookWords.test))
    .action((id: string) => test(id, output));
  withPage(ofOne(webhook.command('deliveries'), output), output)
    .description(say(cliWebhookWords.deliveries))
    .action((id: string, query: { limit?: string; cursor?: string }) => deliveries(id, query, output));
  ofOne(webhook.command('replay'), output)
    .description(say(cliWebhookWords.replay))
    .option('--delivery <ID>', say(cliWebhookWords.delivery))
    .option('--since <TIME>', say(cliWebhookWords.since))
    .action((id: string, which: Which) => replay(id, which, output));
}

async function show(id: string, output: Output): Promise<void> {
  const call = { method: 'GET', path: path`/v1/webhooks/${id}` } as const;
  await answerWith<WebhookAnswer>(call, output, (row) => showWebhooks([row], output));
}

async function remove(id: string, output: Output): Promise<void> {
  const call = { method: 'DELETE', path: path`/v1/webhooks/${id}` } as const;
  await answerWith(call, output, async () => output.print(output.say(cliWebhookWords.removed(id))));
}

async function test(id: string, output: Output): Promise<void> {
  const call = { method: 'POST', path: path`/v1/webhooks/${id}/test`, body: {} } as const;
  await answerWith<TriedWebhook>(call, output, async ({ delivery }) =>
    output.print(output.say(cliWebhookWords.sent(delivery))),
  );
}

interface Which {
  readonly delivery?: string;
  readonly since?: string;
}

async function replay(id: string, which: Which, output: Output): Promise<void> {
  const call = { method: 'POST', path: path`/v1/webhooks/${id}/replay`, body: which } as const;
  await answerWith<Replayed>(call, output, async ({ replayed }) =>
    output.print(output.say(cliWebhookWords.replayed(replayed))),
  );
}

async function list(query: { account?: string }, output: Output): Promise<void> {
  const call = { method: 'GET', path: '/v1/webhooks', query } as const;
  const show = ({ webhooks }: Pick<WebhookPage, 'webhooks'>) => showWebhooks(webhooks, output);
  await answerWith(call, output, show, allPagesOf('webhooks'));
}

function showWebhooks(rows: readonly WebhookAnswer[], output: Output): Promise<void> {
  const { say } = output;
  const columns = [
    { title: 'id', of: (row: WebhookAnswer) => row.id },
    { title: say(headingWords.account), of: (row: WebhookAnswer) => row.account ?? say(cliWebhookWords.everyAccount) },
    { title: 'url', of: (row: WebhookAnswer) => row.url },
    {
      title: say(cliWebhookWords.kinds),
      of: (row: WebhookAnswer) => row.kinds?.join(' ') ?? say(cliWebhookWords.everything),
    },
    { title: say(headingWords.state), of: (row: WebhookAnswer) => row.state },
    { title: say(cliWebhookWords.lastSuccess), of: (row: WebhookAnswer) => row.lastSuccessAt ?? '–' },
    { title: say(cliWebhookWords.failures), of: (row: WebhookAnswer) => row.failuresInARow, right: true },
    { title: say(cliWebhookWords.lastProblem), of: (row: WebhookAnswer) => row.lastProblem ?? '–' },
  ];
  return printTable(output, columns, rows);
}

async function deliveries(id: string, query: { limit?: string; cursor?: string }, output: Output): Promise<void> {
  const call = { method: 'GET', path: path`/v1/webhooks/${id}/deliveries`, query } as const;
  await answerWith<DeliveryPage>(call, output, async (page) => {
    await showDeliveries(page.deliveries, output);
    tellNext(output, page.next);
  });
}

export function showDeliveries(rows: DeliveryPage['deliveries'], output: Output): Promise<void> {
  const { say } = output;
  type Row = DeliveryPage['deliveries'][number];
  const columns = [
    { title: 'id', of: (row: Row) => row.id },
    { title: say(cliWebhookWords.to), of: (row: Row) => row.mail ?? row.webhook },
    { title: say(cliWebhookWords.alert), of: (row: Row) => row.alert ?? '–' },
    { title: say(cliWebhookWords.kind), of: (row: Row) => row.kind ?? 'test' },
    { title: say(headingWords.state), of: (row: Row) => row.state },
    { title: say(cliWebhookWords.tries), of: (row: Row) => row.tries, right: true },
    { title: say(cliWebhookWords.made), of: (row: Row) => row.madeAt },
    { title: say(cliWebhookWords.next), of: (row: Row) => row.nextAt ?? '–' },
    { title: say(cliWebhookWords.problem), of: (row: Row) => row.problem ?? '–' },
  ];
  return printTable(output, columns, rows);
}
