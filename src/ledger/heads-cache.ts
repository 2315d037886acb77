// Heads in memory: a stale one makes its group fail and is read again.

import type { VersionedHead } from '../store/ledger/rows.ts';
import { Generations } from './generations.ts';

export interface CachedHead extends VersionedHead {
  /** The version it was read from the database with; all later ones are of this server's own groups. */
  readonly readAs: bigint;
}

export class HeadsCache {
  readonly #most: number;
  readonly #heads: Generations<CachedHead>;
  /** Accounts that another server changed lately: locked before deciding, until the mark fades. */
  readonly #contended = new Map<string, number>();

  /** Keeps at most `most` heads. */
  constructor(most: number) {
    this.#most = most;
    this.#heads = new Generations(most / 2);
  }

  get size(): number {
    return this.#heads.size;
  }

  get(account: string): CachedHead | undefined {
    return this.#heads.get(account);
  }

  set(cached: CachedHead): void {
    this.#heads.set(cached.head.account, cached);
  }

  drop(account: string): void {
    this.#heads.delete(account);
  }

  /** Forgets all heads, as those of a database that is another by now. */
  clear(): void {
    this.#heads.clear();
  }

  /** Notes a lost race; the next `turns` groups of the account lock its head instead of hoping. */
  contend(account: string, turns: number): void {
    if (this.#contended.size > this.#most) this.#contended.clear();
    this.#contended.set(account, turns);
  }

  /** True while the account is contended; each question uses up one turn. */
  isContended(account: string): boolean {
    const turns = this.#contended.get(account);
    if (turns === undefined) return false;
    if (turns <= 1) this.#contended.delete(account);
    else this.#contended.set(account, turns - 1);
    return true;
  }
}
