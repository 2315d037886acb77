// An integer program in plain arrays, and HiGHS to solve it: WebAssembly in this process, loaded when first needed.

import type { Highs } from 'highs';

export interface Column {
  cost: number;
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

export interface Row {
  readonly low: number;
  readonly high: number;
  readonly terms: readonly Term[];
}

export type Term = readonly [column: number, factor: number];

export class Program {
  readonly columns: Column[] = [];
  readonly rows: Row[] = [];

  /** Adds a variable and answers its number. */
  variable(cost: number, low: number, high: number, whole = false): number {
    return this.columns.push({ cost, low, high, whole }) - 1;
  }

  require(low: number, terms: readonly Term[], high: number): void {
    this.rows.push({ low, high, terms });
  }
}

export interface Solution {
  readonly values: Float64Array;
  /** No solution costs less. */
  readonly bound: number;
}

let loading: Promise<Highs> | undefined;

async function loadSolver(): Promise<Highs> {
  const module = await import('highs');
  // The types are written for require() too; as an ES module the default export is the loader itself.
  const load = module.default as unknown as () => Promise<Highs>;
  return load();
}

/** The cheapest solution, to within `gap`; undefined when there is none or time is up before one is found. */
export async function solveProgram(program: Program, gap: number, seconds: number): Promise<Solution | undefined> {
  loading ??= loadSolver();
  const highs = await loading;
  const { columns, rows } = program;
  const starts = [0];
  for (const row of rows) starts.push((starts.at(-1) ?? 0) + row.terms.length);
  const terms = rows.flatMap((row) => row.terms);
  const model = highs.createModel({
    numCols: columns.length,
    numRows: rows.length,
    colCost: columns.map((column) => column.cost),
    colLower: columns.map((column) => column.low),
    colUpper: columns.map((column) => column.high),
    rowLower: rows.map((row) => row.low),
    rowUpper: rows.map((row) => row.high),
    matrix: {
      format: 'csr',
      numCols: columns.length,
      numRows: rows.length,
      starts,
      indices: terms.map(([column]) => column),
      values: terms.map(([, factor]) => factor),
    },
    integrality: Int32Array.from(columns, (column) => (column.whole ? 1 : 0)),
  });
  try {
    const tolerances = { mip_feasibility_tolerance: 1e-9, primal_feasibility_tolerance: 1e-9 };
    model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: gap, time_limit: seconds, ...tolerances });
    model.run();
    const values = model.getSolution().colValue;
    const isFound = model.info.get('primal_solution_status') === highs.constants.solutionStatus.feasible;
    return isFound ? { values, bound: Number(model.info.get('mip_dual_bound')) } : undefined;
  } finally {
    model.dispose();
  }
}
