// Events from JSON, by hand: the same verdicts as `contract.event` (a test compares them), without its cost a call.

import { parseInstant } from '../core/calendar.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { callsOf } from '../core/units.ts';
import type { IncomingEvent } from '../ledger/requests.ts';
import { cloudEvent, isSafeText } from './contract.ts';

/** An event with the account it names, if any. `name` is its id as sent. */
export interface ParsedEvent {
  readonly name: string;
  readonly account: string | undefined;
  readonly event: IncomingEvent;
}

const fields = new Set([
  'id',
  'account',
  'meter',
  'action',
  'channel',
  'library',
  'resultCode',
  'calls',
  'time',
  'department',
]);
const accountPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= most && isSafeText(value);

const invalid = (pointer: string, problem: string): Refusal => refuse('INVALID_INPUT', { problem }, pointer);

/** Reads one event. Refusals: INVALID_INPUT, INVALID_QUANTITY, INVALID_TIME, each with a pointer. */
export function parseEvent(json: unknown): ParsedEvent | Refusal {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return invalid('', 'an event is a JSON object');
  for (const key in json) if (!fields.has(key)) return invalid(`/${key}`, `unknown field ${key}`);
  const { id, account, meter, calls = 1, time, department } = json as Record<string, unknown>;
  if (!isText(id, 200)) return invalid('/id', 'id: 1 to 200 characters');
  if (account !== undefined && !(typeof account === 'string' && accountPattern.test(account))) {
    return invalid('/account', 'account: an account id');
  }
  if (typeof calls !== 'number' || !Number.isInteger(calls) || calls < 1 || calls > 1_000_000_000_000) {
    return refuse('INVALID_QUANTITY', { calls: String(calls).slice(0, 50) }, '/calls');
  }
  const at = typeof time === 'string' ? parseInstant(time) : undefined;
  if (at === undefined) return refuse('INVALID_TIME', { time: String(time).slice(0, 50) }, '/time');
  if (department !== undefined && !isText(department, 100))
    return invalid('/department', 'department: 1 to 100 characters');
  const facts = parseFacts(json as Record<string, unknown>);
  if (isRefusal(facts)) return facts;
  if ((meter === undefined) === (facts === null)) return invalid('/meter', 'either meter, or action with resultCode');
  if (meter !== undefined && !isText(meter, 100)) return invalid('/meter', 'meter: 1 to 100 characters');
  return {
    name: id,
    account,
    event: {
      id,
      meter: meter ?? null,
      calls: callsOf(calls),
      at,
      department: department ?? null,
      facts,
    },
  };
}

function parseFacts(json: Record<string, unknown>): IncomingEvent['facts'] | Refusal {
  const { action, channel, library, resultCode } = json;
  for (const name of ['action', 'channel', 'library', 'resultCode'] as const) {
    if (json[name] !== undefined && !isText(json[name], 100))
      return invalid(`/${name}`, `${name}: 1 to 100 characters`);
  }
  if ((action === undefined) !== (resultCode === undefined))
    return invalid('/resultCode', 'action and resultCode go together');
  if (action === undefined) {
    return channel === undefined && library === undefined
      ? null
      : invalid('/action', 'channel and library go with action');
  }
  return {
    action: action as string,
    channel: (channel as string | undefined) ?? null,
    library: (library as string | undefined) ?? null,
    resultCode: resultCode as string,
  };
}

const isCloudEvent = (json: unknown): boolean => typeof json === 'object' && json !== null && 'specversion' in json;

/** An event in either form. */
export function parseAnyEvent(json: unknown): ParsedEvent | Refusal {
  if (!isCloudEvent(json)) return parseEvent(json);
  const envelope = cloudEvent.safeParse(json);
  if (!envelope.success) {
    const [issue] = envelope.error.issues;
    return invalid(`/${issue?.path.join('/') ?? ''}`, issue?.message ?? 'not a CloudEvent 1.0');
  }
  const { id, source, subject, time, data } = envelope.data;
  for (const key of ['id', 'time', 'account']) if (key in data) return invalid(`/data/${key}`, `unknown field ${key}`);
  const parsed = parseEvent({ ...data, id, time, ...(subject === undefined ? {} : { account: subject }) });
  if (isRefusal(parsed)) return parsed;
  return { ...parsed, event: { ...parsed.event, id: `${source} ${id}` } };
}
