// How accounts asked to be told, those that asked for anything.

import type { ClientBase, Pool } from 'pg';
import { type AlertSettings, usualAlertSettings } from '../../account/alert-settings.ts';
import { readJson } from '../../core/json.ts';

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
