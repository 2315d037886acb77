// Plain events of a body settled, and the text of the answer, made after the commit from the columns: the same text as of any item.

import { formatInstant } from '../core/calendar.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import type { SettledRun } from '../ledger/requests.ts';
import { inSlices } from '../ledger/slices.ts';
import { drawsOf, noPack, PlainEvents, severalPacks } from '../store/ledger/plain-events.ts';
import { accountFor } from './access.ts';
import type { Caller } from './caller.ts';
import { itemJson } from './item-json.ts';
import type { PlainBody } from './plain-body.ts';
import type { Language } from './problem.ts';
import type { RouteParts } from './route.ts';

/** Settles all of them, `mostTogether` of an account as one. Undefined: somebody has to be refused, and nothing was done. */
export async function settlePlainBody(
  { suanpan }: Pick<RouteParts, 'suanpan'>,
  caller: Caller,
  body: PlainBody,
  language: Language,
  mostTogether: number,
): Promise<string | Refusal | undefined> {
  const byAccount = placesByAccount(caller, body);
  if (byAccount === undefined) return undefined;
  const texts = new Array<string>(body.accounts.length);
  let overloaded: Refusal | undefined;
  const settle = async (account: string, places: Int32Array): Promise<void> => {
    const events = new PlainEvents(body, places);
    const asked = { byOperator: caller.account === null, key: caller.rootKey };
    const settled = await suanpan.ledger.recordPlain(account, events, asked);
    if (!Array.isArray(settled)) {
      await inSlices(textsOf(settled), (text, index) => {
        texts[events.placeOf(index)] = text;
      });
      return;
    }
    await inSlices(settled, (result, index) => {
      if (result.refusal?.refused === 'OVERLOADED') overloaded ??= result.refusal;
      texts[events.placeOf(index)] = itemJson({ name: result.id, source: null, result }, language);
    });
  };
  const handed: Promise<void>[] = [];
  for (const [account, places] of byAccount) {
    for (let from = 0; from < places.length; from += mostTogether) {
      handed.push(settle(account, Int32Array.from(places.slice(from, from + mostTogether))));
    }
  }
  await Promise.all(handed);
  return overloaded ?? `{"results":[${texts.join(',')}]}`;
}

function placesByAccount(caller: Caller, { accounts }: PlainBody): Map<string, number[]> | undefined {
  const byAccount = new Map<string, number[]>();
  let last: { readonly named: string | undefined; readonly places: number[] } | undefined;
  for (const [place, named] of accounts.entries()) {
    if (last === undefined || last.named !== named) {
      const account = accountFor(caller, named);
      if (isRefusal(account)) return undefined;
      const places = byAccount.get(account) ?? [];
      byAccount.set(account, places);
      last = { named, places };
    }
    last.places.push(place);
  }
  return byAccount;
}

/** What is said of each. */
export function* textsOf({ run, packs, timeZone }: SettledRun): Generator<string> {
  const { account, events, first } = run;
  const stopped = run.stopped ? ',"stopped":true' : '';
  const ids = new Map(packs.map(({ no, id }) => [no, JSON.stringify(id)]));
  for (let index = 0; index < events.length; index += 1) {
    const id = events.idOf(index);
    const calls = events.callsOf(index);
    const paid = run.packs[index] as number;
    let draws = '';
    if (paid === severalPacks) {
      for (const draw of drawsOf(run, index)) {
        draws += `${draws === '' ? '' : ','}{"pack":${ids.get(draw.pack)},"calls":${draw.calls}}`;
      }
    } else if (paid !== noPack) draws = `{"pack":${ids.get(paid)},"calls":${calls - (run.postpaid[index] as number)}}`;
    // Neither an id nor a meter of plain events has anything in it that JSON writes otherwise.
    yield `{"id":"${id}","status":"accepted","receipt":{"event":"${id}","account":"${account}","seq":${first + index},"meter":"${events.meterOf(index)}","calls":${calls},"time":"${formatInstant(timeZone, events.atOf(index))}","outcome":"charged","draws":[${draws}],"postpaid":${run.postpaid[index]},"notCharged":0${stopped}}}`;
  }
}
