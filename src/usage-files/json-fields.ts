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

/** What a name means: a field, nothing (null), or nobody knows. */
interface NameMeaning {
  readonly field: string | null | undefined;
  readonly skip: ReadonlySet<string> | null | undefined;
  readonly looksInto: boolean;
}

interface Taking {
  readonly map: ColumnMap;
  readonly fields: Record<string, unknown>;
}

/** Of a file that has another name in every row the rest is found out each time. */
const mostNames = 1_000;

type Mapped = MappedFields | { readonly problem: RowProblem } | undefined;

export class FieldMapping {
  readonly #ignored: readonly string[];
  readonly #notes: FileNotes;
  #columns: ColumnMap | 'guess' | undefined;
  #promised: readonly string[] = [];
  /** By name in the file. */
  readonly #meanings = new Map<string, NameMeaning>();
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
    const problem = this.#take(object, '', { map, fields });
    if (problem === 'skipped') {
      skipRow(this.#notes, line);
      return undefined;
    }
    if (problem !== undefined) return { problem };
    for (const [field, value] of map.constants) fields[field] ??= value;
    for (const [field, meanings] of map.values) {
      const meaning = meanings.get(String(fields[field] ?? ''));
      if (meaning !== undefined) fields[field] = meaning === '' ? undefined : meaning;
    }
    const missing = this.#promised.find((field) => fields[field] === undefined && !isEmptyByMeaning(map, field));
    if (missing !== undefined) {
      return { problem: rowProblem('MISSING', pointerTo(missing), usageFilesWords.isMissing(missing)) };
    }
    const { [sourceField]: source = null } = fields;
    delete fields[sourceField];
    return { fields, source: source === null ? null : String(source) };
  }

  /** Takes the fields of an object, and of those in it that the map looks into. */
  #take(object: object, above: string, into: Taking): RowProblem | 'skipped' | undefined {
    const { map, fields } = into;
    for (const [key, value] of Object.entries(object)) {
      const name = above === '' ? key : `${above}.${key}`;
      const { field, skip, looksInto } = this.#meaningOf(name, map);
      if (looksInto && isObject(value)) {
        const problem = this.#take(value, name, into);
        if (problem !== undefined) return problem;
        continue;
      }
      if (skip !== undefined && isSkipped(skip, value)) return 'skipped';
      if (field === undefined) return unknownField(name);
      if (field === null || value === null || value === '') continue;
      if (fields[field] !== undefined) return namedTwice(field, this.#titles.get(field) ?? field, name);
      fields[field] = value;
      this.#note(field, name);
    }
    return undefined;
  }

  #meaningOf(name: string, map: ColumnMap): NameMeaning {
    const known = this.#meanings.get(name);
    if (known !== undefined) return known;
    const key = columnKey(name);
    const skip = map.skip.get(key);
    const isPassedOver = map.others === 'ignore' || this.#ignored.includes(name) || skip !== undefined;
    const field = fieldNamed(name, map, isEventField);
    const meaning = {
      field: field === undefined && isPassedOver ? null : field,
      skip,
      looksInto: [...map.names.keys(), ...map.skip.keys()].some((other) => other.startsWith(`${key}.`)),
    };
    if (this.#meanings.size < mostNames) this.#meanings.set(name, meaning);
    return meaning;
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

const namesIn = (object: Readonly<Record<string, unknown>>, above = ''): string[] =>
  Object.entries(object).flatMap(([key, value]) =>
    isObject(value) && above === '' ? namesIn(value, key) : [above === '' ? key : `${above}.${key}`],
  );

function isSkipped(values: ReadonlySet<string> | null, value: unknown): boolean {
  const text = String(value ?? '');
  return values === null ? text !== '' : values.has(text);
}

const isEmptyByMeaning = ({ values }: ColumnMap, field: string): boolean =>
  [...(values.get(field)?.values() ?? [])].includes('');

const unknownField = (key: string): RowProblem =>
  rowProblem('UNKNOWN_FIELD', pointerTo(key), usageFilesWords.unknownField(key));

const namedTwice = (field: string, one: string, other: string): RowProblem =>
  rowProblem('FIELD_TWICE', pointerTo(other), columnsWords.namedTwice(field, `${one}, ${other}`));
