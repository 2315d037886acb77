// Warnings about what a book leaves open: meters nobody pays for, tariffs nobody feeds, actions without result codes.

import type { PriceBook, Words } from '../core/price-book.ts';
import { type Finding, warning } from './finding.ts';

export function coverageFindings(book: PriceBook): Finding[] {
  const covered = new Set([...book.packProducts.values()].flatMap(({ covers }) => [...covers.keys()]));
  const fed = new Set([...book.meters.values()].map((meter) => meter.tariff));
  const uncovered = [...book.meters.values()].flatMap(({ id, title, tariff }, index) => {
    if (tariff !== null || covered.has(id)) return [];
    const words: Words = {
      zh: `计量项「${title.zh}」既无后付费价格，也不在任何资源包内：它的用量无法出账。`,
      en: `The meter "${title.en}" has no tariff and no pack covers it: its calls can never be billed.`,
    };
    return [warning('METER_UNCOVERED', `/meters/${index}`, words)];
  });
  const unused = [...book.tariffs.values()].flatMap(({ id, title }, index) => {
    if (fed.has(id)) return [];
    const words: Words = {
      zh: `没有计量项计入计费项「${title.zh}」。`,
      en: `No meter feeds the tariff "${title.en}".`,
    };
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
        const words: Words = {
          zh: `结果码表没有 ${action}：按它上报的结果一律留待人工复核。`,
          en: `The code table has no ${action}: every result reported by it is held for review.`,
        };
        return [warning('ACTION_WITHOUT_CODES', `/meters/${meter}/facts/${match}/actions/${index}`, words)];
      }),
    ),
  );
  const meterless = book.codeTable.flatMap(({ actions, charged }, rule) =>
    actions.flatMap((action, index) => {
      const none = charged.codes.size === 0 && charged.ranges.length === 0 && !charged.rest;
      if (none || withMeter.has(action)) return [];
      const words: Words = {
        zh: `${action} 有收费结果码，但没有计量项包含它。`,
        en: `${action} has charged codes, but no meter takes it.`,
      };
      return [warning('CHARGED_WITHOUT_METER', `/codeTable/${rule}/actions/${index}`, words)];
    }),
  );
  return [...ruleless, ...meterless];
}
