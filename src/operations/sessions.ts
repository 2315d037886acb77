// Sessions: a person signs in and gets a token that a browser keeps; only its keyed hash is stored.

import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { type Instant, instantOf } from '../core/units.ts';
import { noteSignIn } from '../store/ledger/people.ts';
import { type FoundSession, forgetSessions, insertSession, type SessionRow } from '../store/ledger/sessions.ts';
import { isSecretOf, newSecret, secretHash } from './api-keys.ts';

const hour = 3_600_000;
/** A session ends when nothing was done with it for so long, and after so long whatever was done. */
export const sessionLife = { idle: 12 * hour, most: 7 * 24 * hour } as const;
/** Nobody asks for one that ended so long ago. */
const forgottenAfter = 30 * 24 * hour;

const pattern = /^ss_([0-9a-f]{16})_[A-Za-z0-9_-]{32}$/;

/** The part of a token that finds its row; undefined: no token looks like this. */
export const sessionPrefixOf = (token: string): string | undefined => pattern.exec(token)?.[1];

export interface SignIn {
  readonly person: string;
  readonly way: SessionRow['way'];
  readonly address: string;
  /** What the browser says it is. */
  readonly agent: string;
}

/** The token cannot be shown again. */
export async function openSession(
  tx: ClientBase,
  { person, way, address, agent }: SignIn,
  pepper: string,
  now: Instant,
): Promise<{ readonly token: string; readonly session: SessionRow }> {
  const prefix = randomBytes(8).toString('hex');
  const token = `ss_${prefix}_${newSecret()}`;
  const session: SessionRow = {
    ...{ prefix, person, hash: secretHash(token, pepper), way, createdAt: now, usedAt: now, endedAt: null },
    ...{ expiresAt: instantOf(now + sessionLife.most), address, agent: agent.slice(0, 200) },
  };
  await forgetSessions(tx, instantOf(now - forgottenAfter));
  await insertSession(tx, session);
  await noteSignIn(tx, person, now);
  return { token, session };
}

/** Whether this is the token of the row, and good now. The same work whether or not there is such a row. */
export function isSessionOf(
  row: FoundSession | undefined,
  token: string,
  pepper: string,
  now: Instant,
): row is FoundSession {
  const isToken = isSecretOf(row?.hash, token, pepper);
  if (!isToken || row === undefined || row.disabled || row.endedAt !== null) return false;
  return row.expiresAt > now && row.usedAt + sessionLife.idle > now;
}
