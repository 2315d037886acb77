// Who may do what around the embedded PostgreSQL: what it is told of our environment, as whom the application enters, who else
// may, what lies open on the disk, and as which system user it runs.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPepper } from '../../src/configuration.ts';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { type Embedded, startEmbedded } from '../../src/store/connection/embedded.ts';
import { migrate } from '../../src/store/connection/migrate.ts';
import { readRole } from '../../src/store/connection/role.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-access-'));
const dataFolder = join(folder, 'deep', 'data');
const canary = 'canary-1f6c';
let embedded: Embedded;

beforeAll(async () => {
  for (const name of ['SUANPAN_PEPPER', 'SUANPAN_API_KEY', 'DATABASE_URL', 'ANYTHING', 'PGPASSWORD'])
    process.env[name] = canary;
  embedded = await startEmbedded({ dataFolder });
  for (const name of ['SUANPAN_PEPPER', 'SUANPAN_API_KEY', 'DATABASE_URL', 'ANYTHING', 'PGPASSWORD'])
    delete process.env[name];
});
afterAll(async () => {
  await embedded.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function asked<Row extends object>(connectionString: string, ...statements: readonly string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const statement of statements) ({ rows } = await client.query<Row>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

test('the server is told nothing of our environment but what it needs', async () => {
  const lines = await asked<{ line: string }>(
    embedded.administratorString,
    'create temporary table seen (line text)',
    `copy seen from program 'env'`,
    'select line from seen',
  );
  const names = lines.map(({ line }) => line.split('=')[0]);
  expect(names).toContain('PATH');
  expect(lines.filter(({ line }) => line.includes(canary))).toEqual([]);
  // PG… are the server's own words for its folders, PWD and the like the shell's that runs `env`.
  const known = /^(PATH|LD_LIBRARY_PATH|TMPDIR|LC_\w+|PG(SYSCONFDIR|LOCALEDIR|DATA|_\w+)|PWD|OLDPWD|SHLVL|_)$/;
  expect(names.filter((name = '') => !known.test(name))).toEqual([]);
});

test('the application is an ordinary role that owns its database and nothing else', async () => {
  const { pool, close } = await openDatabase({ dataFolder, joinRunning: true });
  try {
    expect(await readRole(pool)).toEqual({ name: 'suanpan_app', excess: [] });
    await migrate(pool);
    const refused = { code: '42501' };
    await expect(pool.query(`select pg_read_file('postgresql.conf')`)).rejects.toMatchObject(refused);
    await expect(pool.query('create role another superuser')).rejects.toMatchObject(refused);
    await expect(pool.query('create database another')).rejects.toMatchObject(refused);
    await expect(pool.query(`copy (select 1) to program 'true'`)).rejects.toMatchObject(refused);
  } finally {
    await close();
  }
});

test('nobody is trusted for his word', async () => {
  const rules = await asked<object>(
    embedded.administratorString,
    `select distinct type, auth_method, options::text, error from pg_hba_file_rules`,
  );
  expect(rules).toEqual([{ type: 'local', auth_method: 'peer', options: '{map=suanpan}', error: null }]);
  const users = await asked<{ sys_name: string }>(
    embedded.administratorString,
    'select sys_name from pg_ident_file_mappings where error is null order by 1',
  );
  const own = spawnSync('id', ['-un'], { encoding: 'utf8' }).stdout.trim();
  expect(users.map(({ sys_name }) => sys_name)).toEqual([...new Set([own, 'root'])].toSorted());
});

test('files are for their owner alone, folders too', () => {
  readPepper({}, dataFolder);
  const open: string[] = [];
  const walk = (place: string): void => {
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      if ((statSync(path).mode & 0o077) !== 0) open.push(path);
      if (entry.isDirectory()) walk(path);
    }
  };
  walk(dataFolder);
  walk(embedded.poolConfig.host);
  expect(open).toEqual([]);
  expect(statSync(embedded.poolConfig.host).mode & 0o777).toBe(0o700);
  // Where PostgreSQL runs as another user than we do, it may pass through and see nothing.
  expect(statSync(dataFolder).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o710 : 0o700);
});

test('a cluster of an earlier version is handed over to the ordinary role', async () => {
  const old = join(folder, 'old');
  const before = await startEmbedded({ dataFolder: old });
  const elsewhere = before.administratorString.replace('/suanpan?', '/postgres?');
  await asked(elsewhere, 'drop database suanpan', 'drop role suanpan_app', 'create database suanpan');
  const made = await openDatabase({ databaseUrl: before.administratorString, dataFolder: '' });
  const schema = await migrate(made.pool);
  await made.pool.query(`create view seen as select 1; create sequence counted; create type mood as enum ('well')`);
  await made.close();
  await before.stop();
  writeFileSync(join(old, 'postgres/pg_hba.conf'), 'local all all trust\n');

  const { pool, close } = await openDatabase({ dataFolder: old });
  try {
    expect(await migrate(pool)).toBe(schema);
    expect(await readRole(pool)).toEqual({ name: 'suanpan_app', excess: [] });
    const { rows } = await pool.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relowner <> 'suanpan_app'::regrole
       union all select proname from pg_proc where pronamespace = 'public'::regnamespace and proowner <> 'suanpan_app'::regrole
       union all select typname from pg_type where typnamespace = 'public'::regnamespace and typowner <> 'suanpan_app'::regrole`,
    );
    expect(rows).toEqual([]);
    await pool.query('alter table accounts add column more text');
  } finally {
    await close();
  }
});

const isRoot = process.getuid?.() === 0;

test('as root: a cluster that ran as "nobody" is taken from it', async (context) => {
  if (!isRoot) context.skip('only root can give a folder to another user');
  const old = join(folder, 'nobodys');
  await (await startEmbedded({ dataFolder: old })).stop();
  spawnSync('chown', ['-R', 'nobody', join(old, 'postgres')]);
  const nobody = statSync(join(old, 'postgres')).uid;
  await (await startEmbedded({ dataFolder: old })).stop();
  for (const name of ['.', 'PG_VERSION', 'base', 'pg_hba.conf'])
    expect(statSync(join(old, 'postgres', name)).uid, name).not.toBe(nobody);
});

const mayMount = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0;

test('as root, with no user "postgres": several first starts at once make one user of their own, not "nobody"', {
  timeout: 120_000,
}, async (context) => {
  if (!mayMount)
    context.skip('this machine allows no mounts: the accounts of the system itself would have to be changed');
  // The accounts are changed in a copy that this process alone sees.
  const script = `
    set -eu
    mount -t tmpfs tmpfs "$1/etc"
    cp -a /etc/. "$1/etc/"
    for file in passwd group shadow gshadow; do
      if [ -f "$1/etc/$file" ]; then sed -i '/^postgres:/d; /^suanpan:/d' "$1/etc/$file"; fi
    done
    mount --bind "$1/etc" /etc
    pids=
    for name in a b c; do "$2" "$3" "$1/$name" & pids="$pids $!"; done
    read -r _
    grep '^suanpan:' /etc/passwd
    for name in a b c; do stat -c 'user %U' "/proc/$(head -n 1 "$1/$name/postgres/postmaster.pid")"; done
    kill $pids
    for pid in $pids; do wait "$pid" || true; done`;
  const place = mkdtempSync(join(tmpdir(), 'suanpan-users-'));
  const holder = fileURLToPath(new URL('./hold-database.ts', import.meta.url));
  spawnSync('mkdir', [join(place, 'etc')]);
  const child = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', place, process.execPath, holder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let told = '';
  const allReady = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      told += chunk;
      if (told.match(/ready/g)?.length === 3) resolve();
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${told}`)));
  });
  await allReady;
  const ended = once(child, 'exit');
  child.stdin.end('\n');
  await ended;
  rmSync(place, { recursive: true, force: true });
  expect(told.match(/^suanpan:.*$/gm)).toEqual([expect.stringMatching(/:\/nonexistent:\S*nologin$/)]);
  expect(told.match(/^user .*$/gm)).toEqual(['user suanpan', 'user suanpan', 'user suanpan']);
  expect(readFileSync('/etc/passwd', 'utf8')).not.toMatch(/^suanpan:.*nonexistent/m);
});
