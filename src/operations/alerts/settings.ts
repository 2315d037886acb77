// How an account is told: thresholds, days, kinds, language, recipients.

import type { ClientBase, Pool } from 'pg';
import { type AlertSettings, headThresholds, type Language } from '../../account/alert-settings.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Instant } from '../../core/units.ts';
import { readAlertSettings, writeAlertSettings, writePackThresholds } from '../../store/ledger/alert-settings.ts';
import { change, type Parts } from '../change.ts';
import { refuseMissingAccount } from '../read-account.ts';

async function settingsOf(client: ClientBase | Pool, account: string): Promise<AlertSettings> {
  const settings = (await readAlertSettings(client, [account])).get(account);
  if (settings === undefined) throw new Error(`no alert settings of account ${account}`);
  return settings;
}

/** One of each. */
const falling = (numbers: readonly number[]): number[] => [...new Set(numbers)].toSorted((a, b) => b - a);

/** Refusal: NOT_FOUND. */
export async function readSettings(client: ClientBase | Pool, account: string) {
  const refusal = await refuseMissingAccount({ pool: client }, account);
  return refusal ?? { account, ...(await settingsOf(client, account)) };
}

export interface GivenSettings extends Partial<Omit<AlertSettings, 'mail'>> {
  readonly account: string;
  /** Without a language: the account's. */
  readonly mail?: readonly { readonly address: string; readonly language?: Language | undefined }[];
}

/**
 * Changes what is given. Thresholds stand on the head too, for the call that crosses one, and with the ledger number that they hold
 * after. Refusal: NOT_FOUND.
 */
export const changeSettings = (
  tx: ClientBase,
  parts: Parts,
  { account, ...given }: GivenSettings,
  clock: Instant,
): Promise<({ readonly account: string } & AlertSettings) | Refusal> =>
  change(tx, parts, account, clock, async ({ head }) => {
    const asked = { ...(await settingsOf(tx, account)), ...given };
    const settings = {
      ...asked,
      packThresholds: falling(asked.packThresholds),
      daysBefore: falling(asked.daysBefore),
      mail: asked.mail.map(({ address, language = asked.language }) => ({ address, language })),
    };
    await writeAlertSettings(tx, account, settings);
    const thresholds = headThresholds(settings);
    if (String(thresholds) !== String(head.packThresholds)) {
      head.packThresholds = thresholds;
      await writePackThresholds(tx, account, head.seq, thresholds);
    }
    return { account, ...settings };
  });
