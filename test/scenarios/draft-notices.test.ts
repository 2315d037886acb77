import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { buyPack, topUp } from '../../src/account/commands.ts';
import { draftNotices } from '../../src/account/draft-notices.ts';
import { openHead } from '../../src/account/head.ts';
import { catalogFolder, isBook, loadCatalog, readBook } from '../../src/book/shelf.ts';
import { makeBill, type PeriodFacts } from '../../src/core/bill.ts';
import type { Period } from '../../src/core/calendar.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, formatMoney, type Instant, moneyOf } from '../../src/core/units.ts';
import type { UsageTotal } from '../../src/core/usage.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { bookNamed, granted } from './story.ts';

test('a draft warns of the 100,000 pack that makes 105,000 calls dearer, and of calls about to be lost', () => {
  const book = loadCatalog().get('faceid-legacy')?.book;
  if (book === undefined) throw new Error('the catalog has no faceid-legacy');
  const head = openHead({ id: 'acme', book });
  const bought = parseInstant('2026-01-05T10:00:00+08:00') as Instant;
  topUp(head, book, moneyOf(100_000_00), 'r', bought);
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

const gateway = readBook(fileURLToPath(new URL('examples/sms-gateway.json', catalogFolder)));
if (!isBook(gateway)) throw new Error(JSON.stringify(gateway));

test('what a month would cost without a pack is what its bill would say', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
      const random = mulberry32(seed);
      const book = random() < 0.5 ? bookNamed('faceid-legacy') : gateway.book;
      const head = openHead({ id: 'acme', book });
      const now = parseInstant('2026-01-05T10:00:00+08:00') as Instant;
      topUp(head, book, moneyOf(10n ** 13n), 'r', now);
      const products = [...book.packProducts.values()];
      const bought = Array.from({ length: 1 + Math.floor(4 * random()) }, (_, n) => {
        const product = products[Math.floor(random() * products.length)]!;
        const size = product.sizes[Math.floor(random() * product.sizes.length)]!.calls;
        return granted(buyPack(head, book, { id: `p${n}`, product: product.id, size }, now)).pack;
      });
      const usage = [...book.meters.keys()].flatMap((meter): UsageTotal[] => {
        const covering = bought.filter(({ product }) => book.packProducts.get(product)?.covers.has(meter));
        const rows = covering.map(({ no }) => ({
          meter,
          payer: `pack:${no}` as const,
          calls: callsOf(Math.floor(900 * random())),
        }));
        return [...rows, { meter, payer: 'postpaid', calls: callsOf(Math.floor(20_000 * random() ** 3)) }];
      });
      const packs = new Map(bought.map((pack) => [pack.no, pack]));
      const trades = bought.map(({ no }) => ({ kind: 'bought' as const, pack: no }));
      const facts: PeriodFacts = {
        account: 'acme',
        period: '2026-01' as Period,
        usage,
        packs,
        trades,
        forfeits: [],
        corrections: [],
      };
      const bill = granted(makeBill(facts, book));
      const found = draftNotices(head, book, facts, bill).filter(({ code }) => code === 'PACK_DEARER');
      const expected = bought.flatMap(({ no }) => {
        const moved = usage.map((row) => (row.payer === `pack:${no}` ? { ...row, payer: 'postpaid' as const } : row));
        const without = { ...facts, usage: moved, trades: trades.filter(({ pack }) => pack !== no) };
        const { total } = granted(makeBill(without, book));
        return total === null || bill.total === null || total >= bill.total ? [] : [formatMoney(total, book.currency)];
      });
      expect(found.map((notice) => notice.facts.without).toSorted()).toEqual([...new Set(expected)].toSorted());
    }),
    { numRuns: 100 },
  );
});
