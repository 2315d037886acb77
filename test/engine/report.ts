// Writes what was found of an engine to test/engine/reports, a file a version: committed, it says what was tried with which result.

import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { newestMigration } from '../../src/store/connection/migrate.ts';

const root = new URL('../..', import.meta.url).pathname;

export default class EngineReport implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const facts = JSON.parse(process.env.ENGINE_FACTS ?? '{}') as Record<string, string | null>;
    const { version, number = '', ...settings } = facts;
    if (version == null) return;
    const engine = /\bcitus\b/.test(settings.extensions ?? '') ? 'citus' : 'postgresql';
    const name = `${engine}-${(number ?? '').split(' ')[0]}`;
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const failed = cases.filter((test) => test.result().state === 'failed');
    const lines = [
      `# ${name}`,
      '',
      `${version}. Schema ${await newestMigration()}, ${new Date().toISOString().slice(0, 10)}. Made by \`npm run test:engine\`.`,
      '',
      `**${cases.filter((test) => test.result().state === 'passed').length} passed, ${failed.length} failed.**`,
      ...failed.flatMap((test) => ['', `- failed: ${test.fullName}: ${firstLine(test)}`]),
      '',
      '| setting | |',
      '|---|---|',
      ...Object.entries(settings).map(([setting, value]) => `| ${setting} | ${value || '–'} |`),
      '',
      '| what was tried | tests | failed | s |',
      '|---|---|---|---|',
      ...modules.map(moduleLine),
      ...featuresOf(modules),
      '',
    ];
    writeFileSync(new URL(`./reports/${name}.md`, import.meta.url), lines.join('\n'));
  }
}

const firstLine = (test: TestCase): string => test.result().errors?.[0]?.message.split('\n')[0] ?? '';

function moduleLine(module: TestModule): string {
  const tests = [...module.children.allTests()];
  const failed = tests.filter((test) => test.result().state === 'failed').length + module.errors().length;
  const seconds = tests.reduce((sum, test) => sum + (test.diagnostic()?.duration ?? 0), 0) / 1_000;
  return `| ${relative(root, module.moduleId)} | ${tests.length} | ${failed} | ${seconds.toFixed(1)} |`;
}

/** The engine's own tests, one by one. */
const featuresOf = (modules: readonly TestModule[]): string[] =>
  modules
    .filter(({ moduleId }) => moduleId.includes('/test/engine/'))
    .flatMap((module) => [
      '',
      ...[...module.children.allTests()].map(
        (test) => `- ${test.result().state === 'passed' ? '✓' : '✗'} ${test.fullName}`,
      ),
    ]);
