// Figures of a bill that nothing here can be compared with: named, so that "the bill is right" says what it is about.

import type { Words } from '../core/price-book.ts';

export class NotCompared {
  readonly #found = new Map<string, { column: string; kind: string; lines: number[] }>();

  add(column: string, kind: string, line: number): void {
    const key = `${column} ${kind}`;
    const entry = this.#found.get(key) ?? { column, kind, lines: [] };
    entry.lines.push(line);
    this.#found.set(key, entry);
  }

  words(): Words[] {
    return [...this.#found.values()].map(({ column, kind, lines }) => {
      const places = `${lines.slice(0, 3).join(', ')}${lines.length > 3 ? ' …' : ''}`;
      return {
        zh: `未比对：${kind} 行的 ${column}（${lines.length} 处，第 ${places} 行）`,
        en: `not compared: ${column} of ${kind} rows (${lines.length}, line ${places})`,
      };
    });
  }
}
