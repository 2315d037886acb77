// The real HTTP application on a database of its own, with a clock that tests set.

import type { FastifyInstance } from 'fastify';
import { parseInstant } from '../../src/core/instant.ts';
import type { Instant } from '../../src/core/units.ts';
import { buildHttp, type HttpOptions } from '../../src/http/app.ts';
import type { LedgerOptions } from '../../src/ledger/options.ts';
import { createKey } from '../../src/operations/api-keys.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

export type Json = { [field: string]: unknown };
export type Method = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PATCH' | 'DELETE';

export interface Reply {
  readonly status: number;
  readonly json: Json;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface OpenApp {
  readonly app: FastifyInstance;
  readonly suanpan: Suanpan;
  readonly connectionString: string;
  /** The operator's key, used where a call gives no `authorization`. */
  readonly operator: string;
  setClock(text: string): void;
  call(method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** The same with an Idempotency-Key of its own. */
  once(method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** A new key of an account, as an `authorization` header. */
  keyOf(account: string): Promise<{ readonly authorization: string }>;
  /** Everything the ledger holds, as text: two of them are equal when nothing changed. */
  state(): Promise<string>;
  close(): Promise<void>;
}

export const instant = (text: string): Instant => {
  const at = parseInstant(text);
  if (at === undefined) throw new Error(`not a time: ${text}`);
  return at;
};

const pepper = 'pepper for tests';
/** What jobs need to deliver; receivers of tests are on this machine. */
export const sending = { pepper, anywhere: true, patience: 1_500, mail: null, publicUrl: 'http://127.0.0.1:8080' };

export async function openApp(
  start: string,
  options: Partial<LedgerOptions> &
    Pick<
      HttpOptions,
      'trustedProxies' | 'corsOrigins' | 'webhooksAnywhere' | 'paymentSecret' | 'secondPersonAbove' | 'hotConnections'
    > & { readonly sandbox?: boolean; readonly databaseOf?: () => Promise<FreshDatabase> } = {},
): Promise<OpenApp> {
  const {
    trustedProxies,
    corsOrigins = [],
    paymentSecret,
    webhooksAnywhere = true,
    secondPersonAbove = null,
    hotConnections = true,
    sandbox = true,
    databaseOf = freshDatabase,
    ...ledger
  } = options;
  const database = await databaseOf();
  let now = instant(start);
  const suanpan = await openSuanpan(database, () => now, ledger);
  const app = await buildHttp(suanpan, {
    pepper,
    corsOrigins,
    webhooksAnywhere,
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    paymentSecret,
    secondPersonAbove,
    hotConnections,
    ...(sandbox
      ? {
          setClock: (to: Instant) => {
            now = to;
          },
        }
      : {}),
  });
  const operator = (await createKey(suanpan.pool, { account: null, name: 'operator', by: 'local' }, pepper, now)).key;
  let serial = 0;
  const call = async (method: Method, url: string, body?: unknown, headers: Record<string, string> = {}) => {
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    const response = await app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${operator}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: raw ? body : JSON.stringify(body) }),
    });
    const isJson =
      /json/.test(String(response.headers['content-type'])) && !/ndjson/.test(String(response.headers['content-type']));
    return {
      status: response.statusCode,
      text: response.payload,
      json: isJson && method !== 'HEAD' ? (JSON.parse(response.payload) as Json) : {},
      headers: response.headers as Reply['headers'],
    };
  };
  return {
    app,
    suanpan,
    connectionString: database.connectionString,
    operator,
    setClock: (text) => {
      now = instant(text);
    },
    call,
    once: (method, url, body, headers = {}) => {
      serial += 1;
      return call(method, url, body, { 'idempotency-key': `once-${serial}`, ...headers });
    },
    keyOf: async (account) => {
      const { key } = await createKey(suanpan.pool, { account, name: 'test', by: 'local' }, pepper, now);
      return { authorization: `Bearer ${key}` };
    },
    state: () => stateOf(suanpan),
    close: async () => {
      await app.close();
      await suanpan.ledger.drain();
      await database.drop();
    },
  };
}

const tables = [
  'people',
  'approvals',
  'caps',
  'book_versions',
  'password_links',
  'price_books',
  'accounts',
  'account_heads',
  'events',
  'event_draws',
  'event_keys',
  'voids',
  'reviews',
  'holds',
  'hold_ends',
  'packs',
  'pack_refunds',
  'forfeits',
  'money_entries',
  'usage_days',
  'corrections',
  'bills',
  'orders',
  'standing_orders',
  'standing_purchases',
  'order_ends',
  'order_references',
  'api_keys',
  'account_changes',
  'account_notes',
  'gateway_credentials',
  'flow_tokens',
  'sweeps',
  'sweep_findings',
  'list_exports',
  'export_pieces',
  'alert_settings',
  'pack_thresholds',
  'idempotency_keys',
  'webhooks',
  'deliveries',
];

/** That somebody called is noted on his key, whatever came of it. */
const rowsOf = (table: string): string =>
  table === 'api_keys' ? `(select to_jsonb(k) - 'used_ms' from api_keys k)` : table;

async function stateOf({ pool }: Suanpan): Promise<string> {
  const parts = tables.map(
    (table) =>
      `select '${table}' as of, count(*)::text as rows, coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${rowsOf(table)} t`,
  );
  const { rows } = await pool.query<{ of: string; rows: string; digest: string }>(parts.join(' union all '));
  const { rows: heads } = await pool.query<{ head: string }>(
    `select account_id || ' v' || version || ' seq ' || coalesce(state::jsonb ->> 'seq', state) as head from account_heads order by 1`,
  );
  return [...rows.map((row) => `${row.of} ${row.rows} ${row.digest}`), ...heads.map(({ head }) => head)].join('\n');
}

/** An account with money, its calls on the meter that most tests use. */
export async function openAccountWith(open: OpenApp, id: string, balance: string, more: Json = {}): Promise<void> {
  const opened = await open.call('POST', '/v1/accounts', { id, book: 'faceid-legacy', ...more });
  if (opened.status !== 201) throw new Error(opened.text);
  if (balance === '0.00') return;
  const paid = await open.once('POST', `/v1/accounts/${id}/top-ups`, { amount: balance });
  if (paid.status !== 201) throw new Error(paid.text);
}

export const basic = 'liveness.basic.authority';

/** Events of one account at one time, one call each unless more is said. */
export const eventsAt =
  (time: string, account = 'acme') =>
  (id: string, more: Json = {}): Json => ({ id, account, meter: basic, calls: 1, time, ...more });
