// What a tariff may say of prices by meter and of the order of calls.

import { hasMeterPrices, isInOrder } from '../core/placed.ts';
import { bookWords } from '../words/book.ts';
import { type Problem, problem } from './book-problem.ts';
import type { BookDocument, TariffDocument, TierDocument } from './schema.ts';

type Path = readonly (string | number)[];

export function orderProblems({ meters }: BookDocument, tariff: TariffDocument, path: Path): Problem[] {
  const { mode, basis, counter, tiers } = tariff;
  const own = meters.filter((meter) => meter.tariff === tariff.id).map(({ id }) => id);
  const [hasPrices, inOrder] = [hasMeterPrices(tariff), isInOrder(tariff)];
  return [
    ...(basis === 'gross-in-order' && mode !== 'graduated'
      ? [problem('NOT_IN_ORDER', [...path, 'basis'], bookWords.onlyGraduatedInOrder)]
      : []),
    ...(inOrder && basis === 'gross'
      ? [problem('NOT_IN_ORDER', [...path, 'basis'], bookWords.pricesNeedTheOrder)]
      : []),
    ...(inOrder && counter === 'day' ? [problem('NOT_IN_ORDER', [...path, 'counter'], bookWords.orderIsOfMonths)] : []),
    ...tiers.flatMap((tier, index) => [
      ...priceProblems(tier, own, [...path, 'tiers', index]),
      // Whether blocks would be of each meter's calls or of all together could not be told.
      ...(hasPrices && tier.prices === undefined && tier.per !== undefined
        ? [problem('METER_PRICES', [...path, 'tiers', index, 'per'], bookWords.blocksOfEachMeter)]
        : []),
    ]),
  ];
}

function priceProblems({ price, prices }: TierDocument, meters: readonly string[], path: Path): Problem[] {
  if (prices === undefined) {
    return price === undefined ? [problem('MISSING', [...path, 'price'], bookWords.fieldIsMissing)] : [];
  }
  if (price !== undefined) return [problem('METER_PRICES', [...path, 'price'], bookWords.priceOrPrices)];
  const foreign = Object.keys(prices).filter((meter) => !meters.includes(meter));
  const isWhole = meters.every((meter) => Object.hasOwn(prices, meter));
  return [
    ...foreign.map((meter) => problem('METER_PRICES', [...path, 'prices', meter], bookWords.noMeterOfTheTariff(meter))),
    ...(isWhole
      ? []
      : [problem('METER_PRICES', [...path, 'prices'], bookWords.pricesNameEachMeter(meters.join(', ')))]),
  ];
}
