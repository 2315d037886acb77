// What the database itself guards: unique keys and append-only tables. `verify` asks whether the guards still stand.

import type { ClientBase, Pool } from 'pg';
import { type AccountRange, rangeValues, within } from '../streams/ranges.ts';
import { awaitsStandby } from './standby.ts';

/** A valid unique index: "events (event_id, account_id)". */
export async function readUniqueKeys(client: ClientBase): Promise<Set<string>> {
  const { rows } = await client.query<{ key: string }>(
    `select c.relname || ' (' || string_agg(a.attname, ', ' order by k.place) || ')' as key
     from pg_index i
     join pg_class c on c.oid = i.indrelid
     cross join unnest(i.indkey) with ordinality as k(attribute, place)
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attribute
     where i.indisunique and i.indisvalid and i.indpred is null and c.relnamespace = current_schema()::regnamespace
     group by c.relname, i.indexrelid`,
  );
  return new Set(rows.map((row) => row.key));
}

/** What a table's enabled triggers refuse: "bills: update", "bills: delete", "bills: truncate". */
export async function readRefusedChanges(client: ClientBase): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string; type: number }>(
    `select c.relname as name, t.tgtype as type
     from pg_trigger t
     join pg_class c on c.oid = t.tgrelid
     join pg_proc p on p.oid = t.tgfoid
     where not t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgqual is null and t.tgattr = ''
       and p.proname = 'refuse_change' and p.prosrc ilike '%raise exception%'
       and c.relnamespace = current_schema()::regnamespace`,
  );
  const refused = new Set<string>();
  for (const { name, type } of rows) {
    const [row, before] = [(type & 1) !== 0, (type & 2) !== 0];
    if (!before) continue;
    if (row && (type & 8) !== 0) refused.add(`${name}: delete`);
    if (row && (type & 16) !== 0) refused.add(`${name}: update`);
    if ((type & 32) !== 0) refused.add(`${name}: truncate`);
  }
  return refused;
}

/** An event that stands more than once under its key; needed only where the key does not stand, or does not see all rows. */
export async function findRepeatedEvent(
  client: ClientBase,
  range: AccountRange,
): Promise<{ readonly account: string; readonly id: string; readonly times: number } | undefined> {
  const { rows } = await client.query<{ account_id: string; event_id: string; times: string }>(
    `select account_id, event_id, count(*)::text as times from events
     where ${within(range).of('account_id')}
     group by account_id, event_id having count(*) > 1 order by account_id, event_id limit 1`,
    [...rangeValues(range)],
  );
  const [row] = rows;
  return row && { account: row.account_id, id: row.event_id, times: Number(row.times) };
}

/** An end of an order whose reference is not kept for it, or a reference that is kept for no end. */
export async function findStrayReference(
  client: ClientBase,
  range: AccountRange,
): Promise<{ readonly account: string; readonly no: number; readonly reference: string } | undefined> {
  const ofRange = within(range).of('account_id');
  const ended = `select account_id, order_no, reference from order_ends where reference is not null and ${ofRange}`;
  const kept = `select account_id, order_no, reference from order_references where ${ofRange}`;
  const { rows } = await client.query<{ account_id: string; order_no: number; reference: string }>(
    `select * from ((${ended} except ${kept}) union all (${kept} except ${ended})) stray
     order by account_id, order_no, reference limit 1`,
    [...rangeValues(range)],
  );
  const [row] = rows;
  return row && { account: row.account_id, no: row.order_no, reference: row.reference };
}

/** Number of the newest migration applied; 0 for a database without a ledger. */
export async function readSchemaNumber(client: ClientBase | Pool): Promise<number> {
  const { rows: tables } = await client.query<{ there: boolean }>(
    `select to_regclass('schema_migrations') is not null as there`,
  );
  if (tables[0]?.there !== true) return 0;
  const { rows } = await client.query<{ no: number | null }>('select max(no) as no from schema_migrations');
  return rows[0]?.no ?? 0;
}

/** What a watch asks for: the database's clock, in milliseconds, and whether commits wait for a standby. */
export interface Pulse {
  readonly now: number;
  readonly awaitsStandby: boolean;
}

export async function readPulse(client: ClientBase | Pool): Promise<Pulse> {
  const { rows } = await client.query<Pulse>(
    `select (extract(epoch from clock_timestamp()) * 1000)::float8 as now, ${awaitsStandby} as "awaitsStandby"`,
  );
  return rows[0] ?? { now: Number.NaN, awaitsStandby: false };
}
