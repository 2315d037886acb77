// Events from JSON, by hand: the same verdicts as `contract.event` (a test compares them), without its cost a call.

import { type EventField, eventFields, type IncomingEvent, isEventField } from '../core/event.ts';
import { ledgerIdOf } from '../core/event-name.ts';
import { parseInstant } from '../core/instant.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { isAccountId, isDots, isSafeText } from '../core/safe-text.ts';
import { callsOf } from '../core/units.ts';
import { httpWords } from '../words/http.ts';
import { invalid } from '../words/invalid.ts';
import { dotsWords, nameFlaw } from '../words/name-flaws.ts';
import { words } from '../words/words.ts';
import { cloudEvent } from './contract/contract.ts';
import { BodyProblem } from './json-body.ts';
import { invalidInput, unknownField } from './problem.ts';

/** An event with the account it names, if any. `name` is its id as sent, `source` a CloudEvent's. */
export interface ParsedEvent {
  readonly name: string;
  readonly source: string | null;
  readonly account: string | undefined;
  readonly event: IncomingEvent;
}

/** Read once: this runs for every call. */
const most = {
  id: eventFields.id.most,
  meter: eventFields.meter.most,
  action: eventFields.action.most,
  channel: eventFields.channel.most,
  library: eventFields.library.most,
  resultCode: eventFields.resultCode.most,
  department: eventFields.department.most,
} as const satisfies { readonly [Field in EventField]?: number };

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longest && isSafeText(value);

function unknown(path: readonly string[], key: string): Refusal {
  const field = unknownField(path, key);
  return invalid(field.pointer, field.words);
}

function invalidText(name: keyof typeof most, value: unknown): Refusal {
  const flaw = typeof value === 'string' && value.length <= most[name] ? nameFlaw(value) : undefined;
  return flaw === undefined
    ? invalid(`/${name}`, httpWords.of1ToCharacters(name, most[name]))
    : invalid(`/${name}`, words(`${name}：${flaw.zh}`, `${name}: ${flaw.en}`));
}

const eitherOr = (): Refusal => invalid('/meter', httpWords.eitherMeter);

/** Reads one event. Refusals: INVALID_INPUT, INVALID_QUANTITY, INVALID_TIME, each with a pointer. */
export function parseEvent(json: unknown): ParsedEvent | Refusal {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return invalid('', httpWords.eventIsAJsonObject);
  for (const key in json) if (!isEventField(key) && key !== 'providerCharged') return unknown([], key);
  const { id, account, meter, calls = 1, time, department } = json as Record<string, unknown>;
  if (!isText(id, most.id)) return invalidText('id', id);
  if (isDots(id)) return invalid('/id', words(`id：${dotsWords.zh}`, `id: ${dotsWords.en}`));
  if (account !== undefined && !(typeof account === 'string' && isAccountId(account))) {
    return invalid('/account', httpWords.accountIsNoId);
  }
  if (typeof calls !== 'number' || !Number.isInteger(calls) || calls < 1 || calls > 1_000_000_000_000) {
    return refuse('INVALID_QUANTITY', { calls: String(calls).slice(0, 50) }, '/calls');
  }
  if (time === undefined) return refuse('INVALID_TIME', {}, '/time');
  const at = typeof time === 'string' ? parseInstant(time) : undefined;
  if (at === undefined) return refuse('INVALID_TIME', { time: String(time).slice(0, 50) }, '/time');
  if (department !== undefined && !isText(department, most.department)) {
    return invalidText('department', department);
  }
  const facts = parseFacts(json as Record<string, unknown>);
  if (isRefusal(facts)) return facts;
  const { providerCharged } = json as Record<string, unknown>;
  if (providerCharged !== undefined && (typeof providerCharged !== 'boolean' || facts === null)) {
    return invalid('/providerCharged', httpWords.providerChargedGoesWithAction);
  }
  if ((meter === undefined) === (facts === null)) return eitherOr();
  if (meter !== undefined && !isText(meter, most.meter)) return invalidText('meter', meter);
  const event = { id, meter: meter ?? null, calls: callsOf(calls), at, department: department ?? null, facts };
  return {
    name: id,
    source: null,
    account,
    event: providerCharged === undefined ? event : { ...event, providerCharged },
  };
}

function parseFacts(json: Record<string, unknown>): IncomingEvent['facts'] | Refusal {
  const { action, channel, library, resultCode } = json;
  for (const name of ['action', 'channel', 'library', 'resultCode'] as const) {
    if (json[name] !== undefined && !isText(json[name], most[name])) return invalidText(name, json[name]);
  }
  if ((action === undefined) !== (resultCode === undefined)) {
    return invalid('/resultCode', httpWords.actionAndResultcodeGoTogether);
  }
  if (action === undefined) {
    return channel === undefined && library === undefined
      ? null
      : invalid('/action', httpWords.channelAndLibraryGoWithAction);
  }
  return {
    action: action as string,
    channel: (channel as string | undefined) ?? null,
    library: (library as string | undefined) ?? null,
    resultCode: resultCode as string,
  };
}

const isCloudEvent = (json: unknown): boolean => typeof json === 'object' && json !== null && 'specversion' in json;

/** An event in either form, or a line that was none. */
export function parseAnyEvent(json: unknown): ParsedEvent | Refusal {
  if (json instanceof BodyProblem) return invalid('', words(json.zh, json.message));
  return isCloudEvent(json) ? parseCloudEvent(json) : parseEvent(json);
}

function parseCloudEvent(json: unknown): ParsedEvent | Refusal {
  const envelope = cloudEvent.safeParse(json);
  if (!envelope.success) return invalidInput(envelope.error, 'en').refusal;
  const { id, source, subject, time, data } = envelope.data;
  for (const key of ['id', 'time', 'account']) if (key in data) return unknown(['data'], key);
  const parsed = parseEvent({ ...data, id, time, ...(subject === undefined ? {} : { account: subject }) });
  // What the envelope holds is sound by now, so the field to blame is in the data.
  if (isRefusal(parsed)) return { ...parsed, pointer: `/data${parsed.pointer ?? ''}` };
  return { ...parsed, source, event: { ...parsed.event, id: ledgerIdOf({ id, source }) } };
}
