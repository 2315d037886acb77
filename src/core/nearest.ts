// What somebody may have meant who wrote a name that there is not.

/** The known name that most of a name's letters are in, in their order, of any size; '' where none is known. */
export function nearestOf(name: string, known: readonly string[]): string {
  const letters = name.toUpperCase();
  const likeness = (each: string): number => inCommon(letters, each.toUpperCase()) / Math.max(name.length, each.length);
  return known.toSorted((a, b) => likeness(b) - likeness(a))[0] ?? '';
}

function inCommon(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const letter of a) {
    const above = row;
    row = [0];
    for (let at = 1; at <= b.length; at += 1) {
      row.push(letter === b[at - 1] ? (above[at - 1] ?? 0) + 1 : Math.max(above[at] ?? 0, row[at - 1] ?? 0));
    }
  }
  return row.at(-1) ?? 0;
}
