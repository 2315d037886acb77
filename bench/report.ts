// What is printed and kept: a JSON line a key, a table for people.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hostKind, type Machine } from './machine.ts';
import { type Measured, type Part, rounded, tightest } from './measure.ts';
import { type KeyName, keyNames, type Options } from './options.ts';

export interface KeyLine {
  readonly key: KeyName;
  readonly parts: readonly Part[];
  readonly spent: Measured['spent'];
  readonly figures: Readonly<Record<string, unknown>>;
  readonly seconds: number;
  readonly error?: string;
}

export const keyLine = (key: KeyName, { parts, spent, figures }: Measured, seconds: number): KeyLine => ({
  key,
  parts,
  spent,
  figures,
  seconds: rounded(seconds, 1),
});

export const failedLine = (key: KeyName, error: Error, seconds: number): KeyLine => ({
  key,
  parts: [],
  spent: {},
  figures: {},
  seconds: rounded(seconds, 1),
  error: error.message.split('\n', 1)[0] ?? 'failed',
});

const isOk = ({ parts, error }: KeyLine): boolean => error === undefined && parts.every(({ ok }) => ok);

/** `ratio`, `goal` and `rounds` are those of the part with the least room; a key with several has them all in `parts`. */
export function jsonLine(line: KeyLine): string {
  const { key, parts, spent, figures, seconds, error } = line;
  if (error !== undefined) return JSON.stringify({ key, ratio: null, goal: null, rounds: [], ok: false, error });
  const { ratio, goal, rounds, bound } = tightest(parts);
  const several = parts.length > 1 ? { parts } : {};
  return JSON.stringify({
    key,
    ratio,
    goal,
    rounds,
    ok: isOk(line),
    bound,
    ...several,
    microsecondsEach: spent,
    figures,
    seconds,
  });
}

export const machineText = (machine: Machine): string =>
  `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.system}; Node ${machine.node}, ` +
  `PostgreSQL ${machine.postgres}; fsync p50 ${machine.fsync.p50} ms, p99 ${machine.fsync.p99} ms; ` +
  `load by ${machine.generator}; load average before ${machine.load}`;

const goalText = ({ bound, goal }: Part): string => `${bound === 'least' ? '≥' : '≤'} ${goal}`;

export const costsName = 'µs an event, Node + PostgreSQL';

/** Processor time of an event, the steadiest of all figures. */
export function spentText(spent: Measured['spent']): string {
  const sides = Object.entries(spent).flatMap(([side, times]) =>
    times === undefined ? [] : [`${side} ${times.node} + ${times.postgres}`],
  );
  return sides.join('; ');
}

function rowsOf({ key, parts, spent, error }: KeyLine): string[][] {
  if (error !== undefined) return [[key, '', '–', '–', 'failed', error]];
  const costs = spentText(spent);
  const compared = parts.map((part, at) => [
    at === 0 ? key : '',
    part.name,
    String(part.ratio),
    goalText(part),
    part.ok ? 'ok' : 'missed',
    part.rounds.join(' '),
  ]);
  return costs === '' ? compared : [...compared, ['', costsName, '', '', '', costs]];
}

const heading = ['key', 'compared', 'ratio', 'goal', '', 'rounds'];

export function tableText(lines: readonly KeyLine[]): string {
  const rows = [heading, ...lines.flatMap(rowsOf)];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Keeps the results as JSON, and puts their table on top of RESULTS.md. Answers the files written. */
export function saveResults(options: Options, machine: Machine, lines: readonly KeyLine[]): string[] {
  const today = new Date().toISOString().slice(0, 10);
  const some = options.only.length < keyNames.length ? `-${options.only.join('-')}` : '';
  const name = `${today}-${hostKind(machine)}${options.quick ? '-quick' : ''}${some}.json`;
  const folder = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const { rounds, seconds, quick } = options;
  const keys = lines.map((line) => JSON.parse(jsonLine(line)) as unknown);
  writeFileSync(
    `${folder}${name}`,
    `${JSON.stringify({ date: today, machine, quick, rounds, seconds, keys }, null, 2)}\n`,
  );
  const file = fileURLToPath(new URL('RESULTS.md', import.meta.url));
  const earlier = existsSync(file) ? readFileSync(file, 'utf8').replace(/^# .*\n+/, '') : '';
  const kept = earlier
    .split(/(?=^## )/m)
    .filter((section) => section.startsWith('## ') && !section.includes(`(results/${name})`));
  writeFileSync(file, `# Results\n\n${section(name, today, options, machine, lines)}\n${kept.join('')}`);
  return [`bench/results/${name}`, 'bench/RESULTS.md'];
}

function section(name: string, today: string, options: Options, machine: Machine, lines: readonly KeyLine[]): string {
  const cells = [heading, heading.map(() => '---'), ...lines.flatMap(rowsOf)];
  const table = cells.map((row) => `| ${row.join(' | ')} |`).join('\n');
  const how = `${options.quick ? 'Quick form. ' : ''}${options.rounds} rounds of ${options.seconds} s a side.`;
  return `## ${today}, [${name.replace('.json', '')}](results/${name})\n\n${machineText(machine)}. ${how}\n\n${table}\n`;
}
