// Looks up rows by the prefix of a secret.

/**
 * One query is under way at a time, and all who ask meanwhile share the next: so a flood of guessed secrets holds no more than one
 * connection, of its own, and a valid one among them waits for two queries at most, whatever others read.
 */
export class RowsByPrefix<Row> {
  readonly #read: (prefixes: readonly string[]) => Promise<Map<string, Row>>;
  #next: { readonly prefixes: Set<string>; readonly rows: Promise<Map<string, Row>> } | undefined;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(read: (prefixes: readonly string[]) => Promise<Map<string, Row>>) {
    this.#read = read;
  }

  async find(prefix: string): Promise<Row | undefined> {
    return (await this.#ask(prefix)).get(prefix);
  }

  #ask(prefix: string): Promise<Map<string, Row>> {
    if (this.#next === undefined) {
      const prefixes = new Set<string>();
      const rows = this.#underWay.then(() => {
        this.#next = undefined;
        return this.#read([...prefixes]);
      });
      this.#underWay = rows.catch(() => {});
      this.#next = { prefixes, rows };
    }
    this.#next.prefixes.add(prefix);
    return this.#next.rows;
  }
}
