// I6 of caps: what a head says is used of them is what was called in the running day or month.

import type { PoolClient } from 'pg';
import { countedIn, momentsCounted, windowOf } from '../account/caps.ts';
import type { Cap, Head } from '../account/head.ts';
import { canonicalJson } from '../core/json.ts';
import { countAnew, recount } from '../operations/caps.ts';
import type { Parts } from '../operations/change.ts';
import { accountsWithCaps, readCaps } from '../store/ledger/caps.ts';
import { readHeadOf } from '../store/ledger/heads.ts';
import type { AccountRange } from '../store/streams/ranges.ts';
import { type Verdicts, Witness } from './invariants.ts';

const capText = (cap: Cap | undefined): string =>
  cap === undefined ? 'none' : canonicalJson({ ...cap, most: cap.most.toString() });

/** In the snapshot of a slice. */
export async function checkCaps(
  client: PoolClient,
  parts: Parts,
  range: AccountRange,
  verdicts: Verdicts,
): Promise<void> {
  const witness = new Witness('I6', verdicts);
  for (const account of await accountsWithCaps(client, range)) {
    witness.at(account);
    const caps = await readCaps(client, account);
    const head = (await readHeadOf(client, account).catch(() => undefined))?.head;
    if (head === undefined) continue;
    const numbers = new Set([...caps, ...head.caps].map(({ no }) => no));
    for (const no of numbers) {
      const [set, kept] = [caps, head.caps].map((all) => all.find((each) => each.no === no));
      witness.count();
      const isSame = witness.same('account_heads', `cap no ${no}`, capText(set), capText(kept));
      if (isSame && kept !== undefined) await checkUsed(client, parts, head, kept, witness);
    }
  }
}

async function checkUsed(client: PoolClient, parts: Parts, head: Head, cap: Cap, witness: Witness): Promise<void> {
  for (const at of momentsCounted(cap, head.timeZone, head.time)) {
    const window = windowOf(cap, head.timeZone, at);
    const expected = await recount(client, parts, head, cap, at);
    witness.same('account_heads', `cap ${cap.name} of ${window}`, expected, countedIn(head, cap, window));
  }
}

/** Puts on a rebuilt head what is known of its caps. By which keys holds were made is on the stored head alone. */
export async function rebuildCaps(
  client: PoolClient,
  parts: Parts,
  head: Head,
  stored: Head | undefined,
): Promise<void> {
  head.caps = await readCaps(client, head.account);
  if (stored !== undefined) {
    head.capped = new Map(stored.capped);
    const keys = new Map(stored.holds.map(({ seq, key }) => [seq, key]));
    head.holds = head.holds.map((hold) => ({ ...hold, key: keys.get(hold.seq) ?? null }));
  }
  for (const cap of head.caps) await countAnew(client, parts, head, cap, head.time);
}
