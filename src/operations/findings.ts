// What a sweep of the provider's list could not match, beside what the ledger itself has of it.

import { type Refusal, refuseMissing } from '../core/refusal.ts';
import { type EventKey, findEvents, type StoredEvent } from '../store/ledger/events.ts';
import {
  countFindings,
  type Finding,
  type FindingWish,
  findSweep,
  listFindings,
  type Sweep,
} from '../store/ledger/sweeps.ts';
import type { Suanpan } from './suanpan.ts';

/** The ledger's word on an attempt. */
export interface Recorded {
  readonly event: string;
  readonly resultCode: string | null;
  readonly outcome: StoredEvent['outcome'] | 'voided';
  /** Whether a person has said so. */
  readonly reviewed: boolean;
}

export interface DayFindings {
  readonly sweep: Sweep;
  readonly whys: readonly { readonly why: string; readonly count: number }[];
  readonly findings: readonly (Finding & { readonly recorded: Recorded | null })[];
}

/** A page of a day's findings, and how many there are of which kind. Refusal: NOT_FOUND (the day was not begun). */
export async function findingsOf({ pool, meters }: Suanpan, wish: FindingWish): Promise<DayFindings | Refusal> {
  const sweep = await findSweep(pool, wish.day);
  if (sweep === undefined) return refuseMissing('sweep', wish.day);
  const found = await listFindings(pool, wish);
  const stored = await findEvents(pool, found.flatMap(keyOf), meters);
  const known = new Map(stored.map((event) => [`${event.account} ${event.id}`, recordedOf(event)]));
  const findings = found.map((finding) => {
    const [key] = keyOf(finding);
    return { ...finding, recorded: (key && known.get(`${key.account} ${key.id}`)) ?? null };
  });
  return { sweep, whys: await countFindings(pool, wish.day), findings };
}

const keyOf = ({ account, token, attempt }: Finding): EventKey[] =>
  account === null || attempt === '' ? [] : [{ account, id: `${token}:${attempt}` }];

const recordedOf = ({ id, facts, outcome, voidedAt, reviewedAt }: StoredEvent): Recorded => ({
  event: id,
  resultCode: facts?.resultCode ?? null,
  outcome: voidedAt === null ? outcome : 'voided',
  reviewed: reviewedAt !== null,
});
