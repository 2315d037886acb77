// How accounts asked to be told, those that asked for anything.

import type { ClientBase, Pool } from 'pg';
import { type AlertSettings, usualAlertSettings } from '../../account/alert-settings.ts';
import { canonicalJson, readJson } from '../../core/json.ts';

/** Of each of these accounts; what it never set is as usual. */
export async function readAlertSettings(
  client: ClientBase | Pool,
  accounts: readonly string[],
): Promise<Map<string, AlertSettings>> {
  const { rows } = await client.query<{ account_id: string; settings: string }>(
    'select account_id, settings from alert_settings where account_id = any($1::text[])',
    [accounts],
  );
  const asked = new Map(rows.map((row) => [row.account_id, readJson(row.settings) as Partial<AlertSettings>]));
  return new Map(accounts.map((account) => [account, { ...usualAlertSettings, ...asked.get(account) }]));
}

export async function writeAlertSettings(tx: ClientBase, account: string, settings: AlertSettings): Promise<void> {
  await tx.query(
    `insert into alert_settings (account_id, settings) values ($1, $2)
     on conflict (account_id) do update set settings = excluded.settings`,
    [account, canonicalJson(settings)],
  );
}

/** Thresholds that hold for ledger rows after `afterSeq`; null: as usual. What `verify` expects of the outbox follows them. */
export async function writePackThresholds(
  tx: ClientBase,
  account: string,
  afterSeq: number,
  percents: readonly number[] | null,
): Promise<void> {
  await tx.query(
    `insert into pack_thresholds (account_id, after_seq, percents) values ($1, $2, $3)
     on conflict (account_id, after_seq) do update set percents = excluded.percents`,
    [account, afterSeq, canonicalJson(percents)],
  );
}
