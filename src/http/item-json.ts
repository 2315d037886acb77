// What became of an event, as the text of an answer: by hand, since `JSON.stringify` with a replacer for bigints would be the most
// costly thing on the path of every call.

import { formatInstant } from '../core/calendar.ts';
import { nameOf } from '../core/event-name.ts';
import { refuse } from '../core/refusal.ts';
import type { Receipt } from '../ledger/receipt.ts';
import type { EventResult, Settled } from '../ledger/requests.ts';
import { refusalWords } from '../words/refusals.ts';
import type { Language } from './problem.ts';

/** What became of one item: its id as sent, and the ledger's word. */
export interface Item {
  readonly name: string;
  /** A CloudEvent's. */
  readonly source: string | null;
  readonly result: EventResult;
}

export function itemJson({ name, source, result }: Item, language: Language): string {
  const of = source === null ? '' : `"source":${JSON.stringify(source)},`;
  const head = `{"id":${JSON.stringify(name)},${of}"status":"${result.status}"`;
  if (result.refusal !== undefined) {
    const { refused, pointer } = result.refusal;
    const at = pointer === undefined ? '' : `,"pointer":${JSON.stringify(pointer)}`;
    return `${head},"code":"${refused}"${at},"detail":${JSON.stringify(refusalWords(result.refusal)[language])}}`;
  }
  if (result.settled !== undefined) return `${head},"receipt":${settledJson(result.settled)}}`;
  const { receipt } = result;
  if (receipt === undefined) return `${head}}`;
  if (result.status !== 'held' || receipt.reason === undefined) return `${head},"receipt":${receiptJson(receipt)}}`;
  const why = refusalWords(refuse(receipt.reason, { event: receipt.event }))[language];
  return `${head},"code":"${receipt.reason}","detail":${JSON.stringify(why)},"receipt":${receiptJson(receipt)}}`;
}

function drawJson({ pack, calls, drawnLater }: Receipt['draws'][number]): string {
  const later = drawnLater === undefined ? '' : `,"drawnLater":{"seq":${drawnLater.seq},"time":"${drawnLater.time}"}`;
  return `{"pack":${JSON.stringify(pack)},"calls":${calls}${later}}`;
}

export function receiptJson(receipt: Receipt): string {
  const draws = receipt.draws.map(drawJson).join(',');
  const meter = receipt.meter === null ? 'null' : JSON.stringify(receipt.meter);
  const department = receipt.department === undefined ? '' : `,"department":${JSON.stringify(receipt.department)}`;
  const stopped = receipt.stopped === true ? ',"stopped":true' : '';
  const reason = receipt.reason === undefined ? '' : `,"reason":"${receipt.reason}"`;
  const { verdicts } = receipt;
  const said =
    verdicts === undefined ? '' : `,"verdicts":{"table":"${verdicts.table}","provider":"${verdicts.provider}"}`;
  const by = receipt.voidedBy === undefined ? '' : `,"voidedBy":"${receipt.voidedBy}"`;
  const voided = receipt.voided === undefined ? '' : `,"voided":"${receipt.voided}"${by}`;
  const source = receipt.source === undefined ? '' : `,"source":${JSON.stringify(receipt.source)}`;
  return `{"event":${JSON.stringify(receipt.event)}${source},"account":"${receipt.account}","seq":${receipt.seq},"meter":${meter},"calls":${receipt.calls},"time":"${receipt.time}","outcome":"${receipt.outcome}"${reason}${said},"draws":[${draws}],"postpaid":${receipt.postpaid},"notCharged":${receipt.notCharged}${stopped}${department}${voided}}`;
}

/** The same text, of an event that has just been accepted, without its receipt in between. */
export function settledJson({ row, packs, timeZone }: Settled): string {
  const { id, source } = nameOf(row.id);
  let draws = '';
  for (const draw of row.draws) {
    const pack = packs.find(({ no }) => no === draw.pack)?.id ?? '';
    draws += `${draws === '' ? '' : ','}{"pack":${JSON.stringify(pack)},"calls":${draw.calls}}`;
  }
  const of = source === null ? '' : `,"source":${JSON.stringify(source)}`;
  const meter = row.meter === null ? 'null' : JSON.stringify(row.meter);
  const department = row.department === null ? '' : `,"department":${JSON.stringify(row.department)}`;
  const notCharged = row.outcome === 'not-charged' ? row.calls : 0;
  return `{"event":${JSON.stringify(id)}${of},"account":"${row.account}","seq":${row.seq},"meter":${meter},"calls":${row.calls},"time":"${formatInstant(timeZone, row.at)}","outcome":"${row.outcome}","draws":[${draws}],"postpaid":${row.postpaid},"notCharged":${notCharged}${row.stopped ? ',"stopped":true' : ''}${department}}`;
}
