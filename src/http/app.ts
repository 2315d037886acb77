// The HTTP server: one Fastify, one way to refuse, routes by noun.

import { randomUUID } from 'node:crypto';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { usualOrderDays } from '../account/orders.ts';
import { refuse } from '../core/refusal.ts';
import type { Instant, Money } from '../core/units.ts';
import { usualPatience } from '../deliveries/deliver.ts';
import { Schedule } from '../jobs/schedule.ts';
import { freshen } from '../operations/change.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { addressOf, type DatabaseAddress } from '../store/connection/connect.ts';
import { WorkRoom } from '../threads/work-room.ts';
import { version } from '../version.ts';
import { registerAccounts } from './accounts.ts';
import { registerAlerts } from './alerts.ts';
import { registerApprovals } from './approvals.ts';
import { registerAudit } from './audit.ts';
import { registerAuthorizationSteps } from './authorization-steps.ts';
import { registerAuthorizations } from './authorizations.ts';
import { registerBills } from './bills.ts';
import { readBody, readJson, readLines } from './body-items.ts';
import { BodyShares } from './body-shares.ts';
import { registerBookVersions } from './book-versions.ts';
import { registerCaps } from './caps.ts';
import { registerCredentials } from './credentials.ts';
import { registerCredits } from './credits.ts';
import { registerEvents } from './events.ts';
import { refusalOf } from './failure.ts';
import { fileTurns } from './files.ts';
import { registerForecasts } from './forecasts.ts';
import { serveHotEvents } from './hot-events.ts';
import { registerJobs } from './jobs.ts';
import { Keys } from './key-check.ts';
import { registerKeys } from './keys.ts';
import { registerListExports } from './list-exports.ts';
import { registerLists } from './lists.ts';
import type { MetricsReaders } from './metrics.ts';
import { registerNotes } from './notes.ts';
import { type OidcSettings, registerOidc } from './oidc.ts';
import { openApiDocument } from './openapi.ts';
import { registerOperations } from './operations.ts';
import { registerOrders } from './orders.ts';
import { admitOrigins } from './other-origins.ts';
import { registerPacks } from './packs.ts';
import { registerPages } from './pages.ts';
import { registerPeople } from './people.ts';
import { readPlainArray, readPlainLines } from './plain-body.ts';
import { registerPlans } from './plans.ts';
import { registerPriceBooks } from './price-books.ts';
import { registerPrices } from './prices.ts';
import { sendProblem } from './problem.ts';
import { registerQuotes } from './quotes.ts';
import { type LogLevel, watchRequests } from './request-log.ts';
import { registerReviews } from './reviews.ts';
import type { RouteParts } from './route.ts';
import { registerSessions } from './sessions.ts';
import { registerStandingOrders } from './standing-orders.ts';
import { registerSweeps } from './sweeps.ts';
import { Turns } from './turns.ts';
import { registerWebhooks } from './webhooks.ts';
import { registerWhatIf } from './what-if.ts';
import { answerParserError, guardWire } from './wire.ts';

export interface HttpOptions {
  /** Secret that the hashes of keys depend on. */
  readonly pepper: string;
  /** Proxies whose word is taken for a caller's address. */
  readonly trustedProxies?: readonly string[];
  /** Origins whose pages may ask by a key; none if not given. */
  readonly corsOrigins?: readonly string[];
  readonly metrics?: MetricsReaders;
  /** Whole days that the transfer for an order may take. */
  readonly orderDays?: number;
  /** Acts on money above it wait for a second person; null, or none: none does. */
  readonly secondPersonAbove?: Money | null;
  /** What a payment system signs with that confirms orders. */
  readonly paymentSecret?: string | undefined;
  /** Webhooks may lead into one's own network, and go without TLS. */
  readonly webhooksAnywhere?: boolean;
  /** Whether people are written to, and where their browsers find the server. */
  readonly mails?: boolean;
  readonly publicUrl?: string;
  /** The identity provider that people may sign in by. */
  readonly oidc?: OidcSettings;
  /** Sandbox only. */
  readonly setClock?: (to: Instant) => void | Promise<void>;
  /** The jobs of this server, and whether it runs them by itself. */
  readonly schedule?: Schedule;
  readonly scheduled?: boolean;
  /** Where log lines go; silent without. */
  readonly logTo?: { write(line: string): void };
  /** How much is logged; warn if not given. */
  readonly logLevel?: LogLevel;
  /** Whether events may come by connections without a framework; so unless told otherwise. */
  readonly hotConnections?: boolean;
}

/** Where a browser of this machine finds the server, unless it is told otherwise. */
const usualUrl = 'http://127.0.0.1:8080';

const readBooksEvery = 60_000;

/** How long requests under way may take once the server is told to stop. */
const drainMilliseconds = 10_000;

/** Until a connection without a request ends. */
const idleMilliseconds = 72_000;

/** One command of an account at a time, and connections left for what only reads. */
const commandTurns = { mostOfOne: 1, most: 6, mostWaiting: 16, patience: 8_000 };

/** Together with those of commands fewer than a caller would need to hold all connections. */
const readTurns = { mostOfOne: 3, most: 8, mostWaiting: 100, patience: 8_000 };

/** Bodies of more than 64 KiB that are read or worked off. */
const bodyLimits = { mostOfOne: 64 * 1024 * 1024, most: 256 * 1024 * 1024 };

const roomsOn = (database: DatabaseAddress): RouteParts['rooms'] => ({
  keyed: new WorkRoom(database, { threads: 3, longThreads: 2 }),
  strangers: new WorkRoom(database, { threads: 2, longThreads: 1 }),
});

/** Nouns whose routes need no more than what all have. */
const nouns: readonly ((parts: RouteParts) => void)[] = [
  registerEvents,
  registerLists,
  registerListExports,
  registerAuthorizations,
  registerAuthorizationSteps,
  registerSweeps,
  registerAccounts,
  registerNotes,
  registerApprovals,
  registerCredits,
  registerCaps,
  registerPacks,
  registerOrders,
  registerStandingOrders,
  registerBills,
  registerQuotes,
  registerForecasts,
  registerWhatIf,
  registerPlans,
  registerPriceBooks,
  registerPrices,
  registerBookVersions,
  registerReviews,
  registerAudit,
  registerAlerts,
];

export async function buildHttp(suanpan: Suanpan, options: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger:
      options.logTo === undefined
        ? false
        : {
            level: options.logLevel ?? 'warn',
            stream: options.logTo,
            redact: ['req.headers.authorization', 'req.headers["idempotency-key"]'],
          },
    // One logger for all: a child for each call costs more than it says, and an error is logged with its request's id anyhow.
    childLoggerFactory: (logger) => logger,
    // Our own line says more in less: watchRequests.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 64 * 1024,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: idleMilliseconds,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000, requireHostHeader: false },
    clientErrorHandler: answerParserError,
    forceCloseConnections: 'idle',
    // Its own answer is no problem document; see refuseWhileStopping.
    return503OnClosing: false,
    genReqId: (request) => safeId(request.headers['x-request-id']) ?? randomUUID(),
    routerOptions: { maxParamLength: 800 },
    // Paths that are no paths, before any route and any hook.
    frameworkErrors: (error, request, reply) => refuseError(error, request, withOwnHeaders(request, reply)),
  });
  admitOrigins(app, options.corsOrigins ?? []);
  readBodies(app);
  const isWatched = watchRequests(app, options.logTo === undefined ? 'silent' : (options.logLevel ?? 'warn'));
  endConnectionsInTime(app);
  followBooks(app, suanpan);
  refuseWhileStopping(app);
  // Not async: this runs on every call, and a promise each would cost more than the hook itself.
  app.addHook('onSend', (request, reply, payload, done) => {
    withOwnHeaders(request, reply);
    done(null, payload);
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => refuseError(error, request, reply));
  guardWire(app);
  app.decorateRequest('caller', null);
  app.decorateRequest('bodyShare', null);
  const parts = partsOf(app, suanpan, options);
  for (const register of nouns) register(parts);
  if (options.hotConnections !== false && !isWatched) serveHotEvents(parts, idleMilliseconds, drainMilliseconds);
  registerWithOptions(parts, suanpan, options);
  const document = JSON.stringify(openApiDocument(parts.documented, version));
  app.get('/v1/openapi.json', async (_request, reply) => reply.type('application/json; charset=utf-8').send(document));
  await registerPages(app, JSON.parse(document), options.oidc !== undefined);
  return app;
}

/** Nouns whose routes need to be told how the server is set up. */
function registerWithOptions(parts: RouteParts, suanpan: Suanpan, options: HttpOptions): void {
  const sending = {
    pepper: options.pepper,
    anywhere: options.webhooksAnywhere ?? false,
    patience: usualPatience,
    mail: null,
    publicUrl: options.publicUrl ?? usualUrl,
  };
  registerWebhooks(parts, sending);
  const schedule = options.schedule ?? new Schedule(suanpan, sending);
  registerJobs(parts, schedule, options.scheduled ?? false);
  registerKeys(parts, options.pepper);
  registerCredentials(parts, options.pepper);
  const { pepper, mails = false, publicUrl = usualUrl } = options;
  if (options.oidc !== undefined) registerOidc(parts.app, suanpan, options.oidc, { pepper, mails, publicUrl });
  registerPeople(parts, { pepper, mails, publicUrl });
  registerSessions(parts, { pepper, mails, publicUrl });
  registerOperations(parts, schedule, { metrics: options.metrics ?? 'key', setClock: options.setClock });
}

function partsOf(
  app: FastifyInstance,
  suanpan: Suanpan,
  { pepper, orderDays = usualOrderDays, paymentSecret, secondPersonAbove = null }: HttpOptions,
): RouteParts {
  const rooms = roomsOn(addressOf(suanpan.pool));
  app.addHook('onClose', async () => void (await Promise.all([rooms.keyed.close(), rooms.strangers.close()])));
  return {
    app,
    suanpan,
    keys: new Keys(suanpan, pepper),
    rooms,
    turns: new Turns(commandTurns),
    readTurns: new Turns(readTurns),
    fileTurns: new Turns(fileTurns),
    bodies: new BodyShares(bodyLimits),
    secondPersonAbove,
    orderDays,
    paymentSecret,
    hot: { answered: 0, handedOver: 0 },
    documented: [],
  };
}

const withOwnHeaders = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');

const safeId = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && /^[A-Za-z0-9._-]{1,100}$/.test(header) ? header : undefined;

const takesPlain = ({ method, routeOptions }: FastifyRequest): boolean =>
  method === 'POST' && routeOptions.url === '/v1/events';

/** JSON in its various names, and NDJSON as an array of its lines; a broken line becomes an item that is refused. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const read = (types: string[], parse: (text: string) => unknown, plain: (body: Buffer) => unknown) =>
    app.addContentTypeParser<Buffer>(types, { parseAs: 'buffer' }, (request, body, done) => {
      request.bodyShare?.shrink(body.length);
      let value: unknown;
      try {
        // A command whose fields are all optional may come with no body.
        value = (takesPlain(request) ? plain(body) : undefined) ?? readBody(body, parse);
      } catch (error) {
        done(error as Error);
        return;
      }
      if (value instanceof Promise) value.then((read) => done(null, read), done);
      else done(null, value);
    });
  read(
    ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'],
    readJson,
    readPlainArray,
  );
  read(['application/x-ndjson', 'application/ndjson', 'application/jsonl'], readLines, readPlainLines);
}

/**
 * Another server may have put another document in the place of a book that nobody used yet, or announced other prices and result codes, which
 * calls are judged by a day later at the earliest.
 */
function followBooks(app: FastifyInstance, { pool, books }: Suanpan): void {
  const read = async () => {
    const ids = books.all().map(({ book }) => book.id);
    await books.catchUp(pool, ids);
    await freshen(pool, books, ids);
  };
  const reading = setInterval(() => void read().catch(() => {}), readBooksEvery).unref();
  app.addHook('onClose', (_app, done) => {
    clearInterval(reading);
    done();
  });
}

/** A client that never ends its request must not keep a server from stopping: Node's own checks end with the listening. */
function endConnectionsInTime(app: FastifyInstance): void {
  app.addHook('preClose', (done) => {
    const end = setTimeout(() => app.server.closeAllConnections(), drainMilliseconds).unref();
    app.server.once('close', () => clearTimeout(end));
    done();
  });
}

/** What still arrives on open connections once the server is told to stop; Fastify closes the connection after it. */
function refuseWhileStopping(app: FastifyInstance): void {
  let stopping = false;
  app.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (stopping) sendProblem(request, reply, refuse('STOPPING'));
    else done();
  });
}

const refuseError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(request, reply, refusalOf(error, request));
