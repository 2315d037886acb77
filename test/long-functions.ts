// Finds functions of more than 60 lines: the whole of them, with all that stands inside.

import { parseAst } from 'vitest/node';
import { childrenOf, isFunction, type Node } from './syntax.ts';

const mostLines = 60;

export function longFunctions({ path, text }: { readonly path: string; readonly text: string }): string[] {
  const lineOf = (at: number): number => text.slice(0, at).split('\n').length;
  const found: string[] = [];
  const walk = (node: Node): void => {
    const lines = isFunction(node) ? lineOf(node.end) - lineOf(node.start) + 1 : 0;
    if (lines > mostLines) found.push(`${path}:${lineOf(node.start)}: a function of ${lines} lines`);
    else for (const child of childrenOf(node)) walk(child);
  };
  walk(parseAst(text, { lang: 'ts' }, path) as unknown as Node);
  return found;
}
