// Every command that a document, a help text or a page shows is one that there is, with options that it has and as many words as it takes.
// What they print is compared by the tests of the guides; this holds for all the others too.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../src/cli/command-line.ts';
import { Output } from '../../src/cli/output.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = buildProgram(new Output('en'));

/** Lines that run `suanpan`, those that go on behind a backslash in one piece, without what stands around them in the shell. */
const commandsIn = (text: string): string[] =>
  [...text.replaceAll(/\\\n\s*/g, ' ').matchAll(/(?:^|[\s`$({;|&=])(?:\.\/bin\/)?(suanpan(?: [^\n`]*)?)/gm)].flatMap(
    ([, line = '']) => {
      const [command = ''] = line.split(/ {2,}#| # | [|;&<>]|\s\)|`/);
      return /^suanpan [a-z]/.test(command) ? [command.trim()] : [];
    },
  );

/** Words as a shell splits them; what stands in quotes is one. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:\$\([^)]*\)|"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word);

const actsAlone = new Set(['gateway', 'jobs']);

/** What is wrong with a command; undefined: nothing. */
function flaw(line: string): string | undefined {
  let command: Command = program;
  const [, ...words] = wordsOf(line);
  const rest = [...words];
  for (let word = rest[0]; word !== undefined; word = rest[0]) {
    const next: Command | undefined = command.commands.find((each) => each.name() === word);
    if (next === undefined) break;
    command = next;
    rest.shift();
  }
  // A noun may do something by itself: then no word is left.
  const isNoun = command.commands.length > 0;
  const isAlone = rest[0] === undefined || rest[0].startsWith('-');
  if (isNoun && !(isAlone && actsAlone.has(command.name()))) return `no such command: ${rest[0] ?? '(none)'}`;
  let count = 0;
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    if (!/^--?[a-z]/.test(word)) {
      count += 1;
      continue;
    }
    const [name] = word.split('=');
    const option = [...command.options, ...program.options].find(({ long, short }) => long === name || short === name);
    if (name === '--help' || name === '-h') continue;
    if (option === undefined) return `${name} is no option of ${command.name()}`;
    // Of an option that takes several the words are its own until the next option.
    if (!option.required && !option.optional) continue;
    do at += 1;
    while (option.variadic && rest[at + 1] !== undefined && !/^--?[a-z]/.test(rest[at + 1] ?? ''));
  }
  const most = command.registeredArguments.some(({ variadic }) => variadic)
    ? Number.POSITIVE_INFINITY
    : command.registeredArguments.length;
  const least = command.registeredArguments.filter(({ required }) => required).length;
  // "…" and NAMES in capitals stand for what the reader writes.
  if (count > most) return `${count} words where ${command.name()} takes ${most}`;
  return count < least && !line.includes('…') ? `${count} words where ${command.name()} needs ${least}` : undefined;
}

const documents = [
  ...['README.md', 'README.zh-CN.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].map((name) => join(root, name)),
  ...readdirSync(join(root, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.parentPath.includes('.vitepress'))
    .map((entry) => join(entry.parentPath, entry.name)),
];

/** Blocks for a shell alone: sentences name commands in part. */
const blocksOf = (text: string): string =>
  (text.match(/^```(?:sh|console)?\n[\s\S]*?^```/gm) ?? [])
    .map((block) => (block.startsWith('```console') ? (block.match(/^\$ .*(?:\\\n.*)*/gm) ?? []).join('\n') : block))
    .join('\n');

describe('commands that are shown are commands that there are', () => {
  test('what is wrong is found', () => {
    expect(flaw('suanpan bill clos 2026-01')).toBe('no such command: clos');
    expect(flaw('suanpan bill close 2026-01 --all')).toBe('--all is no option of close');
    expect(flaw('suanpan bill close')).toBe('0 words where close needs 1');
    expect(flaw('suanpan bill close 2026-01 2026-02')).toBe('2 words where close takes 1');
    expect(flaw('suanpan bill close 2026-01')).toBeUndefined();
  });

  test.each(documents.map((path) => relative(root, path)))('%s', (name) => {
    const commands = commandsIn(blocksOf(readFileSync(join(root, name), 'utf8')));
    const flaws = commands.flatMap((line) => {
      const wrong = flaw(line);
      return wrong === undefined ? [] : [`${line}: ${wrong}`];
    });
    expect(flaws).toEqual([]);
  });

  test('the examples of the help', () => {
    const folder = join(root, 'src/cli');
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    const flaws = files.flatMap((name) => {
      const [, examples = ''] = /const examples = `([\s\S]*?)`;/.exec(readFileSync(join(folder, name), 'utf8')) ?? [];
      return commandsIn(examples).flatMap((line) =>
        flaw(line) === undefined ? [] : [`${name}: ${line}: ${flaw(line)}`],
      );
    });
    expect(flaws).toEqual([]);
  });
});
