import type { Reporter, TestModule } from 'vitest/node';

/** Prints the run's totals as the very last line, in the plain form that CI reads. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[], reason: string): void {
    const line = closingLine(modules, unhandled.length, reason);
    // Written at exit, so that nothing, teardown included, comes after it.
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
}

function closingLine(modules: readonly TestModule[], unhandled: number, reason: string): string {
  let passed = 0;
  let failed = unhandled;
  let skipped = 0;
  for (const module of modules) {
    // A file that cannot be loaded, or a broken hook, has no test that could fail.
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'failed') failed += 1;
      else skipped += 1;
    }
  }
  if (reason !== 'passed' && failed === 0) failed = 1;
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
