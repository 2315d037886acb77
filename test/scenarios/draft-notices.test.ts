import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { buyPack, topUp } from '../../src/core/account.ts';
import { makeBill, type PeriodFacts } from '../../src/core/bill.ts';
import type { Period } from '../../src/core/calendar.ts';
import { draftNotices } from '../../src/core/draft-notices.ts';
import { openHead } from '../../src/core/head.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, type Instant, moneyOf } from '../../src/core/units.ts';
import { granted } from './story.ts';

test('a draft warns of the 100,000 pack that makes 105,000 calls dearer, and of calls about to be lost', () => {
  const book = loadCatalog().get('faceid-legacy')?.book;
  if (book === undefined) throw new Error('the catalog has no faceid-legacy');
  const head = openHead({ id: 'acme', book });
  const bought = parseInstant('2026-01-05T10:00:00+08:00') as Instant;
  topUp(head, moneyOf(100_000_00), 'r', bought);
  const purchase = buyPack(head, book, { id: 'p1', product: 'basic_authority', size: callsOf(100_000) }, bought);
  if (isRefusal(purchase)) throw new Error(purchase.refused);
  const meter = 'liveness.basic.authority';
  const facts: PeriodFacts = {
    account: 'acme',
    period: '2026-01' as Period,
    usage: [
      { meter, payer: 'pack:1', calls: callsOf(100_000) },
      { meter, payer: 'postpaid', calls: callsOf(5_000) },
    ],
    packs: new Map([[1, purchase.pack]]),
    trades: [{ kind: 'bought', pack: 1 }],
    forfeits: [],
    corrections: [],
  };
  const bill = granted(makeBill(facts, book));
  const notices = draftNotices(head, book, facts, bill);
  expect(notices.map(({ code }) => code)).toEqual(['PACK_DEARER', 'PACK_UNIT_DEARER']);
  expect(notices[0]?.facts).toMatchObject({ without: '71400.00', difference: '7850.00' });
  const last = { ...facts, period: '2026-12' as Period, usage: [], trades: [] };
  expect(draftNotices(head, book, last, granted(makeBill(last, book))).map(({ code }) => code)).toEqual([
    'CALLS_LEFT_OVER',
  ]);
});
