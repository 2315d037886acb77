// How long reading a large file takes, and how much memory: every form of the same calls through the command line, as people run it.
// sh scripts/node bench/files.ts [rows]; two million by default. Linux only: the peak is the kernel's own (VmHWM).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const rows = Number(process.argv[2] ?? 2_000_000);
const main = new URL('../src/cli/main.ts', import.meta.url).pathname;
/** Puts itself in the place of the shell, so its process is the one that was started. */
const node = new URL('../scripts/node', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'suanpan-files-'));
const at = (name: string): string => join(folder, name);

interface Form {
  readonly name: string;
  readonly head: string;
  readonly row: (id: string, day: number, time: string) => string;
  readonly between?: string;
  readonly end?: string;
}

const day = (of: number): string => String(of).padStart(2, '0');
const object = (id: string, of: number, time: string): string =>
  JSON.stringify({ id, account: 'acme', meter: 'identity', calls: 1, time: `2026-01-${day(of)}T${time}+08:00` });
const named = (id: string, of: number, time: string): string =>
  JSON.stringify({ 流水号: id, 接口: '四要素', 次数: '1', 调用时间: `2026/1/${of} ${time}`, 备注: '' });

const forms: readonly Form[] = [
  {
    name: 'plain.csv',
    head: 'id,account,meter,calls,time\n',
    row: (id, of, time) => `${id},acme,identity,1,2026-01-${day(of)}T${time}+08:00\n`,
  },
  {
    name: 'named.csv',
    head: '流水号,接口,次数,调用时间,备注\n',
    row: (id, of, time) => `${id},四要素,1,2026/1/${of} ${time},无\n`,
  },
  {
    name: 'quoted.csv',
    head: '"流水号","接口","次数","调用时间","备注"\n',
    row: (id, of, time) => `"${id}","四要素","1","2026/1/${of} ${time}","无"\n`,
  },
  { name: 'plain.ndjson', head: '', row: (...call) => `${object(...call)}\n` },
  { name: 'named.ndjson', head: '', row: (...call) => `${named(...call)}\n` },
  { name: 'array.json', head: '[', row: object, between: ',\n', end: ']' },
  { name: 'answer.json', head: `{"code":0,"data":{"total":${rows},"list":[`, row: named, between: ',', end: ']}}' },
];

async function write({ name, head, row, between = '', end = '' }: Form): Promise<void> {
  const out = createWriteStream(at(name));
  let text = head;
  for (let no = 0; no < rows; no += 1) {
    const time = `${day(no % 24)}:${day(no % 60)}:00`;
    text += (no === 0 ? '' : between) + row(`req-${no.toString(36)}-${(no * 7919).toString(36)}`, 1 + (no % 28), time);
    if (text.length < 1 << 20) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text + end);
  await finished(out);
}

/** Seconds and the peak of memory, in MB, of one command. */
async function run(name: string, args: readonly string[]): Promise<void> {
  const began = performance.now();
  const child = spawn('sh', [node, main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (piece) => {
    said += piece;
  });
  let peak = 0;
  const looking = setInterval(() => {
    const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readOrNothing(`/proc/${child.pid}/status`)) ?? [];
    peak = Math.max(peak, Number(kilobytes ?? 0));
  }, 20);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(looking);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${name.padEnd(36)} ${seconds.toFixed(1).padStart(6)} s ${(peak / 1000).toFixed(0).padStart(5)} MB\n`,
  );
  if (code !== 0 && code !== 1) throw new Error(`${name} ended with ${code}: ${said}`);
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

try {
  writeFileSync(at('bill.csv'), `kind,tariff,calls,unit_price,amount\npostpaid,identity,${rows},0.26,1.00\n`);
  const columns = { 流水号: 'id', 接口: 'meter', 次数: 'calls', 调用时间: 'time', 备注: null };
  const map = { columns, values: { meter: { 四要素: 'identity' } }, timeZone: 'Asia/Shanghai' };
  writeFileSync(at('map.json'), JSON.stringify(map));
  const judge = ['reconcile', '--book', 'faceid-legacy', '--bill', at('bill.csv'), '--month', '2026-01', '--usage'];
  for (const form of forms) {
    await write(form);
    const more = /named|quoted|answer/.test(form.name) ? ['--columns', at('map.json')] : [];
    await run(`reconcile ${form.name}`, [...judge, at(form.name), ...more]);
    if (form.name !== 'plain.csv') continue;
    await run('usage inspect plain.csv', ['usage', 'inspect', at(form.name)]);
    await run('usage import --dry-run plain.csv', ['usage', 'import', at(form.name), '--dry-run']);
    await pipeline(createReadStream(at(form.name)), createGzip({ level: 1 }), createWriteStream(at('plain.csv.gz')));
    await run('reconcile plain.csv.gz', [...judge, at('plain.csv.gz')]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
