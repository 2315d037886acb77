// Where accounts lie, on an engine that spreads them over nodes: a group is of one shard, so that a node that is lost stops its own accounts.

import type { Place } from '../store/connection/shards.ts';

/** All accounts of one PostgreSQL. */
export const onePlace = '';

/** More than are busy at once; beyond it all are asked for again. */
const mostKnown = 500_000;

export class Places {
  readonly #ask: (accounts: readonly string[]) => Promise<ReadonlyMap<string, Place>>;
  readonly #shards = new Map<string, string>();
  readonly #nodes = new Map<string, string>();

  constructor(ask: (accounts: readonly string[]) => Promise<ReadonlyMap<string, Place>>) {
    this.#ask = ask;
  }

  /** The shard of an account; undefined: it has to be learnt. */
  shardOf(account: string): string | undefined {
    return this.#shards.get(account);
  }

  /** The node that a shard was on. */
  nodeOf(shard: string): string {
    return this.#nodes.get(shard) ?? '';
  }

  /** Rejects when the database does not say. */
  async learn(accounts: readonly string[]): Promise<void> {
    if (this.#shards.size + accounts.length > mostKnown) this.#shards.clear();
    const found = await this.#ask(accounts);
    for (const account of accounts) {
      const place = found.get(account);
      if (place === undefined) throw new Error(`account ${account} lies nowhere`);
      this.#shards.set(account, place.shard);
      this.#nodes.set(place.shard, place.node);
    }
  }

  /** Shards of a node may have gone to another. */
  forget(node: string): void {
    for (const [account, shard] of this.#shards) if (this.nodeOf(shard) === node) this.#shards.delete(account);
  }
}
