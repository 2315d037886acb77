// Heads in memory, bounded, lost without harm: a stale one makes its group fail and is read again.

import type { VersionedHead } from '../store/rows.ts';

export class HeadsCache {
  readonly #most: number;
  /** Two generations: the young one fills, the old one is dropped whole. What is used moves to the young one. */
  #young = new Map<string, VersionedHead>();
  #old = new Map<string, VersionedHead>();
  /** Accounts that another server changed lately: locked before deciding, until the mark fades. */
  readonly #contended = new Map<string, number>();

  /** Keeps at most `most` heads. */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(account: string): VersionedHead | undefined {
    return this.#young.get(account) ?? this.#old.get(account);
  }

  set(versioned: VersionedHead): void {
    const { account } = versioned.head;
    if (this.#young.size >= this.#most / 2 && !this.#young.has(account)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#old.delete(account);
    this.#young.set(account, versioned);
  }

  drop(account: string): void {
    this.#young.delete(account);
    this.#old.delete(account);
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
