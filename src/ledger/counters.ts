// What the ledger counts of its groups.

import { type Loss, noLosses } from './losses.ts';
import { type Group, weightOf } from './requests.ts';

/** Counted since the start; /metrics shows them. */
export interface GroupCounters {
  groups: number;
  events: number;
  conflicts: number;
  retries: number;
  /** Tries lost, by what they were lost to. */
  readonly losses: Record<Loss, number>;
  /** Groups split because they could not be written whole. */
  splits: number;
  failures: number;
  /** Sum and buckets of the time from a group's start to its commit, milliseconds. */
  commitMilliseconds: number;
  readonly commitBuckets: Map<number, number>;
  readonly sizeBuckets: Map<number, number>;
}

const commitBounds = [1, 2, 5, 10, 20, 50, 100, 500, 1_000, 5_000];
const sizeBounds = [1, 2, 5, 10, 20, 50, 100, 500, 1_000, 5_000];

export const openCounters = (): GroupCounters => ({
  groups: 0,
  events: 0,
  conflicts: 0,
  retries: 0,
  losses: noLosses(),
  splits: 0,
  failures: 0,
  commitMilliseconds: 0,
  commitBuckets: new Map(commitBounds.map((bound) => [bound, 0])),
  sizeBuckets: new Map(sizeBounds.map((bound) => [bound, 0])),
});

/** A group that is on disk, and how long it took. */
export function countGroup(counters: GroupCounters, group: Group, milliseconds: number): void {
  let size = 0;
  for (const requests of group.values()) for (const request of requests) size += weightOf(request);
  counters.groups += 1;
  counters.events += size;
  counters.commitMilliseconds += milliseconds;
  bump(counters.commitBuckets, milliseconds);
  bump(counters.sizeBuckets, size);
}

function bump(buckets: Map<number, number>, value: number): void {
  for (const [bound, count] of buckets) if (value <= bound) buckets.set(bound, count + 1);
}
