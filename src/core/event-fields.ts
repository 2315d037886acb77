// The fields of a usage event, as the contract and event files name them.

export const eventFields = [
  'id',
  'account',
  'meter',
  'action',
  'channel',
  'library',
  'resultCode',
  'calls',
  'time',
  'department',
] as const;

export type EventField = (typeof eventFields)[number];

const names: ReadonlySet<string> = new Set(eventFields);

export const isEventField = (name: string): name is EventField => names.has(name);
