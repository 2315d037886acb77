// Writes heads that are not what the ledger says again. A first pass reads and locks nothing; what it finds is made once more under the
// head's lock and written with a raised version, so that every server reads it anew.

import type { PoolClient } from 'pg';
import type { Instant } from '../core/units.ts';
import { allowSilence } from '../store/connection/silence.ts';
import { changeOn, longestWork, snapshotOn } from '../store/connection/transaction.ts';
import { type AccountChange, lastAccountChanges } from '../store/ledger/accounts.ts';
import { lockHeadRow, replaceHead } from '../store/ledger/heads.ts';
import { closeLines } from '../store/streams/line-streams.ts';
import { type AccountRange, accountsOfRange, rangeOf, rangesOf } from '../store/streams/ranges.ts';
import { rebuildCaps } from './caps.ts';
import { type Finding, Verdicts } from './invariants.ts';
import { changesOf, type HeadChange, rebuild } from './rebuild.ts';
import { type AccountStart, LedgerReader } from './ticks.ts';
import { bookOf, decoded, layArchivesOver, meterNames, type VerifyParts } from './verify.ts';

export interface RepairedHead {
  readonly account: string;
  readonly changes: readonly HeadChange[];
  /** What nothing says any more, so that it became what the price book, or a new account, has. */
  readonly assumed: readonly string[];
}

export interface RepairReport {
  readonly accounts: number;
  readonly repaired: readonly RepairedHead[];
  /** Accounts whose ledger rows do not agree with each other: their heads were left as they are. */
  readonly refused: readonly { readonly account: string; readonly why: string }[];
}

export interface RepairParts extends VerifyParts {
  readonly clock: () => Instant;
}

const sliceSize = accountsOfRange;

/** Rebuilds the heads that differ from what their ledgers say. */
export async function repairHeads(parts: RepairParts): Promise<RepairReport> {
  const client = await parts.pool.connect();
  allowSilence(client, longestWork);
  try {
    await layArchivesOver(client, new Verdicts());
    const { accounts, damaged } = await findDamaged(client, parts);
    const repaired: RepairedHead[] = [];
    const refused: { account: string; why: string }[] = [];
    for (const account of damaged) {
      const outcome = await changeOn(client, () => repairOne(client, parts, account));
      if (outcome === undefined) continue;
      if ('why' in outcome) refused.push(outcome);
      else repaired.push(outcome);
    }
    return { accounts, repaired, refused };
  } finally {
    client.release(true);
  }
}

async function findDamaged(client: PoolClient, parts: RepairParts) {
  const damaged: string[] = [];
  let accounts = 0;
  const ranges = rangesOf(client, sliceSize);
  for (let more = true; more; ) {
    more = await snapshotOn(client, async () => {
      const { value: range } = await ranges.next();
      if (range === undefined) return false;
      await eachAccount(client, parts, range, async (reader, start, lastChange) => {
        accounts += 1;
        const outcome = await compare(client, parts, reader, start, lastChange);
        if (outcome.changes.length > 0) damaged.push(start.id);
      });
      return true;
    });
  }
  return { accounts, damaged };
}

async function eachAccount(
  client: PoolClient,
  parts: RepairParts,
  range: AccountRange,
  visit: (reader: LedgerReader, start: AccountStart, lastChange: AccountChange | undefined) => Promise<void>,
): Promise<void> {
  const lastChanges = await lastAccountChanges(client, range);
  const reader = await LedgerReader.open(client, range, await meterNames(client, parts.meters));
  for (let start = await reader.nextAccount(); start !== undefined; start = await reader.nextAccount()) {
    await visit(reader, start, lastChanges.get(start.id));
  }
  await closeLines(client);
}

/** What the head would have to be, and how it differs. Rows of an account that does not exist need no head. */
async function compare(
  client: PoolClient,
  parts: RepairParts,
  reader: LedgerReader,
  start: AccountStart,
  lastChange: AccountChange | undefined,
) {
  const book = start.account === undefined ? undefined : await bookOf(parts, start.account.book);
  if (book === undefined) {
    for (let more = true; more; ) more = await reader.nextTicks(() => {});
    await reader.end();
    return { changes: [] };
  }
  const timeZone = start.account?.timeZone ?? null;
  const rebuilt = await rebuild(
    reader,
    { id: start.id, book, timeZone, head: start.head, told: start.account },
    lastChange,
  );
  const stored = decoded(start);
  await rebuildCaps(client, parts, rebuilt.head, stored);
  return { rebuilt, changes: changesOf(stored, rebuilt.head, parts.clock()) };
}

async function repairOne(
  client: PoolClient,
  parts: RepairParts,
  account: string,
): Promise<RepairedHead | { readonly account: string; readonly why: string } | undefined> {
  await lockHeadRow(client, account);
  let outcome: Awaited<ReturnType<typeof compare>> | undefined;
  await eachAccount(client, parts, await rangeOf(client, account), async (reader, start, lastChange) => {
    const compared = await compare(client, parts, reader, start, lastChange);
    if (start.id === account) outcome = compared;
  });
  if (outcome?.rebuilt === undefined || outcome.changes.length === 0) return undefined;
  const { rebuilt, changes } = outcome;
  if (rebuilt.broken !== undefined) return { account, why: wordsOf(rebuilt.broken) };
  await replaceHead(client, rebuilt.head);
  return { account, changes, assumed: rebuilt.assumed };
}

const wordsOf = ({ table, key, expected, found }: Finding): string => `${table}, ${key}: ${expected} ≠ ${found}`;
