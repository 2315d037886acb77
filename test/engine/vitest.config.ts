import { defineConfig } from 'vitest/config';

// What a database engine has to do before it is trusted with a ledger: `DATABASE_URL=… npm run test:engine`.
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    reporters: ['default', './test/engine/report.ts', './test/setup/closing-line.ts'],
    globalSetup: ['test/engine/set-up.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // One after another: what one measures is not to be slowed down by the others.
    fileParallelism: false,
    include: [
      'test/engine/*.test.ts',
      // Groups, large ones, look-ups, holds; what a stale memory and a failing statement do.
      'test/database/{ledger,captures,outbox,orders,http-idempotency,migrate,archive,backup,verify,repair}.test.ts',
      'test/faults/{stale-memory,without-memory,model}.test.ts',
      // F2: a failure at every statement of every flow.
      'test/faults/statements.test.ts',
      // F5: several servers. F8: races.
      'test/faults/servers.test.ts',
      'test/database/races.test.ts',
      // Stories: a year of an account, the closing of many.
      'test/database/{fourteen-months,close-many,http-bills}.test.ts',
    ],
  },
});
