// I7 and F12: a second, naive implementation of the rules agrees with the core on random scenarios.
// SUANPAN_SEED=n replays from seed n; SUANPAN_SCENARIOS=n changes how many are run.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import type { BookJson, ScenarioJson } from '../naive/json.ts';
import { naiveSimulate } from '../naive/naive.ts';
import { mulberry32, randomScenario } from '../naive/random-scenario.ts';

type Json = { [field: string]: unknown };
const rows = (value: unknown): Json[] => (Array.isArray(value) ? value : []);
const only = (row: Json, ...fields: string[]): Json => Object.fromEntries(fields.map((field) => [field, row[field]]));

const LINE_FIELDS: { [kind: string]: string[] } = {
  pack: ['kind', 'pack', 'product', 'size', 'amount'],
  pack_refund: ['kind', 'pack', 'amount'],
  postpaid: ['kind', 'tariff', 'calls', 'tier', 'unitPrice', 'amount'],
  fee: ['kind', 'tariff', 'reason', 'amount'],
  adjustment: ['kind', 'month', 'tariff', 'amount'],
};

/** The compared part of an output. An adjustment of nothing may be listed or left out. */
function essence(output: Json): Json {
  const lines = (bill: Json): Json[] =>
    rows(bill.lines)
      .filter((line) => String(line.kind) in LINE_FIELDS && !(line.kind === 'adjustment' && Number(line.amount) === 0))
      .map((line) => only(line, ...(LINE_FIELDS[String(line.kind)] ?? [])));
  return {
    results: rows(output.results).map((row) => only(row, 'step', 'ok', 'code')),
    packs: rows(output.packs).map((row) =>
      only(row, 'id', 'product', 'calls', 'remaining', 'forfeited', 'state', 'effectiveAt', 'expiresAt'),
    ),
    receipts: rows(output.receipts).map((row) => ({
      ...only(row, 'event', 'postpaid'),
      voided: row.voided === true,
      draws: rows(row.draws).map((draw) => only(draw, 'pack', 'calls')),
    })),
    bills: rows(output.bills).map((bill) => ({
      ...only(bill, 'month', 'state', 'prepaid', 'postpaid', 'adjustments', 'total'),
      lines: lines(bill),
    })),
    balance: output.balance,
  };
}

/** The path of the first field that differs, with both values, or null. */
function firstDifference(core: unknown, naive: unknown, path: string): string | null {
  const nested = (value: unknown): value is Json => typeof value === 'object' && value !== null;
  if (!nested(core) || !nested(naive)) {
    return core === naive ? null : `${path}: core ${JSON.stringify(core)}, naive ${JSON.stringify(naive)}`;
  }
  for (const field of new Set([...Object.keys(core), ...Object.keys(naive)])) {
    const found = firstDifference(core[field], naive[field], path === '' ? field : `${path}.${field}`);
    if (found !== null) return found;
  }
  return null;
}

function difference(scenario: ScenarioJson): string | null {
  const naive = essence(naiveSimulate(scenario));
  try {
    const output = simulate(structuredClone(scenario), loadCatalog());
    return firstDifference(essence(JSON.parse(JSON.stringify(output))), naive, '');
  } catch (bug) {
    return `the core threw ${bug instanceof Error ? bug.stack : String(bug)}`;
  }
}

/** Drops steps, one after another, as long as the two still differ. */
function shrink(scenario: ScenarioJson): ScenarioJson {
  let smallest = scenario;
  for (let at = scenario.steps.length - 1; at >= 0; at = Math.min(at, smallest.steps.length) - 1) {
    const smaller = { ...smallest, steps: smallest.steps.filter((_, index) => index !== at) };
    if (difference(smaller) !== null) smallest = smaller;
  }
  return smallest.steps.length < scenario.steps.length ? shrink(smallest) : smallest;
}

const catalog = new URL('../../catalog/', import.meta.url);
const books = readdirSync(catalog)
  .filter((file) => file.startsWith('faceid-'))
  .map((file) => JSON.parse(readFileSync(new URL(file, catalog), 'utf8')) as BookJson);

it('the naive implementation agrees with the core on random scenarios', { timeout: 180_000 }, () => {
  const first = Number(process.env.SUANPAN_SEED ?? Math.floor(Date.now() / 1000));
  const count = Number(process.env.SUANPAN_SCENARIOS ?? 2000);
  console.log(`second implementation: ${count} scenarios from SUANPAN_SEED=${first}`);
  for (let seed = first; seed < first + count; seed++) {
    const scenario = randomScenario(mulberry32(seed), books);
    if (difference(scenario) === null) continue;
    const small = shrink(scenario);
    const { account, steps, book } = small;
    const told = JSON.stringify({ account, steps }, null, 1).replace(/\n {3,}|\n {2}(?=})/g, ' ');
    const rules = JSON.stringify({ policies: book.policies, tariffs: book.tariffs, packs: book.packProducts });
    expect.fail(`SUANPAN_SEED=${seed}: ${difference(small)}\n${told}\nbook ${book.id}: ${rules.slice(0, 6000)}`);
  }
});
