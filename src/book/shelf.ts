// The shelf of price books that ship with the product, and reading others from files. The document and its digest stay
// beside the decoded book, so that a bill can say by which text it was made.

import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { canonicalJson } from '../core/json.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { bookWords } from '../words/book.ts';
import { notJsonWords } from '../words/json-break.ts';
import { problem } from './book-problem.ts';
import { type BookProblems, hasProblems, type ParsedBook, parsePriceBook } from './decode.ts';

export interface ShelvedBook extends ParsedBook {
  /** SHA-256 of the canonical JSON of the document, in hexadecimal: spaces and key order do not matter. */
  readonly digest: string;
}

/** Folder of the shipped books. */
export const catalogFolder = new URL('../../catalog/', import.meta.url);

const schemaFile = 'price-book.schema.json';

/** Shelves a parsed JSON document, as `book add` gives it, or with `parseKeptBook` one that is kept already. */
export function shelve(json: unknown, parse = parsePriceBook): ShelvedBook | BookProblems {
  const parsed = parse(json);
  if (hasProblems(parsed)) return parsed;
  return { ...parsed, digest: createHash('sha256').update(canonicalJson(json)).digest('hex') };
}

let catalog: ReadonlyMap<string, ShelvedBook> | undefined;

/** The shipped books by id, read once. A shipped book that does not parse is a bug. */
export function loadCatalog(): ReadonlyMap<string, ShelvedBook> {
  catalog ??= readCatalog();
  return catalog;
}

function readCatalog(): ReadonlyMap<string, ShelvedBook> {
  const files = readdirSync(catalogFolder).filter((file) => file.endsWith('.json') && file !== schemaFile);
  const books = files.toSorted().map((file) => {
    const shelved = readBookFile(new URL(file, catalogFolder));
    if (hasProblems(shelved)) throw new Error(`catalog/${file}: ${JSON.stringify(shelved.problems)}`);
    return shelved;
  });
  return new Map(books.map((shelved) => [shelved.book.id, shelved]));
}

/** A shipped book by its id, or else a book by its file name. Refusal: UNKNOWN_BOOK. */
export function readBook(idOrFile: string): ShelvedBook | BookProblems | Refusal {
  const shipped = loadCatalog();
  const known = shipped.get(idOrFile);
  if (known !== undefined) return known;
  if (statSync(idOrFile, { throwIfNoEntry: false })?.isFile() === true) return readBookFile(idOrFile);
  return refuse('UNKNOWN_BOOK', { book: idOrFile, known: [...shipped.keys()].join(', ') }, '/book');
}

/** A book from a file; a file that cannot be read throws, one that is no price book answers its problems. */
export function readBookFile(file: string | URL): ShelvedBook | BookProblems {
  const json = parseJson(readFileSync(file));
  return isNotJson(json) ? json : shelve(json.value);
}

/** Reads JSON, or says where it fails. In another encoding its words would be others, and they stand on every bill. */
export function parseJson(json: string | Buffer): { readonly value: unknown } | BookProblems {
  if (typeof json !== 'string' && !isUtf8(json)) return { problems: [notUtf8(json)] };
  const text = json.toString().replace(/^\uFEFF/, '');
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problems: [problem('NOT_JSON', [], notJsonWords(text))] };
  }
}

/** Where the first byte stands that is none of UTF-8. */
function notUtf8(bytes: Buffer) {
  let [start, line] = [0, 1];
  for (let end = bytes.indexOf(10); end >= 0 && isUtf8(bytes.subarray(start, end)); end = bytes.indexOf(10, start)) {
    [start, line] = [end + 1, line + 1];
  }
  let good = start;
  for (let at = start + 1; at <= bytes.length && bytes[at - 1] !== 10; at += 1) {
    if (isUtf8(bytes.subarray(start, at))) good = at;
    else if (at - good >= 4) break;
  }
  const column = [...bytes.toString('utf8', start, good)].length + 1;
  return problem('NOT_UTF8', [], bookWords.notUtf8(line, column, bytes.toString('hex', good, good + 2)));
}

const isNotJson = (result: { readonly value: unknown } | BookProblems): result is BookProblems => 'problems' in result;

/** Which shipped book an account gets that was opened on a day ("2020-03-01"); undefined when none is for that day. */
export function defaultBookFor(opened: string): ShelvedBook | undefined {
  const fitting = [...loadCatalog().values()].filter(({ document: { accounts } }) => {
    if (accounts === null) return false;
    const { openedFrom, openedBefore } = accounts;
    return (openedFrom === null || openedFrom <= opened) && (openedBefore === null || opened < openedBefore);
  });
  return fitting.toSorted((a, b) => compareText(fromOf(b), fromOf(a)) || compareText(a.book.id, b.book.id))[0];
}

const fromOf = ({ document }: ShelvedBook): string => document.accounts?.openedFrom ?? '';
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The book of a reading that is neither refused nor malformed. */
export const isBook = (reading: ShelvedBook | BookProblems | Refusal): reading is ShelvedBook =>
  !isRefusal(reading) && !hasProblems(reading);
