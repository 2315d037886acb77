// Figures of a bill that nothing here can be compared with: named, so that "the bill is right" says what it is about.

import type { Words } from '../core/price-book.ts';
import { reconcileWords } from '../words/reconcile.ts';

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
      return reconcileWords.notCompared(kind, column, lines.length, places);
    });
  }
}
