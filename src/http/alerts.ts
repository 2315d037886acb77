// What accounts are told.

import { z } from 'zod';
import { isRefusal } from '../core/refusal.ts';
import { readAlerts } from '../operations/alerts/list.ts';
import { changeSettings, readSettings } from '../operations/alerts/settings.ts';
import { alertsCursor } from '../operations/cursors.ts';
import * as contract from './contract/contract.ts';
import { pageOf } from './paging.ts';
import { command, type RouteParts, route } from './route.ts';

export function registerAlerts(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/alerts',
      answer: contract.alertPage,
      access: { scope: 'read', of: 'query or all' },
      summary: 'What accounts are told: packs that run low or expire, caps, arrears, bills, silence; newest first',
      query: z.strictObject({
        account: contract.accountId.optional(),
        kind: contract.alertKind.optional(),
        ...pageOf(alertsCursor),
      }),
    },
    async ({ account, query }) => {
      const { cursor: before = null, limit = 50, kind } = query;
      return { body: await readAlerts(suanpan, { account, kind, before, limit }) };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id/alert-settings',
      answer: contract.shownAlertSettings,
      access: { scope: 'read', of: 'path' },
      summary: 'How an account is told: thresholds, days before an expiry, kinds that are off, language, recipients',
    },
    async ({ account }) => {
      const settings = await readSettings(suanpan.pool, account);
      return isRefusal(settings) ? settings : { body: settings };
    },
  );
  command(
    parts,
    {
      method: 'PATCH',
      url: '/v1/accounts/:id/alert-settings',
      answer: contract.shownAlertSettings,
      access: { scope: 'manage', duty: 'support', of: 'path' },
      summary: 'Change how an account is told',
      body: contract.alertSettings,
    },
    async (tx, { account, body, was }) => {
      was(await readSettings(tx, account));
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      const changed = await changeSettings(tx, suanpan, { account, ...given }, suanpan.clock());
      return isRefusal(changed) ? changed : { body: changed, account };
    },
  );
}
