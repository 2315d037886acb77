// What the SDKs of accounts sign with at the gateway. No secret is stored: only which generations of it are good.

import type { ClientBase, Pool } from 'pg';
import type { CredentialScope } from '../../core/scopes.ts';
import { type Instant, instantOf } from '../../core/units.ts';

export interface Credential {
  readonly secretId: string;
  readonly account: string;
  readonly name: string;
  readonly scopes: readonly CredentialScope[];
  /** By their names at the provider; null: all that its scopes allow. */
  readonly actions: readonly string[] | null;
  /** 1, 2, 3 …: raised by each rotation. */
  readonly generation: number;
  /** Until when the generation before is good too; null: there is none, or not any more. */
  readonly formerUntil: Instant | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
}

interface Row {
  secret_id: string;
  account_id: string;
  name: string;
  scopes: CredentialScope[];
  actions: string[] | null;
  generation: number;
  former_until_ms: bigint | null;
  created_ms: bigint;
  created_by: string;
}

const read = (row: Row): Credential => ({
  secretId: row.secret_id,
  account: row.account_id,
  name: row.name,
  scopes: row.scopes,
  actions: row.actions,
  generation: row.generation,
  formerUntil: row.former_until_ms === null ? null : instantOf(Number(row.former_until_ms)),
  createdAt: instantOf(Number(row.created_ms)),
  createdBy: row.created_by,
});

export async function insertCredential(tx: ClientBase, credential: Credential): Promise<void> {
  const { secretId, account, name, scopes, actions, generation, createdAt, createdBy } = credential;
  await tx.query(
    `insert into gateway_credentials (secret_id, account_id, name, scopes, actions, generation, created_ms, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [secretId, account, name, scopes, actions, generation, createdAt, createdBy],
  );
}

/** One that is not revoked; undefined: there is none. */
export async function findCredential(client: ClientBase | Pool, secretId: string): Promise<Credential | undefined> {
  const { rows } = await client.query<Row>(
    'select * from gateway_credentials where secret_id = $1 and revoked_ms is null',
    [secretId],
  );
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** Those of an account that are not revoked, in order of making. */
export async function listCredentials(client: ClientBase | Pool, account: string): Promise<Credential[]> {
  const { rows } = await client.query<Row>(
    `select * from gateway_credentials where account_id = $1 and revoked_ms is null order by created_ms, secret_id`,
    [account],
  );
  return rows.map(read);
}

/** Of that account alone. */
export interface CredentialOf {
  readonly account: string;
  readonly secretId: string;
}

export async function raiseGeneration(
  tx: ClientBase,
  { account, secretId }: CredentialOf,
  formerUntil: Instant,
): Promise<Credential | undefined> {
  const { rows } = await tx.query<Row>(
    `update gateway_credentials set generation = generation + 1, former_until_ms = $3
     where secret_id = $1 and account_id = $2 and revoked_ms is null returning *`,
    [secretId, account, formerUntil],
  );
  return rows[0] === undefined ? undefined : read(rows[0]);
}

export async function revokeCredential(
  tx: ClientBase,
  { account, secretId }: CredentialOf,
  by: string,
  now: Instant,
): Promise<Credential | undefined> {
  const { rows } = await tx.query<Row>(
    `update gateway_credentials set revoked_ms = $3, revoked_by = $4
     where secret_id = $1 and account_id = $2 and revoked_ms is null returning *`,
    [secretId, account, now, by],
  );
  return rows[0] === undefined ? undefined : read(rows[0]);
}
