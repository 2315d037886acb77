// What two ways to FaceID's attempts say of each other and of the bill, in words.

import type { Words } from '../core/price-book.ts';
import { faceidWords } from '../words/faceid.ts';
import type { ComparedWays } from './check-bill.ts';

export function waysWords(compared: ComparedWays): Words[] {
  const { first, second, onlyFirst, onlySecond, chargeDiffers, factsDiffer, daysOnlyFirst, daysOnlySecond } = compared;
  return [
    faceidWords.ways(first.attempts, first.charged, second.attempts, second.charged),
    ...(onlyFirst.count > 0 ? [faceidWords.onlyFirst(onlyFirst)] : []),
    ...(onlySecond.count > 0 ? [faceidWords.onlySecond(onlySecond)] : []),
    ...(chargeDiffers.count > 0 ? [faceidWords.chargeDiffers(chargeDiffers)] : []),
    ...(factsDiffer.count > 0 ? [faceidWords.factsDiffer(factsDiffer)] : []),
    ...(daysOnlyFirst.length > 0 ? [faceidWords.daysNotInSecond(daysOnlyFirst)] : []),
    ...(daysOnlySecond.length > 0 ? [faceidWords.daysNotInFirst(daysOnlySecond)] : []),
    faceidWords.billByEach(compared.differences.first, compared.differences.second),
  ];
}
