// Which row had an event id first, at 12 bytes a row and no string kept. Two of a million different ids share their 96 bits
// once in 10^17 files, of ten million once in 10^15: rarer than a wrong bit of memory, so no second look at the ids is taken.

const [seedA, seedB, seedC] = [0x9747b28c, 0x3c6ef372, 0x510e527f];

let a = 0;
let b = 0;
let c = 0;

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function finish(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Three lanes that mix two characters at a time and each other, as MurmurHash3 does. The result lies in a, b, c. */
function hash(text: string): void {
  [a, b, c] = [seedA, seedB, seedC];
  for (let at = 0; at < text.length; at += 2) {
    const second = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
    const word = text.charCodeAt(at) | (second << 16);
    a = Math.imul(rotate(a ^ Math.imul(word, 0x239b961b), 19) + b, 5) + 0x561ccd1b;
    b = Math.imul(rotate(b ^ Math.imul(word, 0xab0e9789), 17) + c, 5) + 0x0bcaa747;
    c = Math.imul(rotate(c ^ Math.imul(word, 0x38b34ae5), 15) + a, 5) + 0x96cd1c35;
  }
  a = finish(a ^ text.length) >>> 0;
  b = finish(b + a) >>> 0;
  c = finish(c + b) >>> 0;
}

const blockBits = 16;
const blockRows = 1 << blockBits;

export class IdIndex {
  /** Row + 1 by hash; 0 is empty. Open addressing, at most two thirds full. */
  #slots = new Uint32Array(1 << 18);
  readonly #hashes: Uint32Array[] = [];
  #rows = 0;

  /** Enters the id of the next row. Answers the first row with this id, or -1 when there was none. */
  enter(id: string): number {
    hash(id);
    const row = this.#rows;
    this.#rows += 1;
    if (row % blockRows === 0) this.#hashes.push(new Uint32Array(blockRows * 3));
    const block = this.#hashes[row >>> blockBits] as Uint32Array;
    const at = (row % blockRows) * 3;
    block[at] = a;
    block[at + 1] = b;
    block[at + 2] = c;
    if (this.#rows * 3 > this.#slots.length * 2) this.#grow();
    return this.#place(row, a, b, c);
  }

  #place(row: number, first: number, second: number, third: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const other = (this.#slots[slot] as number) - 1;
      if (other < 0) {
        this.#slots[slot] = row + 1;
        return -1;
      }
      const block = this.#hashes[other >>> blockBits] as Uint32Array;
      const at = (other % blockRows) * 3;
      if (block[at] === first && block[at + 1] === second && block[at + 2] === third) return other;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let row = 0; row < this.#rows - 1; row += 1) {
      const block = this.#hashes[row >>> blockBits] as Uint32Array;
      const at = (row % blockRows) * 3;
      this.#place(row, block[at] as number, block[at + 1] as number, block[at + 2] as number);
    }
  }
}
