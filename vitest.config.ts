import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/setup/longest-first.ts';

// Tests that need PostgreSQL live in these folders; all the rest run without one.
const withDatabase = ['test/database/**/*.test.ts', 'test/faults/**/*.test.ts'];

// Tests in a real browser, on the console as built.
const inBrowser = ['test/browser/**/*.test.ts'];

// Tests that take many seconds whatever the machine: `npm test` runs them, `npm run check` does not.
const long = ['test/reconcile/reconcile.test.ts', 'test/plan/exactness.test.ts', 'test/scenarios/command-line.test.ts'];

// Against an engine that a person names: test/engine/vitest.config.ts.
const ofEngines = ['test/engine/**'];

export default defineConfig({
  test: {
    reporters: ['default', './test/setup/closing-line.ts'],
    testTimeout: 40_000,
    hookTimeout: 60_000,
    // What is waited for comes at once, or on a busy machine later.
    expect: { poll: { timeout: 20_000 } },
    // Vitest alone would keep a core for others: one worker on two cores. Many want more connections than their PostgreSQL has.
    maxWorkers: Math.min(4, availableParallelism()),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...withDatabase, ...inBrowser, ...long, ...ofEngines],
        },
      },
      { extends: true, test: { name: 'long', include: long } },
      {
        extends: true,
        test: { name: 'database', include: withDatabase, globalSetup: ['test/setup/postgres.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: inBrowser,
          globalSetup: ['test/setup/console.ts', 'test/setup/postgres.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
