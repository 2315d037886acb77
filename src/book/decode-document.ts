// A checked price book document → the core's exact form. No checking here, and no schema is loaded for it: a shipped book, which
// the tests check, is decoded in a few milliseconds. A throw below is a bug.

import type { Validity } from '../core/calendar.ts';
import type {
  BookGift,
  CodeRule,
  CodeSet,
  FactMatch,
  Meter,
  PackProduct,
  PackTerms,
  Policies,
  PriceBook,
  Tariff,
  Tier,
} from '../core/price-book.ts';
import {
  type Block,
  blockOf,
  type Calls,
  callsOf,
  type Money,
  type Price,
  parseMoney,
  parsePrice,
} from '../core/units.ts';
import { isRange, rangeOf } from './code-range.ts';
import type {
  BookDocument,
  BookGiftDocument,
  CodeRuleDocument,
  CodesDocument,
  MeterDocument,
  PackProductDocument,
  PackTermsDocument,
  PoliciesDocument,
  TariffDocument,
  TierDocument,
} from './schema.ts';

/** Decodes a document that has passed `bookProblems`. */
export function decodeBook(document: BookDocument): PriceBook {
  return {
    id: document.id,
    title: document.title,
    currency: document.currency,
    timeZone: document.timeZone,
    meters: byId(document.meters.map(meterOf)),
    tariffs: byId(document.tariffs.map((tariff) => tariffOf(tariff, document.currency))),
    packProducts: byId(document.packProducts.map((product) => packProductOf(product, document.currency))),
    policies: policiesOf(document.policies),
    codeTable: (document.codeTable ?? []).map(codeRuleOf),
    ...(document.gifts === undefined ? {} : { gifts: document.gifts.map(giftOf) }),
  };
}

const giftOf = ({ product, calls, every, life }: BookGiftDocument): BookGift => ({
  ...{ product, calls: callsOf(calls), every },
  life: life === undefined ? null : validityOf(life),
});

function validityOf(text: string): Validity {
  const [, years = '0', months = '0', days = '0'] = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(text) ?? [];
  return { years: Number(years), months: Number(months), days: Number(days) };
}

const termsOf = ({ validity, refundDays, refundPart }: PackTermsDocument, currency: string): PackTerms => ({
  ...(validity === undefined ? {} : { validity: validityOf(validity) }),
  ...(refundDays === undefined ? {} : { refundDays }),
  ...(refundPart === undefined
    ? {}
    : { refundPart: refundPart === 'paid' ? refundPart : priceOf(refundPart, currency, undefined) }),
});

const byId = <T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.id, item]));

function meterOf({ id, title, tariff, facts = [] }: MeterDocument): Meter {
  const matches = facts.map(
    ({ actions, channels, libraries }): FactMatch => ({
      actions,
      ...(channels === undefined ? {} : { channels }),
      ...(libraries === undefined ? {} : { libraries }),
    }),
  );
  return { id, title, tariff, facts: matches };
}

const tariffOf = (
  { tiers, counter, fee, minimum, maximum, withoutCalls, ...tariff }: TariffDocument,
  currency: string,
): Tariff => ({
  ...tariff,
  ...(counter === 'day' ? { counter } : {}),
  tiers: tiers.map((tier) => tierOf(tier, currency)),
  ...(fee === undefined ? {} : { fee: moneyFrom(fee, currency) }),
  ...(minimum === undefined ? {} : { minimum: moneyFrom(minimum, currency) }),
  ...(maximum === undefined ? {} : { maximum: moneyFrom(maximum, currency) }),
  ...(withoutCalls === undefined ? {} : { withoutCalls }),
});

function tierOf({ from, to, price = null, prices, per, part, fee }: TierDocument, currency: string): Tier {
  const block = blockOf({ per, part });
  return {
    from: callsOf(from),
    to: to === null ? null : callsOf(to),
    price: price === null ? null : priceOf(price, currency, block),
    ...(prices === undefined
      ? {}
      : { prices: new Map(Object.entries(prices).map(([meter, text]) => [meter, priceOf(text, currency, block)])) }),
    ...(block === undefined ? {} : { block }),
    ...(fee === undefined ? {} : { fee: moneyFrom(fee, currency) }),
  };
}

const packProductOf = ({ id, title, covers, sizes, ...terms }: PackProductDocument, currency: string): PackProduct => ({
  id,
  title,
  ...termsOf(terms, currency),
  covers: new Map(covers.map(({ meter, ratio }) => [meter, BigInt(ratio ?? 1)])),
  ...prioritiesOf(covers),
  sizes: sizes.map(({ calls, price, ...own }) => ({
    calls: callsOf(calls) as Calls,
    price: moneyFrom(price, currency),
    ...termsOf(own, currency),
  })),
});

function prioritiesOf(covers: PackProductDocument['covers']): Pick<PackProduct, 'priorities'> {
  const priorities = new Map(
    covers.flatMap(({ meter, priority }) => (priority === undefined ? [] : [[meter, priority]])),
  );
  return priorities.size === 0 ? {} : { priorities };
}

function policiesOf(policies: PoliciesDocument): Policies {
  const { packValidity, packCovers = 'life', lateWindow, finalAfter, arrearsGrace, ...rest } = policies;
  return {
    ...rest,
    packValidity: validityOf(packValidity),
    ...(packCovers === 'life' ? {} : { packCovers }),
    lateWindowDays: wholeNumberIn(lateWindow),
    finalAfterDays: wholeNumberIn(finalAfter),
    arrearsGraceHours: wholeNumberIn(arrearsGrace),
  };
}

/** P34D → 34, PT24H → 24. */
const wholeNumberIn = (duration: string): number => Number(duration.replace(/\D/g, ''));

const codeRuleOf = ({ actions, channels, from, until, charged, notCharged }: CodeRuleDocument): CodeRule => ({
  actions,
  ...(channels === undefined ? {} : { channels }),
  from,
  until,
  charged: codeSetOf(charged),
  notCharged: codeSetOf(notCharged),
});

function codeSetOf(codes: CodesDocument): CodeSet {
  if (codes === 'rest') return { codes: new Set(), ranges: [], rest: true };
  return {
    codes: new Set(codes.filter((code) => !isRange(code))),
    ranges: codes.filter(isRange).map((code) => rangeOf(code) ?? broken(code)),
    rest: false,
  };
}

const priceOf = (text: string, currency: string, block: Block | undefined): Price =>
  parsePrice(text, currency, block) ?? broken(text);
const moneyFrom = (text: string, currency: string): Money => parseMoney(text, currency) ?? broken(text);

function broken(text: string): never {
  throw new Error(`unchecked text in a price book: ${text}`);
}
