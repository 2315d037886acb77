// Who used the processor: Node, PostgreSQL, the load generator. Unlike rates, these figures hardly change when a machine is busy
// with other things. Linux only; elsewhere there are none.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { median, rounded } from './measure.ts';

/** Of processors: seconds since some moment, or microseconds an event. `node`: the processes under test. */
export interface CpuTimes {
  readonly node: number;
  readonly postgres: number;
  readonly generator: number;
}

const ticksPerSecond = 100;

interface Usage {
  readonly parent: number;
  readonly own: number;
  readonly ended: number;
}

/** Fields 4, 14 to 17 of /proc/PID/stat, counted after the program's name, which may hold spaces. */
function usageOf(pid: number | 'self'): Usage {
  const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = (field: number) => Number(fields[field]) / ticksPerSecond;
  return { parent: Number(fields[1]), own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14) };
}

/** Of the processes given, of PostgreSQL with all its children, and of what this process started and has seen end. */
function cpuTimes(folder: string, pids: readonly number[]): CpuTimes | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const pidFile = join(folder, 'data/postgres/postmaster.pid');
    const postmaster = Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]);
    const postgres = usageOfTree(postmaster);
    return {
      node: pids.reduce((sum, pid) => sum + usageOf(pid).own, 0),
      postgres,
      generator: usageOf('self').ended,
    };
  } catch {
    return undefined;
  }
}

/** Of a process with its children. One that ends meanwhile moves from the children that are there to those that ended: then again. */
function usageOfTree(pid: number): number {
  for (;;) {
    const { own, ended } = usageOf(pid);
    let all = own + ended;
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const usage = usageNow(Number(name));
      if (usage?.parent === pid) all += usage.own;
    }
    if (usageOf(pid).ended === ended) return all;
  }
}

function usageNow(pid: number): Usage | undefined {
  try {
    return usageOf(pid);
  } catch {
    return undefined;
  }
}

function perEvent(before: CpuTimes | undefined, after: CpuTimes | undefined, events: number): CpuTimes | undefined {
  if (before === undefined || after === undefined) return undefined;
  const each = (who: keyof CpuTimes) => rounded(((after[who] - before[who]) * 1e6) / events, 1);
  return { node: each('node'), postgres: each('postgres'), generator: each('generator') };
}

/** What something cost, microseconds of processor an event; undefined where the system does not tell. */
export interface Spending {
  readonly spent: CpuTimes | undefined;
}

/** Does a piece of work of processes under test, and adds what each of its events cost. */
export async function spending<Result extends object>(
  { cluster }: Bench,
  pids: readonly number[],
  work: () => Promise<Result>,
  eventsOf: (result: Result) => number,
): Promise<Result & Spending> {
  const start = cpuTimes(cluster.folder, pids);
  const result = await work();
  return { ...result, spent: perEvent(start, cpuTimes(cluster.folder, pids), eventsOf(result)) };
}

/** The middle of what rounds cost. */
export function spentEach(rounds: readonly Spending[]): CpuTimes | undefined {
  const spent = rounds.flatMap((round) => (round.spent === undefined ? [] : [round.spent]));
  if (spent.length === 0) return undefined;
  const middle = (who: keyof CpuTimes) => rounded(median(spent.map((times) => times[who])), 1);
  return { node: middle('node'), postgres: middle('postgres'), generator: middle('generator') };
}
