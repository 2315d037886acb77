// The columns of the tables that are read, by what the table is.

import { eventFields } from '../core/event.ts';

export interface TableFields {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const ofEvents = (required: boolean): string[] =>
  Object.entries(eventFields).flatMap(([name, field]) => (field.required === required ? [name] : []));

export const tableFields = {
  usage: { required: ofEvents(true), optional: ofEvents(false) },
  bill: {
    required: ['kind'],
    optional: ['day', 'month', 'meter', 'pack', 'tariff', 'product', 'calls', 'unit_price', 'amount'],
  },
  packs: {
    required: ['id', 'product', 'calls'],
    optional: ['price', 'gift', 'bought', 'effective', 'expires', 'remaining'],
  },
  profile: { required: ['month', 'meter', 'calls'], optional: [] },
} as const satisfies Readonly<Record<string, TableFields>>;

export type TableKind = keyof typeof tableFields;

export const isTableKind = (name: unknown): name is TableKind =>
  typeof name === 'string' && Object.hasOwn(tableFields, name);

/** Of an event, besides its fields: whose space its id belongs to. */
export const sourceField = 'source';

/** What the columns of a file may be mapped to. */
export function fieldsOf(kind: TableKind): readonly string[] {
  const { required, optional } = tableFields[kind];
  return [...required, ...optional, ...(kind === 'usage' ? [sourceField] : [])];
}
