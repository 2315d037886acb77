// batch100: batches over HTTP. import: a file through `suanpan usage import`'s own code. Both against a raw COPY of the same rows.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { type Bench, fewerWhenQuick, freshLedger, startServer } from '../bench.ts';
import { startChild } from '../child.ts';
import { type CpuTimes, type Spending, spending, spentEach } from '../cpu-times.ts';
import { Endings } from '../endings.ts';
import { EventStream, requestBody } from '../event-stream.ts';
import { type Loaded, loadEvents, type Shape, straddlingShare } from '../http-rounds.ts';
import { type LedgerDatabase, reconcile, smallPacks } from '../ledger-database.ts';
import { type Measured, median, type Part, part, quotients, rounded } from '../measure.ts';
import type { ImportOrder, ImportResult } from '../processes/import.ts';
import { copyEventsRaw, type RawCopy } from '../raw-copy.ts';
import { measured, prepare, type Side } from '../rounds.ts';

const batches: Shape = { accounts: 1_000, connections: 64, batch: 100, duplicates: 0.02 };

const rawRate = ({ rows, seconds }: RawCopy): number => rows / seconds;

/** COPY of a round's rows; what Node spends on it is the generator's. */
const copyRaw = (bench: Bench, ledger: LedgerDatabase, prefix: string): Promise<RawCopy & Spending> =>
  spending(
    bench,
    [],
    () => copyEventsRaw(ledger.suanpan.pool, prefix),
    ({ rows }) => rows,
  );

/** Rows can be copied raw only after they were settled: within a round the order is fixed, rounds follow one another. */
export async function batch100(bench: Bench): Promise<Measured> {
  const ledger = await freshLedger(bench);
  const server = await startServer(bench, ledger.url);
  const round = { ledger, key: await ledger.key(), servers: [server], shape: batches };
  const load: Side<Loaded> = (own) => loadEvents(own, round);
  await prepare(bench, load);
  const rounds: Loaded[] = [];
  const copies: (RawCopy & Spending)[] = [];
  for (let count = 0; count < bench.options.rounds; count += 1) {
    await bench.cluster.checkpoint();
    const loaded = await measured(bench, load);
    rounds.push(loaded);
    copies.push(await copyRaw(bench, ledger, loaded.prefix));
  }
  const raw = copies.map(rawRate);
  const events = rounds.map(({ rate }) => rate * batches.batch);
  return {
    parts: [part('events over raw COPY', 'least', 0.45, quotients(events, raw))],
    spent: { events: spentEach(rounds), 'raw COPY': spentEach(copies) },
    figures: {
      eventsPerSecond: Math.round(median(events)),
      rawRowsPerSecond: Math.round(median(raw)),
      p99: rounded(median(rounds.map(({ p99 }) => p99)), 1),
      straddling: rounds.map(({ totals }) => straddlingShare(totals))[0],
      verifiedRows: await ledger.verify(),
    },
  };
}

const sizes = [
  { accounts: 10, goal: 0.65 },
  { accounts: 1_000, goal: 0.65 },
  { accounts: 100_000, goal: 0.4 },
] as const;

export async function importFiles(bench: Bench): Promise<Measured> {
  const parts: Part[] = [];
  const figures: Record<string, unknown> = {};
  const spent: Record<string, CpuTimes | undefined> = {};
  for (const { accounts, goal } of sizes) {
    const name = `${accounts.toLocaleString('en')} accounts`;
    const results = await measureImport(bench, accounts);
    const [events, raw] = [results.map(({ events }) => events), results.map(({ raw }) => raw)];
    parts.push(part(name, 'least', goal, quotients(events, raw)));
    spent[name] = spentEach(results);
    spent[`raw COPY, ${name}`] = spentEach(results.map(({ copied }) => copied));
    figures[name] = {
      eventsPerSecond: Math.round(median(events)),
      rawRowsPerSecond: Math.round(median(raw)),
      memoryMiB: Math.max(...results.map(({ memoryMiB }) => memoryMiB)),
      straddling: results[0]?.straddling,
      verifiedRows: results[0]?.verified,
    };
  }
  return { parts, spent, figures };
}

const warmPrefix = 'w';

/** Each round imports the same file into a fresh copy of one database, behind another file into other accounts of it. */
async function measureImport(bench: Bench, accounts: number) {
  const prefix = 'a';
  const base = await freshLedger(bench);
  await base.openAccounts(prefix, accounts, accounts > 10_000 ? [7, 40] : smallPacks);
  await base.openAccounts(warmPrefix, 1_000);
  await base.close();
  const warm = await writeEvents(bench, warmPrefix, 1_000, bench.options.quick ? 20_000 : 200_000);
  const count = bench.options.quick ? 100_000 : 1_000_000;
  const file = await writeEvents(bench, prefix, accounts, count);
  const results = [];
  for (let round = 0; round < fewerWhenQuick(bench); round += 1) {
    const endings = new Endings();
    const own = { ...bench, endings };
    try {
      const ledger = await freshLedger(own, base.name);
      const child = startChild(endings, 'import', { flags: bench.options.nodeFlags });
      const order = (path: string): ImportOrder => ({
        databaseUrl: ledger.url,
        file: path,
        rejects: join(bench.cluster.folder, 'rejects'),
      });
      await child.ask<ImportResult>(order(warm.path));
      await bench.cluster.checkpoint();
      const rows = (): number => file.events + file.duplicates;
      const result = await spending(bench, [child.pid], () => child.ask<ImportResult>(order(file.path)), rows);
      await child.end();
      const totals = await ledger.totals(prefix);
      if (result.accepted !== file.events || result.duplicates !== file.duplicates) {
        throw new Error(`imported ${JSON.stringify(result)} of ${file.events} events, ${file.duplicates} duplicates`);
      }
      reconcile(file, totals);
      const copied = await copyRaw(bench, ledger, prefix);
      const verified = round === 0 && !(bench.options.quick && accounts > 10_000) ? await ledger.verify() : 0;
      await ledger.close();
      await bench.cluster.drop(ledger.name);
      results.push({
        events: (file.events + file.duplicates) / result.seconds,
        raw: rawRate(copied),
        copied,
        spent: result.spent,
        memoryMiB: rounded(result.memoryMiB, 0),
        straddling: straddlingShare(totals),
        verified,
      });
    } finally {
      await endings.run();
    }
  }
  return results;
}

async function writeEvents(bench: Bench, prefix: string, accounts: number, count: number) {
  const path = join(bench.cluster.folder, `events-${prefix}-${accounts}.ndjson`);
  const stream = new EventStream({ prefix, accounts, batch: 1, duplicates: 0.02, ids: 'time-ordered' });
  const file = createWriteStream(path);
  let lines: string[] = [];
  for (let line = 0; line < count; line += 1) {
    lines.push(requestBody(stream.next()));
    if (lines.length < 2_000) continue;
    if (!file.write(`${lines.join('\n')}\n`)) await once(file, 'drain');
    lines = [];
  }
  file.end(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  await once(file, 'finish');
  return { path, events: stream.events, calls: stream.calls, duplicates: stream.duplicates };
}
