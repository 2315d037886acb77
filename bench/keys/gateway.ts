// gateway: what a call takes longer than at the provider itself, by the gateway and by a plain reverse proxy, 64 callers at a time.

import { createCredential, secretKeyOf } from '../../src/operations/credentials.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { type Bench, freshLedger, freshPrefix, startServer } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { type Spending, spending, spentEach } from '../cpu-times.ts';
import { type LedgerDatabase, pepper, reconcile } from '../ledger-database.ts';
import { type Measured, median, part, rounded } from '../measure.ts';
import type { Called, Calling } from '../processes/callers.ts';
import { measured, prepare, type Side } from '../rounds.ts';

const ways = ['provider', 'proxy', 'gateway'] as const;
type Way = (typeof ways)[number];
type Round = Called & Spending;

const callers = 64;
const accounts = 100;
/** Milliseconds of the provider, which the real one takes at least. */
const takes = 200;
/** Milliseconds that a call may take longer, of a hundred but one. */
const mostAdded = 15;

interface Parts {
  readonly ledger: LedgerDatabase;
  readonly prefix: string;
  readonly provider: Child;
  readonly crowd: Child;
  readonly credentials: Calling['credentials'];
  readonly urls: Readonly<Record<Way, string>>;
  readonly pids: Readonly<Record<Way, readonly number[]>>;
}

async function openParts(bench: Bench): Promise<Parts> {
  const { endings, options } = bench;
  const ledger = await freshLedger(bench);
  const server = await startServer(bench, ledger.url);
  const prefix = freshPrefix();
  await ledger.openAccounts(prefix, accounts);
  const flags = { flags: options.nodeFlags };
  const [provider, crowd] = [startChild(endings, 'provider'), startChild(endings, 'callers')];
  const [gateway, proxy] = [startChild(endings, 'gateway', flags), startChild(endings, 'proxy', flags)];
  const upstream = await provider.ask<string>({ takes });
  const asked = { ledger: server.url, key: await ledger.key(), upstream };
  return {
    ...{ ledger, prefix, provider, crowd },
    credentials: await credentialsOf(ledger, prefix),
    urls: { provider: upstream, proxy: await proxy.ask({ upstream }), gateway: await gateway.ask(asked) },
    pids: { provider: [], proxy: [proxy.pid], gateway: [gateway.pid, server.child.pid] },
  };
}

async function credentialsOf({ suanpan }: LedgerDatabase, prefix: string): Promise<Calling['credentials']> {
  const made: { secretId: string; secretKey: string }[] = [];
  for (let at = 0; at < accounts; at += 1) {
    const asked = { account: `${prefix}${at}`, name: 'bench' };
    const credential = await inTransaction(suanpan.pool, (tx) => createCredential(tx, suanpan, asked, 'bench'));
    if ('refused' in credential) throw new Error(credential.refused);
    const { secretId, generation } = credential;
    made.push({ secretId, secretKey: secretKeyOf(pepper, secretId, generation) });
  }
  return made;
}

/** Each call answered is an event stored and a call counted: all that was ever called by the gateway. */
function sidesOf(parts: Parts): (way: Way) => Side<Round> {
  const { ledger, prefix, crowd, credentials, urls, pids } = parts;
  let calls = 0;
  return (way) => async (own) => {
    const calling: Calling = { url: urls[way], callers, seconds: own.options.seconds, credentials };
    const called = await spending(
      own,
      pids[way],
      () => crowd.ask<Called>(calling),
      (each) => each.calls,
    );
    if (way === 'gateway') calls += called.calls;
    reconcile({ events: calls, calls }, await ledger.totals(prefix));
    return called;
  };
}

type Rounds = Readonly<Record<Way, Round[]>>;

async function roundsOf(bench: Bench, side: (way: Way) => Side<Round>, rounds: number): Promise<Rounds> {
  const results: Record<Way, Round[]> = { provider: [], proxy: [], gateway: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) results[way].push(await measured(bench, side(way)));
  }
  return results;
}

/** Beyond the provider's own of the same round. */
const addedBy = (rounds: Rounds, way: Way, which: 'p50' | 'p99'): number[] =>
  rounds[way].map((round, at) => round[which] - (rounds.provider[at]?.[which] ?? Number.NaN));

const middle = (values: readonly number[]): number => rounded(median(values), 2);

const figuresOf = (rounds: Rounds) =>
  Object.fromEntries(
    ways.map((way) => [
      way,
      {
        callsPerSecond: Math.round(median(rounds[way].map(({ calls, seconds }) => calls / seconds))),
        ...{ p50: middle(rounds[way].map(({ p50 }) => p50)), p99: middle(rounds[way].map(({ p99 }) => p99)) },
        ...(way === 'provider'
          ? {}
          : { added: { p50: middle(addedBy(rounds, way, 'p50')), p99: middle(addedBy(rounds, way, 'p99')) } }),
      },
    ]),
  );

export async function gateway(bench: Bench): Promise<Measured> {
  const parts = await openParts(bench);
  const side = sidesOf(parts);
  await prepare(bench, ...ways.map(side));
  const rounds = await roundsOf(bench, side, bench.options.rounds);
  const added = addedBy(rounds, 'gateway', 'p99');
  const beside = addedBy(rounds, 'proxy', 'p99');
  await parts.provider.ask({ takes: 0 });
  const hurried = await roundsOf(bench, side, 1);
  return {
    parts: [
      part(
        `p99 added / ${mostAdded} ms`,
        'most',
        1,
        added.map((each) => each / mostAdded),
      ),
    ],
    spent: { gateway: spentEach(rounds.gateway), proxy: spentEach(rounds.proxy) },
    figures: {
      ...figuresOf(rounds),
      addedOverProxys: middle(added.map((each, at) => each / (beside[at] ?? Number.NaN))),
      providerAtOnce: figuresOf(hurried),
      verifiedRows: await parts.ledger.verify(),
    },
  };
}
