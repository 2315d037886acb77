// PostgreSQL arrays in binary form. The driver would build text for them value by value, and the server parse it again;
// a group has a thousand values, so this is hot. Layout: PostgreSQL's array_recv.

const oids = { int2: 21, int4: 23, int8: 20, text: 25 } as const;

const headerLength = 20;
const empty = (oid: number): Buffer => header(Buffer.allocUnsafe(12), 0, oid, false).subarray(0, 12);

function header(buffer: Buffer, length: number, oid: number, hasNull: boolean): Buffer {
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  if (length === 0) return buffer;
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

const twoTo32 = 4_294_967_296;

/** int8[]: counts, sequence numbers, milliseconds. */
export function int8Array(values: readonly (number | bigint)[]): Buffer {
  if (values.length === 0) return empty(oids.int8);
  const buffer = header(Buffer.allocUnsafe(headerLength + 12 * values.length), values.length, oids.int8, false);
  let at = headerLength;
  for (const value of values) {
    at = buffer.writeInt32BE(8, at);
    const small = Number(value);
    if (Number.isSafeInteger(small)) {
      const high = Math.floor(small / twoTo32);
      at = buffer.writeInt32BE(high, at);
      at = buffer.writeUInt32BE(small - high * twoTo32, at);
    } else at = buffer.writeBigInt64BE(BigInt(value), at);
  }
  return buffer;
}

/** int4[] of small numbers, null where there is none. */
export const int4Array = (values: readonly (number | null)[]): Buffer => smallArray(values, oids.int4, 4);

/** int2[] of small numbers, null where there is none. */
export const int2Array = (values: readonly (number | null)[]): Buffer => smallArray(values, oids.int2, 2);

function smallArray(values: readonly (number | null)[], oid: number, width: 2 | 4): Buffer {
  if (values.length === 0) return empty(oid);
  const hasNull = values.includes(null);
  const buffer = header(Buffer.allocUnsafe(headerLength + (4 + width) * values.length), values.length, oid, hasNull);
  let at = headerLength;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : width, at);
    if (value !== null) at = width === 4 ? buffer.writeInt32BE(value, at) : buffer.writeInt16BE(value, at);
  }
  return buffer.subarray(0, at);
}

/** text[], null where there is none. */
export function textArray(values: readonly (string | null)[]): Buffer {
  if (values.length === 0) return empty(oids.text);
  let most = headerLength;
  let hasNull = false;
  for (const value of values) {
    if (value === null) hasNull = true;
    // At most three bytes of UTF-8 for each unit of UTF-16.
    most += 4 + (value === null ? 0 : 3 * value.length);
  }
  const buffer = header(Buffer.allocUnsafe(most), values.length, oids.text, hasNull);
  let at = headerLength;
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    const written = buffer.write(value, at + 4, 'utf8');
    buffer.writeInt32BE(written, at);
    at += 4 + written;
  }
  return buffer.subarray(0, at);
}

/** An array that is written value by value. */
export class ArrayWriter {
  readonly #bytes: Buffer;
  readonly #oid: number;
  readonly #length: number;
  #end = headerLength;
  #hasNull = false;

  /** `most`: bytes that its values take, their lengths not counted. */
  constructor(kind: keyof typeof oids, length: number, most: number) {
    this.#oid = oids[kind];
    this.#length = length;
    this.#bytes = Buffer.allocUnsafe(headerLength + 4 * length + most);
  }

  null(): void {
    this.#hasNull = true;
    this.#four(-1);
  }

  /** Exact below 2⁵³. */
  int8(value: number): void {
    this.#four(8);
    const high = Math.floor(value / twoTo32);
    this.#four(high);
    this.#four(value - high * twoTo32);
  }

  int4(value: number): void {
    this.#four(4);
    this.#four(value);
  }

  int2(value: number): void {
    this.#four(2);
    this.#bytes[this.#end++] = value >>> 8;
    this.#bytes[this.#end++] = value;
  }

  text(value: string): void {
    const written = this.#bytes.write(value, this.#end + 4, 'utf8');
    this.#four(written);
    this.#end += written;
  }

  /** Text that lies somewhere as bytes already. */
  textOf(bytes: Uint8Array, from: number, to: number): void {
    this.#four(to - from);
    for (let at = from; at < to; at += 1) this.#bytes[this.#end++] = bytes[at] as number;
  }

  /** The same text so many times. */
  texts(value: string, times: number): void {
    const bytes = Buffer.from(value);
    for (let time = 0; time < times; time += 1) this.textOf(bytes, 0, bytes.length);
  }

  finish(): Buffer {
    if (this.#length === 0) return empty(this.#oid);
    return header(this.#bytes, this.#length, this.#oid, this.#hasNull).subarray(0, this.#end);
  }

  #four(value: number): void {
    const bytes = this.#bytes;
    bytes[this.#end++] = value >>> 24;
    bytes[this.#end++] = value >>> 16;
    bytes[this.#end++] = value >>> 8;
    bytes[this.#end++] = value;
  }
}

/** A text column that is NULL in every row costs nothing: `unnest` pads a shorter array with NULLs. */
export const sparseTextArray = (values: readonly (string | null)[]): Buffer =>
  values.every((value) => value === null) ? empty(oids.text) : textArray(values);
