// Warnings about what a book leaves open: meters nobody pays for, tariffs nobody feeds, actions without result codes.

import type { PriceBook, Words } from '../core/price-book.ts';
import { bookLintWords } from '../words/book-lint.ts';
import { type Finding, warning } from './finding.ts';

export function coverageFindings(book: PriceBook): Finding[] {
  const covered = new Set([...book.packProducts.values()].flatMap(({ covers }) => [...covers.keys()]));
  const fed = new Set([...book.meters.values()].map((meter) => meter.tariff));
  const uncovered = [...book.meters.values()].flatMap(({ id, title, tariff }, index) => {
    if (tariff !== null || covered.has(id)) return [];
    const words: Words = bookLintWords.meterHasNoTariffAndNo(title);
    return [warning('METER_UNCOVERED', `/meters/${index}`, words)];
  });
  const unused = [...book.tariffs.values()].flatMap(({ id, title }, index) => {
    if (fed.has(id)) return [];
    const words: Words = bookLintWords.noMeterFeedsTheTariff(title);
    return [warning('TARIFF_UNUSED', `/tariffs/${index}`, words)];
  });
  return [...uncovered, ...unused];
}

export function codeFindings(book: PriceBook): Finding[] {
  const withRule = new Set(book.codeTable.flatMap(({ actions }) => actions));
  const withMeter = new Set([...book.meters.values()].flatMap(({ facts }) => facts.flatMap(({ actions }) => actions)));
  const ruleless = [...book.meters.values()].flatMap(({ facts }, meter) =>
    facts.flatMap(({ actions }, match) =>
      actions.flatMap((action, index) => {
        if (withRule.has(action)) return [];
        const words: Words = bookLintWords.codeTableHasNo(action);
        return [warning('ACTION_WITHOUT_CODES', `/meters/${meter}/facts/${match}/actions/${index}`, words)];
      }),
    ),
  );
  const meterless = book.codeTable.flatMap(({ actions, charged }, rule) =>
    actions.flatMap((action, index) => {
      const none = charged.codes.size === 0 && charged.ranges.length === 0 && !charged.rest;
      if (none || withMeter.has(action)) return [];
      const words: Words = bookLintWords.hasChargedCodes(action);
      return [warning('CHARGED_WITHOUT_METER', `/codeTable/${rule}/actions/${index}`, words)];
    }),
  );
  return [...ruleless, ...meterless];
}
