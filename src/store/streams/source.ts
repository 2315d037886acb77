// How rows of a table become lines: the columns as text, and what they mean.

import { type Calls, callsOf, type Instant, instantOf, type Money, moneyOf } from '../../core/units.ts';
import type { Line } from './ledger-lines.ts';
import type { Within } from './ranges.ts';

export type Field = string | null;
export type Raw = readonly Field[];
/** A meter's id by its number in the database. */
export type MeterName = (no: Field) => string | null;

/** How one table is read: its columns in order, and the line they make. */
export interface Source<L extends Line> {
  readonly sql: (within: Within) => string;
  readonly batch: number;
  readonly line: (raw: Raw, meter: MeterName) => L;
}

export const text = (field: Field | undefined): string => field ?? '';
export const whole = (field: Field | undefined): number => Number(field);
export const calls = (field: Field | undefined): Calls => callsOf(BigInt(field ?? 0));
export const money = (field: Field | undefined): Money => moneyOf(BigInt(field ?? 0));
export const instant = (field: Field | undefined): Instant => instantOf(Number(field));
export const optional = (field: Field | undefined): number | null => (field == null ? null : Number(field));
