// Where a list goes on: one form for all of them, the list's name and a position in it. A cursor is taken back only as it was given,
// by the list that gave it: read leniently, what is no cursor would be some position, and give a page that nobody asked for.

import { parsePeriod } from '../core/calendar.ts';
import { isSafeText } from '../core/safe-text.ts';

type Part<T> = (value: unknown) => value is T;

export interface ListCursor<Position extends readonly unknown[]> {
  write(position: Position): string;
  /** Undefined: no cursor of this list. */
  read(text: string): Position | undefined;
  /** Where the list goes on after these rows; null when they are fewer than were asked for. */
  after<Row>(rows: readonly Row[], limit: number, positionOf: (row: Row) => Position): string | null;
}

function cursorOf<Position extends readonly unknown[]>(
  list: string,
  ...parts: { readonly [Index in keyof Position]: Part<Position[Index]> }
): ListCursor<Position> {
  const isPosition = (value: readonly unknown[]): value is Position =>
    value.length === parts.length && value.every((part, index) => parts[index]?.(part) === true);
  const write = (position: Position) => Buffer.from(JSON.stringify([list, ...position])).toString('base64url');
  return {
    write,
    read: (text) => {
      const value = parsed(Buffer.from(text, 'base64url').toString());
      if (!Array.isArray(value) || value[0] !== list) return undefined;
      const position = value.slice(1);
      return isPosition(position) && write(position) === text ? position : undefined;
    },
    after: (rows, limit, positionOf) => {
      const last = rows.length < limit ? undefined : rows.at(-1);
      return last === undefined ? null : write(positionOf(last));
    },
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && isSafeText(value);
const isMonth = (value: unknown): value is string => isText(value) && parsePeriod(value) !== undefined;
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
/** What PostgreSQL's `integer` holds. */
const isSmall = (value: unknown): value is number => isWhole(value) && value < 2 ** 31;

export const alertsCursor = cursorOf<[at: number, account: string, no: number]>('alerts', isWhole, isText, isWhole);
export const approvalsCursor = cursorOf<[askedAt: number, id: string]>('approvals', isWhole, isText);
export const accountsCursor = cursorOf<[id: string]>('accounts', isText);
/** The chain of acts about no account has no name. */
export const actsCursor = cursorOf<[at: number, chain: string, no: number]>(
  'acts',
  isWhole,
  (value): value is string => value === '' || isText(value),
  isWhole,
);
export const billsCursor = cursorOf<[month: string, account: string]>('bills', isMonth, isText);
export const changesCursor = cursorOf<[no: number]>('changes', isWhole);
export const readinessCursor = cursorOf<[account: string]>('readiness', isText);
export const exportsCursor = cursorOf<[at: number, id: string]>('exports', isWhole, isText);
export const notesCursor = cursorOf<[no: number]>('notes', isWhole);
export const contractsCursor = cursorOf<[no: number]>('contracts', isSmall);
export const entriesCursor = cursorOf<[seq: number]>('entries', isWhole);
export const eventsCursor = cursorOf<[at: number, seq: number]>('events', isWhole, isWhole);
export const heldCursor = cursorOf<[account: string, seq: number]>('held', isText, isWhole);
export const keysCursor = cursorOf<[createdAt: number, id: string]>('keys', isWhole, isText);
export const ordersCursor = cursorOf<[at: number, account: string, no: number]>('orders', isWhole, isText, isSmall);
export const deliveriesCursor = cursorOf<[madeAt: number, id: string]>('deliveries', isWhole, isText);
export const packsCursor = cursorOf<[no: number]>('packs', isSmall);
export const sweepsCursor = cursorOf<[day: string]>('sweeps', isText);
export const findingsCursor = cursorOf<[token: string, attempt: string, at: number]>(
  'findings',
  isText,
  (value): value is string => value === '' || isText(value),
  isWhole,
);
export const webhooksCursor = cursorOf<[id: string]>('webhooks', isText);
export const peopleCursor = cursorOf<[id: string]>('people', isText);
