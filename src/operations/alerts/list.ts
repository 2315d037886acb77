// Alerts as they are listed: newest first, of one account or of all.

import type { Pool } from 'pg';
import { alertDocument } from '../../account/alerts.ts';
import { type AlertFilter, type AlertPlace, listAlerts, type StoredAlert } from '../../store/ledger/alerts.ts';
import { alertWords } from '../../words/alerts.ts';
import { alertsCursor } from '../cursors.ts';

/** An alert as it is listed and delivered: with its words, so that it can be read as it is. */
export function shownAlert(alert: StoredAlert) {
  const { subject, lines } = alertWords(alert);
  return { ...alertDocument(alert, alert.timeZone), subject, lines };
}

export async function readAlerts(
  pool: Pool,
  page: AlertFilter & { readonly before: AlertPlace | null; readonly limit: number },
) {
  const found = await listAlerts(pool, page, page.before, page.limit);
  return {
    alerts: found.map(shownAlert),
    next: alertsCursor.after(found, page.limit, ({ at, account, no }) => [at, account, no]),
  };
}
