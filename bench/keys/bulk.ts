// batch100: batches over HTTP. import: a file through `suanpan usage import`'s own code. Both against a raw COPY of the same rows.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { type Bench, fewerWhenQuick, freshLedger, startServer } from '../bench.ts';
import { startChild } from '../child.ts';
import { Endings } from '../endings.ts';
import { EventStream, requestBody } from '../event-stream.ts';
import { type Loaded, loadEvents, type Shape, spentEach, straddlingShare } from '../http-rounds.ts';
import { reconcile, smallPacks } from '../ledger-database.ts';
import { type Measured, median, type Part, part, quotients, rounded } from '../measure.ts';
import type { ImportOrder, ImportResult } from '../processes/import.ts';
import { copyEventsRaw, type RawCopy } from '../raw-copy.ts';

const batches: Shape = { accounts: 1_000, connections: 64, batch: 100, duplicates: 0.02 };

const rawRate = ({ rows, seconds }: RawCopy): number => rows / seconds;

/** Rows can be copied raw only after they were settled: within a round the order is fixed, rounds follow one another. */
export async function batch100(bench: Bench): Promise<Measured> {
  const ledger = await freshLedger(bench);
  const server = await startServer(bench, ledger.url);
  const round = { ledger, key: await ledger.key(), servers: [server], shape: batches };
  await loadEvents(bench, round);
  const rounds: Loaded[] = [];
  const raw: number[] = [];
  for (let count = 0; count < bench.options.rounds; count += 1) {
    await bench.cluster.checkpoint();
    const loaded = await loadEvents(bench, round);
    rounds.push(loaded);
    raw.push(rawRate(await copyEventsRaw(ledger.suanpan.pool, loaded.prefix)));
  }
  const events = rounds.map(({ rate }) => rate * batches.batch);
  return {
    parts: [part('events over raw COPY', 'least', 0.45, quotients(events, raw))],
    figures: {
      eventsPerSecond: Math.round(median(events)),
      rawRowsPerSecond: Math.round(median(raw)),
      p99: rounded(median(rounds.map(({ p99 }) => p99)), 1),
      microsecondsEach: spentEach(rounds),
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
  for (const { accounts, goal } of sizes) {
    const name = `${accounts.toLocaleString('en')} accounts`;
    const results = await measureImport(bench, accounts);
    const [events, raw] = [results.map(({ events }) => events), results.map(({ raw }) => raw)];
    parts.push(part(name, 'least', goal, quotients(events, raw)));
    figures[name] = {
      eventsPerSecond: Math.round(median(events)),
      rawRowsPerSecond: Math.round(median(raw)),
      importMicrosecondsEach: median(results.map(({ processor }) => processor)),
      memoryMiB: Math.max(...results.map(({ memoryMiB }) => memoryMiB)),
      straddling: results[0]?.straddling,
      verifiedRows: results[0]?.verified,
    };
  }
  return { parts, figures };
}

/** Each round imports the same file into a fresh copy of one database. */
async function measureImport(bench: Bench, accounts: number) {
  const prefix = 'a';
  const base = await freshLedger(bench);
  await base.openAccounts(prefix, accounts, accounts > 10_000 ? [7, 40] : smallPacks);
  await base.close();
  const count = bench.options.quick ? 100_000 : 1_000_000;
  const file = await writeEvents(bench, prefix, accounts, count);
  const results = [];
  for (let round = 0; round < fewerWhenQuick(bench); round += 1) {
    const endings = new Endings();
    const own = { ...bench, endings };
    try {
      await bench.cluster.checkpoint();
      const ledger = await freshLedger(own, base.name);
      const child = startChild(endings, 'import', { flags: bench.options.nodeFlags });
      const order: ImportOrder = {
        databaseUrl: ledger.url,
        file: file.path,
        rejects: join(bench.cluster.folder, 'rejects'),
      };
      const result = await child.ask<ImportResult>(order);
      await child.end();
      const totals = await ledger.totals(prefix);
      if (result.accepted !== file.events || result.duplicates !== file.duplicates) {
        throw new Error(`imported ${JSON.stringify(result)} of ${file.events} events, ${file.duplicates} duplicates`);
      }
      reconcile(file, totals);
      const copied = await copyEventsRaw(ledger.suanpan.pool, prefix);
      const verified = round === 0 && !(bench.options.quick && accounts > 10_000) ? await ledger.verify() : 0;
      await ledger.close();
      await bench.cluster.drop(ledger.name);
      results.push({
        events: (file.events + file.duplicates) / result.seconds,
        raw: rawRate(copied),
        memoryMiB: rounded(result.memoryMiB, 0),
        processor: rounded((result.processor * 1e6) / (file.events + file.duplicates), 1),
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
  const path = join(bench.cluster.folder, `events-${accounts}.ndjson`);
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
