// What callers ask of the ledger and what they are told. Every request concerns one account.

import type { Hold } from '../account/head.ts';
import type { HoldRequest } from '../account/hold.ts';
import type { CallFacts, IncomingEvent } from '../core/event.ts';
import type { LivePack } from '../core/pack.ts';
import type { Refusal } from '../core/refusal.ts';
import type { Calls } from '../core/units.ts';
import type { PlainEvents, PlainRun } from '../store/ledger/plain-events.ts';
import type { EventRow } from '../store/ledger/rows.ts';
import type { Receipt } from './receipt.ts';

export type EventStatus = 'accepted' | 'duplicate' | 'conflict' | 'rejected' | 'held';

export interface EventResult {
  readonly id: string;
  readonly status: EventStatus;
  readonly refusal?: Refusal;
  readonly receipt?: Receipt;
  /** In place of a receipt, where it was asked for as it is settled. */
  readonly settled?: Settled;
}

/** An event just entered: what its receipt is made of, by whoever writes it down. */
export interface Settled {
  readonly row: EventRow;
  /** Those that it could draw from. */
  readonly packs: readonly Pick<LivePack, 'no' | 'id'>[];
  /** The account's. */
  readonly timeZone: string;
}

/** The same of plain events, all of them accepted. */
export interface SettledRun {
  readonly run: PlainRun;
  /** Those that they could draw from. */
  readonly packs: readonly Pick<LivePack, 'no' | 'id'>[];
  readonly timeZone: string;
}

/**
 * What a caller reads of an event that is accepted: its receipt, nothing, or what one is made of. That lies in memory anyway, while a
 * receipt made before the commit is an object more for the garbage collector to move.
 */
export type ReceiptWish = 'receipt' | 'none' | 'settled';

/** An authorisation that holds calls. `payer` says who will pay: packs first, then postpaid. */
export interface Authorization {
  readonly hold: Hold;
  readonly draws: readonly { readonly pack: string; readonly calls: Calls }[];
  /** The account's. */
  readonly timeZone: string;
  readonly replayed: boolean;
}

export interface RecordRequest {
  readonly kind: 'record';
  readonly account: string;
  /** None where they are `plain`: see `eventsOf`. */
  readonly events: readonly IncomingEvent[];
  readonly plain: PlainRequest | null;
  /** Sent by an operator, or by the account itself. */
  readonly byOperator: boolean;
  /** The key that sends them; null: nobody knows which. */
  readonly key: string | null;
  readonly receipts: ReceiptWish;
  readonly done: (results: EventResult[]) => void;
}

/** Events as columns, and who is told how they were settled; where they were looked at one by one, `done` is told. */
export interface PlainRequest {
  readonly events: PlainEvents;
  readonly done: (settled: SettledRun) => void;
}

export interface AuthorizeRequest {
  readonly kind: 'authorize';
  readonly account: string;
  readonly hold: HoldRequest;
  readonly done: (result: Authorization | Refusal) => void;
}

export interface CaptureRequest {
  readonly kind: 'capture';
  readonly account: string;
  readonly id: string;
  readonly byOperator: boolean;
  /** What the call was, and how it went: they decide whether it is charged. Null: it is. */
  readonly facts: CallFacts | null;
  readonly done: (result: EventResult | Refusal) => void;
}

export interface ReleaseRequest {
  readonly kind: 'release';
  readonly account: string;
  readonly id: string;
  readonly byOperator: boolean;
  readonly done: (result: { readonly hold: Hold } | Refusal) => void;
}

export type Request = RecordRequest | AuthorizeRequest | CaptureRequest | ReleaseRequest;

/** How much of a group's room a request takes. */
export const weightOf = (request: Request): number =>
  request.kind === 'record' ? (request.plain?.events ?? request.events).length : 1;

export const eventsOf = ({ plain, events }: RecordRequest): readonly IncomingEvent[] => plain?.events.list() ?? events;

export const isOverload = (refusal: Refusal): boolean => refusal.refused === 'OVERLOADED';

export function refuseRequest(request: Request, refusal: Refusal): void {
  if (request.kind === 'record') request.done(eventsOf(request).map(({ id }) => ({ id, status: 'rejected', refusal })));
  else request.done(refusal);
}

/** Requests that are written together, by account. */
export type Group = ReadonlyMap<string, Request[]>;
