import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { announceHttp, processStart, readRun } from '../../src/store/connection/server-lock.ts';

let dataFolder: string;
const children: ChildProcess[] = [];
beforeAll(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
  // As in a checkout under /root: another user may not pass.
  chmodSync(dataFolder, 0o700);
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dataFolder, { recursive: true, force: true });
});

async function holdInAnotherProcess(env: NodeJS.ProcessEnv = process.env): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('./hold-database.ts', import.meta.url));
  const child = spawn(process.execPath, [program, dataFolder], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [first] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  expect(String(first)).toBe('ready\n');
  return child;
}

async function countKept(): Promise<bigint> {
  const { pool, close } = await openDatabase({ dataFolder, joinRunning: true });
  const { rows } = await pool.query<{ count: bigint }>('select count(*) from kept');
  await close();
  return rows[0]?.count ?? -1n;
}

const serverPid = (): number =>
  Number(readFileSync(join(dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

async function untilGone(pid: number): Promise<boolean> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (processStart(pid) === undefined) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

test('a folder has one server; others are refused or join it; a kill loses nothing', async () => {
  const holder = await holdInAnotherProcess();
  const run = readRun(dataFolder);
  expect(run).toMatchObject({ pid: holder.pid, port: 5432, database: 'suanpan' });

  const second = openDatabase({ dataFolder });
  await expect(second).rejects.toThrow(new RegExp(`pid ${holder.pid}\\)[\\s\\S]*${dataFolder}[\\s\\S]*数据目录`));
  expect(await countKept()).toBe(1n);

  const pid = serverPid();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(await untilGone(pid)).toBe(true);
  expect(readRun(dataFolder)).toBeUndefined();
  expect(await countKept()).toBe(1n);
});

test('a server left over by a killed process is stopped before the next start', async () => {
  const holder = await holdInAnotherProcess();
  const pid = serverPid();
  // Stopped, it cannot follow its parent; the next start finds it alive.
  process.kill(pid, 'SIGSTOP');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  setTimeout(() => process.kill(pid, 'SIGCONT'), 300);
  expect(await countKept()).toBe(2n);
  expect(processStart(pid)).toBeUndefined();
});

test('a lock whose pid belongs to another process by now is taken over', async () => {
  writeFileSync(join(dataFolder, 'server.lock'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
  const { close } = await openDatabase({ dataFolder });
  announceHttp(dataFolder, 'http://localhost:8080');
  expect(readRun(dataFolder)?.http).toBe('http://localhost:8080');
  await close();
  expect(existsSync(join(dataFolder, 'server.lock'))).toBe(false);
  expect(readRun(dataFolder)).toBeUndefined();
});
