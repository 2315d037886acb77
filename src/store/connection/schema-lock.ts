// Who works on a schema and who changes it. Each process holds a lock in common with the others for its life, on a connection of its
// own; a migration needs it alone. So no process goes on with heads of a form that another has changed under it.

import { setTimeout as wait } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { databaseWords } from '../../words/database.ts';
import { DatabaseUnavailable } from './server-lock.ts';

const migratingLock = '7280001';
const schemaLock = '7280002, 0';

/** Longest wait for those that are about to leave, milliseconds. */
const longestForOthers = 5_000;
/** Longest wait for another process that is migrating already. */
const longestForTurn = 60_000;
const pause = 200;

/** What a process calls itself in the database, so that others can tell who is connected. */
export const processName = (schema: number): string => `suanpan/${schema}`;
/** What processes called themselves when they held no lock yet. */
const unlockedName = 'suanpan';

async function locks(client: ClientBase, lock: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(`select ${lock} as locked`);
  return rows[0]?.locked === true;
}

/** Keeps the schema as it is while the connection lasts. False: it is being changed just now. */
export const holdSchema = (client: ClientBase): Promise<boolean> =>
  locks(client, `pg_try_advisory_lock_shared(${schemaLock})`);

/** Waits until no other process migrates; the turn ends with the connection. */
export async function takeMigratingTurn(client: ClientBase): Promise<void> {
  for (const began = performance.now(); !(await locks(client, `pg_try_advisory_lock(${migratingLock})`)); ) {
    if (performance.now() - began > longestForTurn) {
      throw new DatabaseUnavailable(databaseWords.anotherProcessIsBringingTheDatabase);
    }
    await wait(pause);
  }
}

/** Waits until this process has the database to itself; throws, with words, when others stay. Ends with the connection. */
export async function takeSchemaAlone(client: ClientBase, schema: number): Promise<void> {
  for (const began = performance.now(); ; await wait(pause)) {
    const isAlone = await locks(client, `pg_try_advisory_lock(${schemaLock})`);
    const others = await readOthers(client);
    if (isAlone && !others.has(unlockedName)) break;
    if (performance.now() - began > longestForOthers) throw othersStay(others, schema);
  }
  // A process whose own connection broke has lost the lock, but may be in the middle of a command.
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'suanpan/%' and application_name <> $1 and pid <> pg_backend_pid()`,
    [processName(schema)],
  );
}

/** Processes that keep the schema, and connections of those that know no lock, by what they call themselves. */
async function readOthers(client: ClientBase): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string; count: number }>(
    `select application_name as name, count(*)::integer as count from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and (application_name = $1 or pid in (
       select pid from pg_locks where locktype = 'advisory' and classid = 7280002 and objid = 0
         and mode = 'ShareLock' and granted))
     group by 1 order by 1`,
    [unlockedName],
  );
  return new Map(rows.map(({ name, count }) => [name, count]));
}

function othersStay(others: ReadonlyMap<string, number>, schema: number): DatabaseUnavailable {
  // "suanpan/7": one of schema 7. Without a number: connections of a program that held no lock yet, or was given another name.
  const named = [...others].map(([name, count]) => `${count} × ${name}`).join(', ');
  return new DatabaseUnavailable(databaseWords.databaseHasToBeBroughtUp(schema, named));
}

/** The schema is another than this program's. */
export function otherSchema(there: number, ours: number): DatabaseUnavailable {
  return there > ours
    ? new DatabaseUnavailable(databaseWords.databaseHasSchema(there, ours))
    : new DatabaseUnavailable(databaseWords.databaseHasSchemaByNow(there, ours));
}
