// The parts of the statement that writes a group. Only those that a group needs stand in it. Where tables are spread by account each part
// that reads one names the accounts of the group once more as an array: the engine asks no other node then.

import { type Engine, namedAgain } from '../connection/engine.ts';
import { eventColumnNames, stagedEvents } from './copy-events.ts';

/**
 * Arrays as rows, each `?` the next parameter. In a select list, where they are read value by value: `from unnest(a, b, …)` would
 * store each array apart first, which takes twice as long.
 */
const rowsOf = (types: string): string =>
  `select ${types
    .split(' ')
    .map((type) => `unnest(?::${type}[])`)
    .join(', ')}`;

/** The group's accounts are the statement's first parameter. */
const within = (engine: Engine, column: string): string => namedAgain(engine, column, '$1');

const moved = (engine: Engine): string => `moved as (
    update account_heads h set version = h.version + 1, state = u.state, fixed = coalesce(u.fixed, h.fixed)
    from (${rowsOf('text bigint text text')}) as u(account_id, version, state, fixed)
    where h.account_id = u.account_id and h.version = u.version${within(engine, 'h.account_id')}
    returning 1)`;

const written = `written as (
    insert into events (${eventColumnNames})
    ${rowsOf('text text bigint bigint bigint bigint bigint integer smallint smallint smallint text text text text text')})`;

const unstaged = `written as (
    insert into events (${eventColumnNames}) select ${eventColumnNames} from ${stagedEvents})`;

const keyed = `keyed as (
    insert into event_keys (account_id, seq, key) ${rowsOf('text bigint text')})`;

const drawn = `drawn as (
    insert into event_draws (account_id, seq, place, pack_no, calls)
    ${rowsOf('text bigint smallint integer bigint')})`;

const held = (engine: Engine): string => `held as (
    insert into holds (account_id, hold_id, seq, meter, calls, at_ms, expires_ms, department, draws, postpaid,
                       by_operator, review)
    ${rowsOf('text text bigint smallint bigint bigint bigint text text bigint text[]::boolean text[]::boolean')}
    returning account_id, hold_id),
  taken as (
    select refuse_taken(e.event_id)
    from held h join events e on e.event_id = h.hold_id and e.account_id = h.account_id${within(engine, 'e.account_id')}),
  ended as (
    insert into hold_ends (account_id, hold_seq, seq, how, at_ms)
    ${rowsOf('text bigint bigint text bigint')})`;

const counted = `counted as (
    insert into usage_days as d (account_id, day, meter, payer, calls)
    ${rowsOf('text text[]::date smallint text bigint')}
    on conflict (account_id, day, meter, payer) do update set calls = d.calls + excluded.calls),
  corrected as (
    insert into corrections as c (account_id, period, arrival, meter, day, postpaid, drawn)
    select account_id, period, arrival, meter, day, sum(postpaid), sum(drawn)
    from (${rowsOf('text text text smallint text bigint bigint')})
      as u(account_id, period, arrival, meter, day, postpaid, drawn)
    group by account_id, period, arrival, meter, day
    on conflict (account_id, period, arrival, meter, day)
    do update set postpaid = c.postpaid + excluded.postpaid, drawn = c.drawn + excluded.drawn)`;

const outboxed = `outboxed as (
    insert into outbox (account_id, seq, place, kind, at_ms, details) ${rowsOf('text bigint smallint text bigint text')})`;

/** What commands write besides: each a part of the same statement. */
export const commandParts = {
  packs: `packed as (
    insert into packs (account_id, pack_no, pack_id, seq, product, gift, calls, price, bought_ms, effective_ms, expires_ms, department)
    ${rowsOf('text integer text bigint text text[]::boolean bigint bigint bigint bigint bigint text')})`,
  refunds: `refunded as (
    insert into pack_refunds (account_id, pack_no, seq, at_ms, exception) ${rowsOf('text integer bigint bigint text[]::boolean')})`,
  forfeits: `forfeited as (
    insert into forfeits (account_id, seq, pack_no, units, booked_ms) ${rowsOf('text bigint integer bigint bigint')})`,
  entries: `entered as (
    insert into money_entries (account_id, seq, kind, amount, balance, at_ms, reference)
    ${rowsOf('text bigint text bigint bigint bigint text')})`,
  bills: `billed as (
    insert into bills (account_id, period, bill_no, seq, closed_ms, digest, document)
    ${rowsOf('text text integer bigint bigint text text')})`,
  contracts: `agreed as (
    insert into contracts (account_id, contract_no, seq, from_period, at_ms, done_by, terms)
    ${rowsOf('text integer bigint text bigint text text')})`,
  orders: `ordered as (
    insert into orders (account_id, order_no, seq, at_ms, pay, amount, lapses_ms, goods, done_by)
    ${rowsOf('text integer bigint bigint text bigint text[]::bigint text text')})`,
  orderEnds: `order_ended as (
    insert into order_ends (account_id, order_no, seq, at_ms, how, received, reference, done_by)
    ${rowsOf('text integer bigint bigint text text[]::bigint text text')}),
  referred as (
    insert into order_references (reference, account_id, order_no) ${rowsOf('text text integer')})`,
  voids: `voided as (
    insert into voids (account_id, event_id, seq, at_ms, done_by) ${rowsOf('text text bigint bigint text')})`,
  reviews: `reviewed as (
    insert into reviews (account_id, event_id, seq, at_ms, outcome, postpaid, pack_no, draw_count, done_by)
    ${rowsOf('text text bigint bigint smallint bigint integer smallint text')})`,
};

/**
 * Whether every one of these heads is still the one in the database, for answers that rest on it. Its parameters: accounts, versions;
 * where tables are spread accounts, accounts, versions, accounts.
 */
const standing: Readonly<Record<Engine, string>> = {
  postgresql: `standing as (
    select coalesce(bool_and(h.version = u.version), true) and count(*) = count(h.version) as all_stand
    from (${rowsOf('text bigint')}) as u(account_id, version) left join account_heads h on h.account_id = u.account_id)`,
  citus: `standing as (
    select count(*) = cardinality(?::text[]) as all_stand
    from (${rowsOf('text bigint')}) as u(account_id, version)
    join account_heads h on h.account_id = u.account_id and h.version = u.version and h.account_id = any(?::text[]))`,
};

export type CommandPart = keyof typeof commandParts;
export const commandPartNames = Object.keys(commandParts) as CommandPart[];

export interface Needs {
  /** The events lie in the table of `copyEvents`. */
  readonly copied: boolean;
  readonly keys: boolean;
  readonly draws: boolean;
  readonly holds: boolean;
  readonly counts: boolean;
  readonly told: boolean;
  readonly unchanged: boolean;
  /** Of a command; a group of calls has none of them. */
  readonly commands: readonly CommandPart[];
}

interface Statement {
  readonly name: string;
  readonly text: string;
}

const statements = new Map<string, Statement>();

/** The statement with the parts that a group needs, by a name of its own so that its plan is kept. */
export function statementOf(needs: Needs, engine: Engine): Statement {
  const { copied, keys, draws, holds, counts, told, unchanged, commands } = needs;
  const named = Object.entries({ copied, keys, draws, holds, counts, told, unchanged }).flatMap(([part, needed]) =>
    needed ? [part] : [],
  );
  const name = [engine === 'citus' ? 'save-shard-group' : 'save-group', ...named, ...commands].join('-');
  const known = statements.get(name);
  if (known !== undefined) return known;
  const parts = [moved(engine), copied ? unstaged : written];
  if (keys) parts.push(keyed);
  if (draws) parts.push(drawn);
  if (holds) parts.push(held(engine));
  if (counts) parts.push(counted);
  if (told) parts.push(outboxed);
  for (const part of commands) parts.push(commandParts[part]);
  if (unchanged) parts.push(standing[engine]);
  const stands = unchanged ? ' and (select all_stand from standing)' : '';
  const free = holds ? ', (select count(*) from taken)' : '';
  const verdict = `select 1 / (case when (select count(*) from moved) = cardinality($1::text[])${stands} then 1 else 0 end)${free}`;
  const statement = { name, text: numbered(`with ${parts.join(', ')} ${verdict}`) };
  statements.set(name, statement);
  return statement;
}

/** That these heads, and nothing else, are still what they were. */
export const stillStatement: Readonly<Record<Engine, Statement>> = {
  postgresql: still('still-unchanged', standing.postgresql),
  citus: still('still-unchanged-in-shard', standing.citus),
};

function still(name: string, part: string): Statement {
  return {
    name,
    text: numbered(`with ${part} select 1 / (case when (select all_stand from standing) then 1 else 0 end)`),
  };
}

function numbered(text: string): string {
  let parameters = 0;
  return text.replace(/\?/g, () => `$${++parameters}`);
}
