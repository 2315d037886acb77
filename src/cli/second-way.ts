// reconcile --second: FaceID's attempts by the other way, set against the first and against the bill.

import type { PriceBook } from '../core/price-book.ts';
import type { ProviderBill } from '../reconcile/bill-file.ts';
import type { LoadedUsage } from '../reconcile/load-tape.ts';
import type { TwoWays, WaysCompared } from '../reconcile/two-ways.ts';
import type { UsageFile } from '../usage-files/read.ts';
import { faceidWords } from '../words/faceid.ts';
import type { Output } from './output.ts';

export interface SecondWay {
  readonly ways: TwoWays;
  /** The calls with those of the second way instead, once the first have been read. */
  readonly load: () => Promise<LoadedUsage>;
}

/** `open` reads a file anew each time. */
export async function secondWay(
  open: { readonly first: () => UsageFile; readonly second: () => UsageFile },
  book: PriceBook,
  { month }: ProviderBill,
  account: string | undefined,
): Promise<SecondWay> {
  const [{ TwoWays }, { loadTape }] = await Promise.all([
    import('../reconcile/two-ways.ts'),
    import('../reconcile/load-tape.ts'),
  ]);
  const ways = new TwoWays(book.timeZone, month);
  await ways.readSecond(open.second());
  return {
    ways,
    load: () => loadTape(ways.secondInstead(open.first(), open.second()), book, account),
  };
}

/** `differences`: how many figures of the bill differ by each way. */
export function tellWays(
  compared: WaysCompared,
  differences: { readonly first: number; readonly second: number },
  output: Output,
): void {
  const { first, second, onlyFirst, onlySecond, chargeDiffers, factsDiffer, daysOnlyFirst, daysOnlySecond } = compared;
  const { say } = output;
  const lines = [
    faceidWords.ways(first.attempts, first.charged, second.attempts, second.charged),
    ...(onlyFirst.count > 0 ? [faceidWords.onlyFirst(onlyFirst)] : []),
    ...(onlySecond.count > 0 ? [faceidWords.onlySecond(onlySecond)] : []),
    ...(chargeDiffers.count > 0 ? [faceidWords.chargeDiffers(chargeDiffers)] : []),
    ...(factsDiffer.count > 0 ? [faceidWords.factsDiffer(factsDiffer)] : []),
    ...(daysOnlyFirst.length > 0 ? [faceidWords.daysNotInSecond(daysOnlyFirst)] : []),
    ...(daysOnlySecond.length > 0 ? [faceidWords.daysNotInFirst(daysOnlySecond)] : []),
    faceidWords.billByEach(differences.first, differences.second),
  ];
  output.print(`\n${lines.map(say).join('\n')}`);
}
