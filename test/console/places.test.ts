// Every page of the console is sent by the server, and what the server sends is a page.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { consolePaths } from '../../src/http/pages.ts';

const shell = fileURLToPath(new URL('../../console/shell/', import.meta.url));

const pathsOfPlaces = readdirSync(shell)
  .filter((name) => name.endsWith('-places.ts'))
  .flatMap((name) => {
    const text = readFileSync(`${shell}${name}`, 'utf8');
    const written = [...text.matchAll(/path: '(\/[^']*)'/g)].map((match) => match[1] ?? '');
    return text.includes('const of = ') ? [...written, '/accounts'] : written;
  });

test('the first parts of their addresses are the same', () => {
  const first = new Set(pathsOfPlaces.map((path) => path.split('/')[1]));
  expect([...first].toSorted()).toEqual([...consolePaths].toSorted());
});
