// Finds a value that is read before an `await` and written after it: two that run so at once lose one of their changes.

import { parseAst } from 'vitest/node';
import { childrenOf, isFunction, type Node } from './syntax.ts';

/** Names that a function declares for itself, parameters included; those of functions within it are theirs. */
function namesOf(node: Node, names = new Set<string>(), within = false): Set<string> {
  if (within && isFunction(node)) return names;
  if (node.type === 'VariableDeclarator') patternNames(node.id as Node, names);
  if (!within) for (const parameter of node.params as Node[]) patternNames(parameter, names);
  for (const child of childrenOf(node)) namesOf(child, names, true);
  return names;
}

function patternNames(node: Node, names: Set<string>): void {
  if (node.type === 'Identifier') names.add(node.name as string);
  else if (node.type === 'AssignmentPattern') patternNames(node.left as Node, names);
  else if (node.type === 'Property') patternNames(node.value as Node, names);
  else for (const child of childrenOf(node)) patternNames(child, names);
}

/** "total", "this.#count", "change.head.balance"; undefined for what is no plain place. */
function placeOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return String(node.name);
  if (node.type === 'PrivateIdentifier') return `#${node.name}`;
  if (node.type === 'ThisExpression') return 'this';
  if (node.type !== 'MemberExpression' || node.computed === true) return undefined;
  const object = placeOf(node.object as Node);
  return object === undefined ? undefined : `${object}.${placeOf(node.property as Node)}`;
}

class Walk {
  readonly complaints: { readonly place: string; readonly at: number }[] = [];
  readonly #own: ReadonlySet<string>;
  /** How many awaits there have been, and at which of them each place was last read. */
  #awaits = 0;
  readonly #read = new Map<string, number>();

  constructor(own: ReadonlySet<string>) {
    this.#own = own;
  }

  visit(node: Node): void {
    if (isFunction(node)) return;
    if (node.type === 'AssignmentExpression') {
      this.#assignment(node);
      return;
    }
    if (node.type === 'MemberExpression' || node.type === 'Identifier') {
      const place = placeOf(node);
      if (place !== undefined) this.#read.set(place, this.#awaits);
    }
    for (const child of childrenOf(node)) this.visit(child);
    if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true)) this.#awaits += 1;
  }

  #assignment(node: Node): void {
    const place = placeOf(node.left as Node);
    if (place === undefined || node.operator !== '=') this.visit(node.left as Node);
    const before = place === undefined ? undefined : this.#read.get(place);
    this.visit(node.right as Node);
    if (place === undefined) return;
    const read = this.#read.get(place) ?? before;
    if (read !== undefined && read < this.#awaits && this.#isShared(place))
      this.complaints.push({ place, at: node.start });
    // A flag set before the await and taken back after it depends on nothing that was read.
    this.#read.delete(place);
  }

  /** A name of the function's own is nobody else's; a field may be. */
  #isShared(place: string): boolean {
    return place.includes('.') || !this.#own.has(place);
  }
}

/** Complaints about one file: "src/x.ts:12: total is read before an await and written after it". */
export function staleWrites({ path, text }: { readonly path: string; readonly text: string }): string[] {
  const complaints: string[] = [];
  const find = (node: Node): void => {
    if (isFunction(node) && node.async === true) {
      const walk = new Walk(namesOf(node));
      walk.visit(node.body as Node);
      for (const { place, at } of walk.complaints) {
        const line = text.slice(0, at).split('\n').length;
        complaints.push(`${path}:${line}: ${place} is read before an await and written after it`);
      }
    }
    for (const child of childrenOf(node)) find(child);
  };
  find(parseAst(text, { lang: 'ts' }) as unknown as Node);
  return complaints;
}
