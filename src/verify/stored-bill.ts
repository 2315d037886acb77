// A stored bill document as checkers read it.

import { readJson, writeJson } from '../core/json.ts';
import type { FeeReason } from '../core/rate.ts';
import type { BlockPart } from '../core/units.ts';

/** What the checks need of a bill document. Amounts are decimal texts, calls whole numbers; see core/bill-document.ts. */
export interface StoredDocument {
  readonly number: string;
  readonly currency: string;
  readonly prepaid: string;
  readonly postpaid: string;
  readonly adjustments: string;
  readonly total: string;
  readonly lines: readonly StoredLine[];
  readonly usage: readonly {
    readonly meter: string;
    readonly calls: number | bigint;
    readonly postpaid: number | bigint;
    readonly notCharged: number | bigint;
  }[];
}

/** A price, and where it is of a block how many calls are one and what a part counts as. */
interface StoredPrice<Text> {
  readonly unitPrice: Text;
  readonly per?: number | bigint;
  readonly part?: BlockPart;
}

export interface StoredLine extends Partial<StoredPrice<string | null>> {
  readonly kind: 'pack' | 'pack_refund' | 'postpaid' | 'fee' | 'adjustment';
  readonly reason?: FeeReason;
  readonly limit?: string;
  readonly before?: string | null;
  readonly amount: string;
  readonly tariff?: string | null;
  readonly month?: string;
  /** Of the calls, where their tariff counts by the day. */
  readonly day?: string;
  readonly calls?: number | bigint;
  readonly slices?: readonly (StoredPrice<string> & { readonly calls: number | bigint })[];
}

/** Undefined: no JSON, or not a bill's. */
export function readDocument(text: string): StoredDocument | undefined {
  try {
    const document = readJson(text) as StoredDocument;
    return Array.isArray(document.lines) && Array.isArray(document.usage) ? document : undefined;
  } catch {
    return undefined;
  }
}

interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** Where two JSON texts first differ. */
export function firstDifference(expected: string, found: string): Difference {
  try {
    return difference(readJson(expected), readJson(found), '') ?? { path: '', expected, found };
  } catch {
    return { path: '', expected: 'JSON', found: found.slice(0, 80) };
  }
}

function difference(expected: unknown, found: unknown, path: string): Difference | undefined {
  if (typeof expected !== 'object' || typeof found !== 'object' || expected === null || found === null) {
    if (expected === found) return undefined;
    return { path, expected: writeJson(expected) ?? 'nothing', found: writeJson(found) ?? 'nothing' };
  }
  const [wanted, there] = [expected as Record<string, unknown>, found as Record<string, unknown>];
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(there)])) {
    const deeper = difference(wanted[key], there[key], `${path}/${key}`);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}
