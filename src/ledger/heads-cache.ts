// Heads in memory, bounded, lost without harm: a stale one makes its group fail and is read again.

import type { VersionedHead } from '../store/rows.ts';

export class HeadsCache {
  readonly #most: number;
  readonly #heads = new Map<string, VersionedHead>();
  /** Accounts that another server changed lately: locked before deciding, until the mark fades. */
  readonly #contended = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#heads.size;
  }

  get(account: string): VersionedHead | undefined {
    return this.#heads.get(account);
  }

  set(versioned: VersionedHead): void {
    const { account } = versioned.head;
    this.#heads.delete(account);
    this.#heads.set(account, versioned);
    if (this.#heads.size <= this.#most) return;
    const oldest = this.#heads.keys().next();
    if (!oldest.done) this.#heads.delete(oldest.value);
  }

  drop(account: string): void {
    this.#heads.delete(account);
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
