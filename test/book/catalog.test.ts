// The shipped books against the published JSON Schema, the shelf, and decoding there and back.

import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { bookJsonSchema } from '../../src/book/schema.ts';
import { catalogFolder, defaultBookFor, loadCatalog } from '../../src/book/shelf.ts';
import type { CodeSet, PriceBook } from '../../src/core/price-book.ts';
import { formatMoney } from '../../src/core/units.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, catalogFolder), 'utf8'));
const shipped = ['faceid-legacy', 'faceid-2019', 'faceid-2021'];
const files = [...shipped.map((id) => `${id}.json`), 'examples/sms-gateway.json'];

describe('price-book.schema.json', () => {
  const schema = read('price-book.schema.json');
  const validate = new Ajv.Ajv2020({ strict: true, allErrors: true }).compile(schema as object);

  it('is the one the code makes (node scripts/write-schema.ts)', () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(bookJsonSchema())));
  });

  it.each(files)('accepts %s', (file) => {
    validate(read(file));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['an unknown field', { colour: 'red' }],
    ['a bad id', { id: 'No' }],
    ['no meters', { meters: [] }],
    ['a bad title', { title: { zh: '', en: 'x' } }],
  ])('refuses %s', (_, change) => {
    expect(validate({ ...(read('faceid-legacy.json') as object), ...change })).toBe(false);
  });
});

describe('shelf', () => {
  it('holds the shipped books, each under its file name', () => {
    expect([...loadCatalog().keys()]).toEqual(shipped.toSorted());
    for (const [id, { book, digest }] of loadCatalog()) {
      expect(book.id).toBe(id);
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it.each([
    ['2016-01-01', 'faceid-legacy'],
    ['2021-06-21', 'faceid-legacy'],
    ['2021-06-22', 'faceid-2021'],
    ['2026-01-05', 'faceid-2021'],
  ])('an account opened on %s gets %s', (opened, id) => expect(defaultBookFor(opened)?.book.id).toBe(id));

  it.each(files.slice(0, 3))('decoding %s loses nothing', (file) => {
    const document = read(file) as { id: string };
    const { $schema, source, effective, accounts, ...kept } = document as Record<string, unknown> & { id: string };
    expect(documentOf(loadCatalog().get(document.id)!.book)).toEqual(kept);
  });
});

/** The decoded book written as its document again: a second, naive codec. */
function documentOf(book: PriceBook): unknown {
  const { lateWindowDays, finalAfterDays, arrearsGraceHours, packValidity, ...policies } = book.policies;
  const codes = ({ codes, ranges, rest }: CodeSet) =>
    rest
      ? 'rest'
      : expect.toSatisfy((list: string[]) => sameMembers(list, [...codes, ...ranges.map(([a, b]) => `${a}..${b}`)]));
  return {
    ...book,
    meters: [...book.meters.values()],
    tariffs: [...book.tariffs.values()].map((tariff) => ({
      ...tariff,
      tiers: tariff.tiers.map(({ from, to, price }) => ({
        from: Number(from),
        to: to === null ? null : Number(to),
        price: price?.text ?? null,
      })),
    })),
    packProducts: [...book.packProducts.values()].map(({ covers, sizes, ...product }) => ({
      ...product,
      covers: [...covers].map(([meter, ratio]) => (ratio === 1n ? { meter } : { meter, ratio: Number(ratio) })),
      sizes: sizes.map(({ calls, price }) => ({
        calls: Number(calls),
        price: formatMoney(price, 'CNY').replace('.00', ''),
      })),
    })),
    policies: {
      ...policies,
      packValidity: `P${packValidity.years}Y`,
      lateWindow: `P${lateWindowDays}D`,
      finalAfter: `P${finalAfterDays}D`,
      arrearsGrace: `PT${arrearsGraceHours}H`,
    },
    codeTable: book.codeTable.map((rule) => ({
      ...rule,
      charged: codes(rule.charged),
      notCharged: codes(rule.notCharged),
    })),
  };
}

const sameMembers = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());
