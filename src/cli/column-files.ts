// Files of column names: shipped ones, one's own, and those remembered under a name beside the profile of the command line.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Columns, readColumns } from '../usage-files/columns.ts';
import { cliColumnsWords } from '../words/cli/columns.ts';
import { whereNotJson } from '../words/json-break.ts';
import { profilePath } from './client.ts';
import type { Output } from './output.ts';

export interface ColumnOptions {
  /** Files, or names of shipped and remembered ones. */
  readonly columns?: readonly string[];
  /** Under what name they are remembered, or were. */
  readonly profile?: string;
  readonly timeZone?: string;
}

const shipped = new URL('../../catalog/columns/', import.meta.url);
const isName = (name: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u.test(name);

/** The columns that the options name; none where they name none. Undefined when the command has been ended. */
export function columnsOf({ columns = [], profile, timeZone }: ColumnOptions, output: Output): Columns | undefined {
  if (profile !== undefined && !isName(profile)) {
    output.misused(cliColumnsWords.nameIsNone(profile));
    return undefined;
  }
  const names = columns.length === 0 && profile !== undefined ? [remembered(profile)] : columns;
  const documents: unknown[] = [];
  for (const name of names) {
    const document = documentOf(name, output);
    if (document === undefined) return undefined;
    documents.push(document);
  }
  if (timeZone !== undefined && columns.length > 0) documents.push({ for: 'usage', timeZone });
  const found = readColumns(documents);
  if ('zh' in found) {
    const { pointer, ...words } = found as { pointer: string; zh: string; en: string };
    output.fail(2, cliColumnsWords.columnsAreWrong(names.join(' '), pointer, words), 'BAD_COLUMNS', pointer);
    return undefined;
  }
  if (profile !== undefined && columns.length > 0) remember(profile, documents.flat(), output);
  return found;
}

const folder = (): string => join(dirname(profilePath(process.env)), 'columns');
const remembered = (name: string): string => join(folder(), `${name}.json`);

/** A plain name is that of a shipped file, else of a remembered one, else a file's. */
function placeOf(name: string): string | URL | undefined {
  const own = new URL(`${name}.json`, shipped);
  if (isName(name) && existsSync(own)) return own;
  if (isName(name) && existsSync(remembered(name))) return remembered(name);
  return existsSync(name) ? name : undefined;
}

function documentOf(name: string, output: Output): unknown {
  const place = placeOf(name);
  if (place === undefined) {
    output.fail(3, cliColumnsWords.noSuchColumns(name, knownNames().join(', ')), 'NOT_FOUND');
    return undefined;
  }
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(place));
    return JSON.parse(text) as unknown;
  } catch {
    const where = text === '' ? cliColumnsWords.notUtf8 : whereNotJson(text);
    output.fail(2, cliColumnsWords.columnsAreWrong(name, '', where), 'BAD_COLUMNS');
    return undefined;
  }
}

function knownNames(): string[] {
  const all = [shipped, folder()].flatMap((place) => (existsSync(place) ? readdirSync(place) : []));
  return [...new Set(all)].filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}

/** Whole or not at all: half a file would be another mapping. */
function remember(name: string, documents: readonly unknown[], output: Output): void {
  const path = remembered(name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(documents, null, 2)}\n`);
  renameSync(`${path}.new`, path);
  output.tell(output.say(cliColumnsWords.remembered(name, path)));
}
