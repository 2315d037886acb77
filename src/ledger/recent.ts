// Ids seen lately, in bounded memory. A hit means "perhaps known, look it up"; a miss means "probably new".
// Only speed depends on it: the unique key of the ledger decides.

export class RecentIds {
  readonly #most: number;
  #young = new Set<string>();
  #old = new Set<string>();

  /** Remembers between `most` and twice `most` ids, whatever their account: another account's only costs a look-up. */
  constructor(most: number) {
    this.#most = most;
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id);
  }

  add(id: string): void {
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(id);
  }
}
