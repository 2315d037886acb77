// A privileged act as it is kept: its content in one form, which its hash is taken over. Source: docs/decisions/0024.

import { canonicalJson } from './json.ts';

export interface Act {
  /** The account it is about; '' where it is about none. */
  readonly chain: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by: string;
  /** Where it came from; null of what this machine did. */
  readonly address: string | null;
  readonly request: string | null;
  /** "POST /v1/packs", or a command of this machine. */
  readonly operation: string;
  /** Ids that stand in the path, as JSON. */
  readonly subject: string;
  /** JSON: what was asked, what was there before, what is there now; null where there is none. */
  readonly asked: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

export interface KeptAct extends Act {
  /** 1, 2, 3 … of its chain. */
  readonly no: number;
  readonly hash: string;
}

/** What of an act is hashed, beside the hash of the one before it and its own number. */
export const contentOf = (act: Act): string =>
  canonicalJson([
    act.chain,
    act.at,
    act.by,
    act.address,
    act.request,
    act.operation,
    act.subject,
    act.asked,
    act.before,
    act.after,
  ]);

/** What the hash is taken over; `previous` is '' for the first of a chain. */
export const linkOf = (previous: string, no: number, content: string): string => `${previous}\n${no}\n${content}`;

/** An act as it was exported; undefined: it is none. */
export function readKeptAct(line: string): KeptAct | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const act = value as KeptAct;
  const isOne =
    [act.chain, act.by, act.operation, act.subject, act.hash].every((text) => typeof text === 'string') &&
    [act.at, act.no].every(Number.isSafeInteger) &&
    [act.address, act.request, act.asked, act.before, act.after].every(
      (text) => text === null || typeof text === 'string',
    );
  return isOne ? act : undefined;
}

/** What somebody did on the server's machine. */
export const localAct = (operation: string, account: string | null, at: number, asked: unknown): Act => ({
  ...{ chain: account ?? '', at, by: 'local', address: null, request: null, operation, subject: '{}' },
  ...{ asked: canonicalJson(asked), before: null, after: null },
});
