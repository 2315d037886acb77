// The fields of a JSON object by our names, where a file has names of its own. A name with dots is a way into objects.

import { isEventField } from '../core/event.ts';
import { columnsWords } from '../words/columns.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { type ColumnMap, columnKey, fieldNamed, promisedFields } from './columns.ts';
import type { EventColumns } from './event-table.ts';
import { guessColumns } from './guess.ts';
import { type FileNotes, skipRow } from './notes.ts';
import type { UsageRow } from './row.ts';
import { pointerTo, type RowProblem, rowProblem } from './row-problem.ts';
import { fieldsOf, sourceField } from './table-fields.ts';

interface MappedFields {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly source: string | null;
}

type Mapped = MappedFields | { readonly problem: RowProblem } | undefined;

export class FieldMapping {
  readonly #ignored: readonly string[];
  readonly #notes: FileNotes;
  #columns: ColumnMap | 'guess' | undefined;
  #promised: readonly string[] = [];
  /** What the file calls each field, as far as it has been seen. */
  readonly #titles = new Map<string, string>();

  constructor({ ignoreColumns = [], columns }: EventColumns, notes: FileNotes) {
    this.#ignored = ignoreColumns;
    this.#columns = columns;
    this.#notes = notes;
    if (columns !== undefined && columns !== 'guess') this.#promised = promisedFields(columns);
  }

  /** Whether the file has names of its own. */
  get isMapped(): boolean {
    return this.#columns !== undefined;
  }

  /** Whether a name of the file may be that of a field. */
  readonly isName = (name: string): boolean => {
    const map = this.#columns === 'guess' ? guessColumns([name], fieldsOf('usage')) : this.#columns;
    return typeof map?.names.get(columnKey(name)) === 'string';
  };

  /** Undefined: a row that the map does not mean. */
  read(object: Readonly<Record<string, unknown>>, line: number): Mapped {
    if (this.#columns === 'guess') this.#columns = guessColumns(namesIn(object), fieldsOf('usage'));
    if (this.#columns === undefined) {
      for (const key in object) if (!this.#isKnown(key)) return { problem: unknownField(key) };
      return { fields: object, source: null };
    }
    return this.#mapped(object, this.#columns, line);
  }

  /** The same row with a problem that names the field as the file does. */
  named(row: UsageRow): UsageRow {
    const { problem } = row;
    const title = problem === undefined ? undefined : this.#titles.get(problem.pointer.slice(1));
    return problem === undefined || title === undefined
      ? row
      : { ...row, problem: { ...problem, pointer: pointerTo(title) } };
  }

  #isKnown(key: string): boolean {
    return isEventField(key) || this.#ignored.includes(key);
  }

  #mapped(object: Readonly<Record<string, unknown>>, map: ColumnMap, line: number): Mapped {
    const fields: Record<string, unknown> = {};
    for (const [name, value] of leaves(object, map)) {
      if (isSkipped(map, name, value)) {
        skipRow(this.#notes, line);
        return undefined;
      }
      const field = fieldNamed(name, map, isEventField);
      if (field === undefined && !this.#isKnown(name) && map.others === 'refuse' && !map.skip.has(columnKey(name))) {
        return { problem: unknownField(name) };
      }
      if (typeof field !== 'string' || value === null || value === '') continue;
      if (fields[field] !== undefined) return { problem: namedTwice(field, this.#titles.get(field) ?? field, name) };
      fields[field] = value;
      this.#note(field, name);
    }
    for (const [field, value] of map.constants) fields[field] ??= value;
    for (const [field, meanings] of map.values) {
      const meaning = meanings.get(String(fields[field] ?? ''));
      if (meaning !== undefined) fields[field] = meaning === '' ? undefined : meaning;
    }
    const missing = this.#promised.find((field) => fields[field] === undefined && !isEmptyByMeaning(map, field));
    if (missing !== undefined) {
      return { problem: rowProblem('MISSING', pointerTo(missing), usageFilesWords.isMissing(missing)) };
    }
    const { [sourceField]: source = null, ...rest } = fields;
    return { fields: rest, source: source === null ? null : String(source) };
  }

  #note(field: string, title: string): void {
    if (this.#titles.has(field)) return;
    this.#titles.set(field, title);
    const mapped = [...this.#titles].map(([name, own]) => [own, name] as const);
    if (mapped.some(([own, name]) => own !== name)) this.#notes.mapped = mapped;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names with their values; an object that the map looks into, by the names in it. */
function* leaves(
  object: Readonly<Record<string, unknown>>,
  map: ColumnMap,
  above = '',
): Generator<readonly [string, unknown]> {
  for (const [key, value] of Object.entries(object)) {
    const name = above === '' ? key : `${above}.${key}`;
    const begins = `${columnKey(name)}.`;
    const looksInto = [...map.names.keys(), ...map.skip.keys()].some((known) => known.startsWith(begins));
    if (isObject(value) && looksInto) yield* leaves(value, map, name);
    else yield [name, value];
  }
}

const namesIn = (object: Readonly<Record<string, unknown>>, above = ''): string[] =>
  Object.entries(object).flatMap(([key, value]) =>
    isObject(value) && above === '' ? namesIn(value, key) : [above === '' ? key : `${above}.${key}`],
  );

function isSkipped({ skip }: ColumnMap, name: string, value: unknown): boolean {
  if (skip.size === 0) return false;
  const values = skip.get(columnKey(name));
  const text = String(value ?? '');
  return values === null ? text !== '' : (values?.has(text) ?? false);
}

const isEmptyByMeaning = ({ values }: ColumnMap, field: string): boolean =>
  [...(values.get(field)?.values() ?? [])].includes('');

const unknownField = (key: string): RowProblem =>
  rowProblem('UNKNOWN_FIELD', pointerTo(key), usageFilesWords.unknownField(key));

const namedTwice = (field: string, one: string, other: string): RowProblem =>
  rowProblem('FIELD_TWICE', pointerTo(other), columnsWords.namedTwice(field, `${one}, ${other}`));
