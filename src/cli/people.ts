// suanpan people: who may sign in.

import type { Command } from 'commander';
import type { InvitedPerson, PersonAnswer, PersonPage } from '../http/contract/people.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliPeopleWords } from '../words/cli/people.ts';
import { path } from './client.ts';
import type { Output } from './output.ts';
import { allPagesOf, answerWith, examplesOf, printTable, withOnce } from './show.ts';

const examples = `suanpan people invite li@example.com --name Li --role owner --account acme
suanpan people invite wang@example.com --name Wang --role finance
suanpan people list --account acme
suanpan people set pe_1a2b… --role support
suanpan people set pe_1a2b… --off
suanpan people link pe_1a2b…
`;

interface InviteOptions {
  readonly name: string;
  readonly role: string;
  readonly account?: string;
  readonly language?: string;
  readonly idempotencyKey?: string;
}

interface Changes {
  readonly name?: string;
  readonly role?: string;
  readonly language?: string;
  readonly on?: true;
  readonly off?: true;
}

export function registerPeople(program: Command, output: Output): void {
  const { say } = output;
  const people = program
    .command('people')
    .description(say(cliPeopleWords.peopleCommand))
    .addHelpText('before', examplesOf(output, examples));
  withOnce(people.command('invite'), output)
    .description(say(cliPeopleWords.invite))
    .argument('<EMAIL>', say(cliPeopleWords.email))
    .requiredOption('--name <NAME>', say(headingWords.name))
    .requiredOption('--role <ROLE>', say(cliPeopleWords.role))
    .option('--account <ID>', say(cliPeopleWords.ofAccount))
    .option('--language <LANGUAGE>', say(cliPeopleWords.language))
    .action((email: string, options: InviteOptions) => invite(email, options, output));
  people
    .command('list')
    .description(say(cliPeopleWords.list))
    .option('--account <ID>', say(cliPeopleWords.oneAccountsOnly))
    .action((query: { account?: string }) => list(query, output));
  people
    .command('set')
    .description(say(cliPeopleWords.set))
    .argument('<ID>', say(cliPeopleWords.id))
    .option('--name <NAME>', say(headingWords.name))
    .option('--role <ROLE>', say(cliPeopleWords.role))
    .option('--language <LANGUAGE>', say(cliPeopleWords.language))
    .option('--off', say(cliPeopleWords.off))
    .option('--on', say(cliPeopleWords.on))
    .action((id: string, options: Changes) => change(id, options, output));
  people
    .command('link')
    .description(say(cliPeopleWords.link))
    .argument('<ID>', say(cliPeopleWords.id))
    .action((id: string) => renew(id, output));
}

async function invite(email: string, { idempotencyKey, ...who }: InviteOptions, output: Output): Promise<void> {
  const call = { method: 'POST', path: '/v1/people', body: { email, ...who }, once: { key: idempotencyKey } } as const;
  await answerWith<InvitedPerson>(call, output, (person) => showLink(person, output));
}

async function renew(id: string, output: Output): Promise<void> {
  const call = { method: 'POST', path: path`/v1/people/${id}/link` } as const;
  await answerWith<InvitedPerson>(call, output, (person) => showLink(person, output));
}

function showLink({ id, email, link }: InvitedPerson, output: Output): void {
  output.print(id);
  if (link.url === null) {
    output.tell(output.say(cliPeopleWords.goesByMail(email)));
    return;
  }
  output.print(link.url);
  output.tell(output.say(cliPeopleWords.handOn(link.expiresAt)));
}

async function list(query: { account?: string }, output: Output): Promise<void> {
  const call = { method: 'GET', path: '/v1/people', query } as const;
  await answerWith<PersonPage>(call, output, ({ people }) => showPeople(people, output), allPagesOf('people'));
}

async function change(id: string, { on, off, ...change }: Changes, output: Output): Promise<void> {
  if (on === true && off === true) {
    output.misused(cliPeopleWords.eitherOnOrOff);
    return;
  }
  const active = on === true ? true : off === true ? false : undefined;
  const call = { method: 'PATCH', path: path`/v1/people/${id}`, body: { ...change, active } } as const;
  await answerWith<PersonAnswer>(call, output, (person) => showPeople([person], output));
}

async function showPeople(people: readonly PersonAnswer[], output: Output): Promise<void> {
  const { say } = output;
  const columns = [
    { title: 'id', of: (person: PersonAnswer) => person.id },
    { title: say(cliPeopleWords.email), of: (person: PersonAnswer) => person.email },
    { title: say(headingWords.name), of: (person: PersonAnswer) => person.name },
    { title: say(headingWords.account), of: (person: PersonAnswer) => person.account ?? '–' },
    { title: say(cliPeopleWords.roleTitle), of: (person: PersonAnswer) => person.role },
    { title: say(cliPeopleWords.state), of: (person: PersonAnswer) => person.state },
    { title: say(cliPeopleWords.lastSignIn), of: (person: PersonAnswer) => person.lastSignInAt },
  ];
  await printTable(output, columns, people);
}
