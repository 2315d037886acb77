// Starts the server: reads the configuration, builds the parts, listens, drains on a signal. The only file that knows everything.

import { isIPv6 } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import {
  type Configuration,
  ConfigurationError,
  otherPepper,
  readConfiguration,
  readPepper,
  usualServer,
} from './configuration.ts';
import { type Instant, instantOf } from './core/units.ts';
import { usualPatience } from './deliveries/deliver.ts';
import { linkUrl } from './deliveries/links.ts';
import { buildHttp } from './http/app.ts';
import { Schedule } from './jobs/schedule.ts';
import { adoptPepper, createKey, local } from './operations/api-keys.ts';
import { inviteFirstAdmin, linkToken } from './operations/people.ts';
import type { Advise } from './operations/standing-orders.ts';
import type { Suanpan } from './operations/suanpan.ts';
import { openSuanpan } from './operations/suanpan.ts';
import { addressOf, openDatabase } from './store/connection/connect.ts';
import { unavailable } from './store/connection/failures.ts';
import { announceHttp, DatabaseUnavailable } from './store/connection/server-lock.ts';
import type { Watch } from './store/connection/watch.ts';
import { countOperatorKeys } from './store/ledger/keys.ts';
import { settleKind } from './store/ledger/ledger-kind.ts';
import { Adviser } from './threads/adviser.ts';
import { setTracer } from './tracing.ts';
import { serverWords } from './words/server.ts';
import { both, words } from './words/words.ts';

export interface Running {
  readonly url: string;
  readonly suanpan: Suanpan;
  /** The operator key made by this start; null when there was one already. */
  readonly firstKey: string | null;
  /** Where the first admin sets a password, until one has; null: somebody has signed up. */
  readonly adminLink: { readonly email: string; readonly url: string } | null;
  /** Resolves, with words, when this server may not go on. */
  readonly mustStop: Promise<Error>;
  /** Answers what is under way, refuses what comes, and closes the database. */
  stop(): Promise<void>;
}

/** Starts a server and resolves when it listens. */
export async function start(
  configuration: Configuration,
  environment: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<Running> {
  const { dataFolder, databaseUrl, lanes, mostWaiting, cachedHeads } = configuration;
  const database = await openDatabase({ databaseUrl, dataFolder, lanes, log });
  const telemetry = await traceTo(configuration.telemetry);
  let http: Awaited<ReturnType<typeof buildHttp>> | undefined;
  try {
    const clock = settableClock(database.watch);
    const suanpan = await openSuanpan(database, clock.now, { lanes, mostWaiting, cachedHeads, log });
    const pepper = await pepperOf(suanpan, environment, dataFolder);
    const { webhooksAnywhere, mail } = configuration;
    const publicUrl = publicUrlOf(configuration);
    const sending = { pepper, anywhere: webhooksAnywhere, patience: usualPatience, mail, publicUrl };
    await refuseOtherKind(suanpan, configuration.sandbox, log);
    const adviser = new Adviser(addressOf(suanpan.pool));
    const advise: Advise = (account, product, now) => adviser.size(account, product, now);
    const schedule = new Schedule(suanpan, sending, log, advise);
    const setClock = configuration.jobs ? (to: Instant) => schedule.jump(to, clock.set) : clock.set;
    const app = await buildHttp(suanpan, {
      ...fromConfiguration(configuration),
      ...{ logTo: process.stderr, pepper, publicUrl, schedule },
      ...(configuration.sandbox ? { setClock } : {}),
    });
    http = app;
    const { port, host } = configuration;
    const url = await app.listen({ port, host }).catch((error: NodeJS.ErrnoException) => {
      throw cannotListen(error, `${host}:${port}`);
    });
    if (databaseUrl === undefined) announceHttp(dataFolder, url);
    // Now that nothing is left that could fail: a key is shown once, and one that nobody saw would shut the operator out.
    const firstKey = await makeFirstKey(suanpan, pepper);
    const adminLink = await linkOfFirstAdmin(suanpan, configuration, { pepper, url });
    if (configuration.jobs) schedule.start();
    const stop = async (): Promise<void> => {
      await schedule.stop();
      await adviser.close();
      await app.close();
      await suanpan.ledger.drain();
      await database.close();
      await telemetry?.stop();
    };
    return { url, suanpan, firstKey, adminLink, mustStop: database.mustStop, stop };
  } catch (error) {
    await http?.close();
    await database.close();
    throw unavailable(error) ?? error;
  }
}

/** The secret of the keys; throws where the database's were made with another. */
async function pepperOf({ pool }: Suanpan, environment: NodeJS.ProcessEnv, dataFolder: string): Promise<string> {
  const pepper = readPepper(environment, dataFolder);
  if (await adoptPepper(pool, pepper)) return pepper;
  const { zh, en } = otherPepper(dataFolder);
  throw new ConfigurationError(words(`${zh}。`, `${en}.`));
}

/** A real ledger must never have its clock set; a sandbox's may go on in real time, if that is what is meant. */
async function refuseOtherKind({ pool }: Suanpan, asked: boolean, log: (line: string) => void): Promise<void> {
  const { sandbox } = await settleKind(pool, asked);
  if (asked && !sandbox) throw new ConfigurationError(serverWords.noSandbox);
  if (sandbox && !asked) log(both(serverWords.wasSandbox));
}

/** The database's clock, shifted by a sandbox's caller. It goes on running from where it is set. */
function settableClock(watch: Watch): { readonly now: () => Instant; readonly set: (to: Instant) => void } {
  let shift = 0;
  return {
    now: () => instantOf(watch.now() + shift),
    set: (to) => {
      shift = to - watch.now();
    },
  };
}

/** What sends spans is loaded where they are wanted alone. */
async function traceTo(settings: Configuration['telemetry']) {
  const telemetry = settings === null ? undefined : (await import('./telemetry.ts')).openTelemetry(settings);
  setTracer(telemetry?.tracer);
  return telemetry;
}

const fromConfiguration = ({ mail, oidc, jobs, ...configuration }: Configuration) => ({
  logLevel: configuration.logLevel,
  trustedProxies: configuration.trustedProxies,
  corsOrigins: configuration.corsOrigins,
  metrics: configuration.metrics,
  hotConnections: configuration.hotConnections,
  orderDays: configuration.orderDays,
  secondPersonAbove: configuration.secondPersonAbove,
  paymentSecret: configuration.paymentSecret,
  webhooksAnywhere: configuration.webhooksAnywhere,
  mails: mail !== null,
  scheduled: jobs,
  ...(oidc === null ? {} : { oidc }),
});

/** Where it listens, unless it is told that browsers find it elsewhere. */
const publicUrlOf = ({ publicUrl, host, port }: Configuration): string =>
  publicUrl ?? `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;

async function linkOfFirstAdmin(
  suanpan: Suanpan,
  { publicUrl, adminEmail }: Configuration,
  { pepper, url }: { readonly pepper: string; readonly url: string },
): Promise<Running['adminLink']> {
  const first = await inviteFirstAdmin(suanpan, adminEmail);
  if (first === null) return null;
  return { email: first.email, url: linkUrl(publicUrl ?? url, linkToken(pepper, first.link)) };
}

async function makeFirstKey(suanpan: Suanpan, pepper: string): Promise<string | null> {
  if ((await countOperatorKeys(suanpan.pool)) > 0) return null;
  const order = { account: null, name: 'first operator key', by: local };
  return (await createKey(suanpan.pool, order, pepper, suanpan.clock())).key;
}

/** Whatever still hangs then is left behind: the ledger loses nothing when its process ends. */
const longestStop = 22_000;

/** A signal that comes twice within this time was sent once: npm passes on what the terminal has sent to all. */
const sameSignal = 1_000;

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * `suanpan serve`: runs until SIGINT, SIGTERM or SIGHUP. Resolves to the exit code: 0 stopped in order, 1 could not start, go
 * on or stop, 2 a wrong setting. A second signal ends at once, with 128 and the signal's number.
 */
export async function serve(): Promise<number> {
  const log = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  let running: Running;
  try {
    running = await start(readConfiguration(process.env), process.env, log);
  } catch (error) {
    if (error instanceof DatabaseUnavailable || error instanceof CannotListen) {
      log(error.message);
      return 1;
    }
    if (!(error instanceof ConfigurationError)) throw error;
    log(error.message);
    return 2;
  }
  const told = signalled(log);
  announce(running, (line) => process.stdout.write(`${line}\n`));
  const error = await Promise.race([told, running.mustStop]);
  if (error !== undefined) log(error.message);
  log(both(serverWords.stopping));
  setTimeout(() => {
    log(both(serverWords.notStopped(longestStop / 1000)));
    process.exit(1);
  }, longestStop).unref();
  await running.stop();
  return error === undefined ? 0 : 1;
}

/** Resolves with the first signal to end; the next one ends the process. */
function signalled(log: (line: string) => void): Promise<void> {
  let firstAt: number | undefined;
  return new Promise((resolve) => {
    for (const signal of endSignals) {
      process.on(signal, () => {
        firstAt ??= performance.now();
        resolve();
        if (performance.now() - firstAt < sameSignal) return;
        log(both(serverWords.signalAgain(signal)));
        process.exit(128 + constants.signals[signal]);
      });
    }
  });
}

class CannotListen extends Error {}

/** Which setting to change. */
function cannotListen({ code, message }: NodeJS.ErrnoException, address: string): CannotListen {
  const told =
    code === 'EADDRINUSE'
      ? serverWords.portInUse
      : code === 'EACCES'
        ? serverWords.portNotAllowed
        : serverWords.cannotListen;
  return new CannotListen(`${both(told)} (${address}: ${message})`);
}

function announce({ url, firstKey, adminLink }: Running, log: (line: string) => void): void {
  log(serverWords.ready(url));
  if (url !== usualServer) log(`export SUANPAN_URL=${url}`);
  if (firstKey !== null) {
    log(serverWords.firstKey(firstKey));
    log(`export SUANPAN_API_KEY=${firstKey}`);
  } else log(serverWords.keysExist(join('.', 'bin/suanpan')));
  if (adminLink !== null) log(serverWords.firstAdmin(adminLink.email, adminLink.url));
}
