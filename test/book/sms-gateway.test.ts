// The example book: a product unlike FaceID in every policy, with no code of its own.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lintBook } from '../../src/book/lint.ts';
import { catalogFolder, isBook, readBook, shelve } from '../../src/book/shelf.ts';
import { classify } from '../../src/core/code-table.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { rate } from '../../src/core/rate.ts';
import { callsOf, formatMoney } from '../../src/core/units.ts';

const file = fileURLToPath(new URL('examples/sms-gateway.json', catalogFolder));
const shelved = readBook(file);
if (!isBook(shelved)) throw new Error(JSON.stringify(shelved));
const { book } = shelved;

describe('sms-gateway', () => {
  it('is read from its file, without a warning', () => {
    expect(book.id).toBe('sms-gateway');
    expect(lintBook(book)).toEqual([]);
  });

  it.each([
    [10_000, 0, '450.00'],
    [10_001, 0, '450.04'], // 450.0425
    [60_000, 0, '2575.00'],
    [10_000, 50_000, '425.00'], // gross: the first 50,000 of the month were drawn, these lie in the second tier
  ])('rates %i postpaid messages after %i drawn at %s', (postpaid, drawn, amount) => {
    const rated = rate(book.tariffs.get('sms')!, { postpaid: callsOf(postpaid), drawn: callsOf(drawn) });
    expect(formatMoney(rated.amount!, 'CNY')).toBe(amount);
  });

  it('pools meters by ratio and has a prepaid-only meter', () => {
    expect(Object.fromEntries(book.packProducts.get('message_pool')!.covers)).toEqual({
      'sms.notice': 1n,
      'sms.marketing': 1n,
      'voice.code': 2n,
      'sms.international': 12n,
    });
    expect(book.meters.get('sms.international')?.tariff).toBeNull();
    expect(book.policies.packValidity).toEqual({ years: 0, months: 6, days: 0 });
  });

  it('knows results by name and by range', () => {
    const at = parseInstant('2026-02-01T00:00:00+08:00')!;
    const send = (resultCode: string) =>
      classify(book, { action: 'SendSms', channel: 'notice', library: null, resultCode }, at);
    expect(send('DELIVERED')).toEqual({ meter: 'sms.notice', outcome: 'charged' });
    expect(send('503')).toEqual({ meter: 'sms.notice', outcome: 'not-charged' });
    expect(send('600')).toEqual({ meter: 'sms.notice', outcome: 'held' });
  });

  it('has a digest that depends on content only', () => {
    const reordered = shelve(Object.fromEntries(Object.entries(shelved.document).toReversed()));
    expect(reordered).toMatchObject({ digest: shelved.digest });
    expect(shelve({ ...shelved.document, id: 'other' })).not.toMatchObject({ digest: shelved.digest });
  });
});
