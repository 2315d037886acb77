// The documentation in two languages: the same pages, in the same parts, with the same commands; and no link leads nowhere.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const docs = join(root, 'docs');
const read = (path: string): string => readFileSync(path, 'utf8');

/** What stands in fences is no heading and no link. */
const withoutCode = (text: string): string => text.replace(/^(`{3,})[\s\S]*?^\1$/gm, '').replace(/`[^`\n]*`/g, 'code');

const folders = ['concepts', 'guide', 'operating', 'reference'];
const english = folders.flatMap((folder) =>
  readdirSync(join(docs, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.name.endsWith('.zh-CN.md'))
    .map(({ name }) => join(folder, name)),
);
const chineseOf = (path: string): string => path.replace(/\.md$/, '.zh-CN.md');

const headings = (text: string): string[] => withoutCode(text).match(/^#+ .+$/gm) ?? [];
const blocks = (text: string): string[] => text.match(/^(`{3,})(?:sh|console|json|http|js)\n[\s\S]*?^\1$/gm) ?? [];
const rows = (text: string): number => withoutCode(text).match(/^\|/gm)?.length ?? 0;
/** What a shell is given; a note behind it may be in the reader's language. */
const commands = (block: string): string => block.replace(/ {2,}# .*$/gm, '').replace(/^# .*\n/gm, '');

describe.each(english)('%s', (path) => {
  const here = join(docs, path);
  const there = join(docs, chineseOf(path));
  test('is there in Chinese, in the same parts, with the same commands', () => {
    expect(existsSync(there), chineseOf(path)).toBe(true);
    const [text, chinese] = [read(here), read(there)];
    const levels = (of: string) => headings(of).map((heading) => heading.indexOf(' '));
    expect(levels(chinese)).toEqual(levels(text));
    expect(rows(chinese)).toBe(rows(text));
    expect(blocks(chinese).map(commands)).toEqual(blocks(text).map(commands));
    expect(/[\u4e00-\u9fff]/.test(withoutCode(chinese))).toBe(true);
  });
});

/** As GitHub and the site make them. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const pages = [
  ...['README.md', 'README.zh-CN.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'bench/README.md'].map((name) =>
    join(root, name),
  ),
  ...readdirSync(docs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.parentPath.includes('.vitepress'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/reference/api/')),
];

test.each(pages.map((path) => relative(root, path)))('every link of %s leads somewhere', (name) => {
  const path = join(root, name);
  const text = read(path).replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
  const dead = [...text.matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    const [target = '', anchor] = link.split('#');
    const file = target === '' ? path : join(dirname(path), target);
    if (!existsSync(file)) return [link];
    if (anchor === undefined || !file.endsWith('.md')) return [];
    return headings(read(file)).some((heading) => anchorOf(heading) === decodeURIComponent(anchor)) ? [] : [link];
  });
  expect(dead).toEqual([]);
});

test('a Chinese page leads to Chinese pages where there are any', () => {
  const elsewhere = pages
    .filter((path) => path.endsWith('.zh-CN.md'))
    .flatMap((path) =>
      [...withoutCode(read(path)).matchAll(/\[([^\]]*)\]\((?!\w+:)([^)#\s]+\.md)/g)]
        .filter(([, words, target = '']) => words !== 'English' && !target.endsWith('.zh-CN.md'))
        .filter(([, , target = '']) => existsSync(chineseOf(join(dirname(path), target))))
        .map(([link]) => `${relative(root, path)}: ${link}`),
    );
  expect(elsewhere).toEqual([]);
});
