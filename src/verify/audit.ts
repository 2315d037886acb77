// I18: the chains of the audit. The first act of each chain that is not as it was written is named: changed, missing, or out of place.

import { createHash } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { contentOf, type KeptAct, linkOf, readKeptAct } from '../core/act.ts';
import { type AuditHead, findHashes, readActs, readAuditHeads } from '../store/ledger/audit.ts';

const slice = 1_000;

/** Where a chain is broken, and how. */
export interface BrokenAct {
  readonly chain: string;
  readonly no: number;
  readonly expected: string;
  readonly found: string;
}

const hashOf = (previous: string, act: KeptAct): string =>
  createHash('sha256')
    .update(linkOf(previous, act.no, contentOf(act)))
    .digest('hex');

/** Follows acts in order of chain and number, from wherever they are read. */
export class AuditChains {
  readonly #ends = new Map<string, AuditHead>();
  readonly broken: BrokenAct[] = [];
  acts = 0;

  /** Of a broken chain the first break is told, and the rest is not looked at. */
  add(act: KeptAct): void {
    this.acts += 1;
    if (this.broken.some(({ chain }) => chain === act.chain)) return;
    const end = this.#ends.get(act.chain) ?? { chain: act.chain, length: 0, hash: '' };
    const no = end.length + 1;
    const hash = hashOf(end.hash, act);
    if (act.no !== no) this.#breaks(act.chain, no, `act ${no}`, `act ${act.no}: ${no} is missing`);
    else if (act.hash !== hash) this.#breaks(act.chain, no, hash, `${act.hash}: changed, or not where it was written`);
    else this.#ends.set(act.chain, { chain: act.chain, length: no, hash });
  }

  /** What the heads say must be what the acts come to. */
  end(heads: readonly AuditHead[]): void {
    const left = new Map(this.#ends);
    for (const { chain, length, hash } of heads) {
      left.delete(chain);
      const end = this.#ends.get(chain);
      if (this.broken.some((each) => each.chain === chain)) continue;
      const found = end?.length ?? 0;
      if (found !== length) this.#breaks(chain, found + 1, `${length} acts`, `${found}: act ${found + 1} is missing`);
      else if (end?.hash !== hash) this.#breaks(chain, length, hash, `${end?.hash}: the head is another's`);
    }
    for (const { chain, length } of left.values()) {
      if (!this.broken.some((each) => each.chain === chain)) this.#breaks(chain, length, 'a head', 'none');
    }
  }

  /** Where each chain ends, as far as it holds. */
  ends(): AuditHead[] {
    return [...this.#ends.values()];
  }

  #breaks(chain: string, no: number, expected: string, found: string): void {
    this.broken.push({ chain, no, expected, found });
  }
}

/** In order of chain and number. */
export async function* allActs(client: ClientBase | Pool): AsyncGenerator<KeptAct> {
  for (let after: KeptAct | null = null; ; ) {
    const acts: KeptAct[] = await readActs(client, after, slice);
    yield* acts;
    after = acts.at(-1) ?? null;
    if (acts.length < slice) return;
  }
}

/** The whole audit, as it stands in one snapshot. */
export async function followAudit(client: ClientBase | Pool): Promise<AuditChains> {
  const chains = new AuditChains();
  for await (const act of allActs(client)) chains.add(act);
  chains.end(await readAuditHeads(client));
  return chains;
}

/** The whole audit of one moment, a line an act; the last says where each chain ends, so that an end cut off is found. */
export async function* exportedLines(pool: Pool): AsyncGenerator<string> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin isolation level repeatable read read only');
    for await (const act of allActs(client)) yield JSON.stringify(act);
    yield JSON.stringify({ heads: await readAuditHeads(client) });
    await client.query('commit');
    broken = false;
  } finally {
    client.release(broken);
  }
}

/** The last line of an export; undefined: it is an act's, as in exports of before. */
function readHeads(line: string | undefined): AuditHead[] | undefined {
  try {
    const { heads } = JSON.parse(line ?? '') as { readonly heads?: unknown };
    return Array.isArray(heads) ? (heads as AuditHead[]) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An export kept elsewhere: its chains must hold to their ends, and each must still be how the database's begins. So even a chain that
 * somebody wrote anew from end to end is found. `pool` null: the file by itself. `line`: that one is no act.
 */
export async function checkExport(pool: Pool | null, lines: readonly string[]) {
  const chains = new AuditChains();
  const heads = readHeads(lines.at(-1));
  for (const [index, text] of (heads === undefined ? lines : lines.slice(0, -1)).entries()) {
    const act = readKeptAct(text);
    if (act === undefined) return { line: index + 1 };
    chains.add(act);
  }
  if (heads !== undefined) chains.end(heads);
  const ends = chains.ends();
  const stored = pool === null ? undefined : await findHashes(pool, ends);
  for (const { chain, length, hash } of stored === undefined ? [] : ends) {
    if (stored?.get(`${chain} ${length}`) === hash) continue;
    chains.broken.push({ chain, no: length, expected: hash, found: 'differs' });
  }
  return { acts: chains.acts, chains: ends.length, broken: chains.broken };
}
