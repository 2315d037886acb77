// Alerts as they are listed: newest first, of one account or of all.

import { alertDocument } from '../../account/alerts.ts';
import { type AlertFilter, type AlertPlace, listAlerts } from '../../store/ledger/alerts.ts';
import { alertWords } from '../../words/alerts.ts';
import { alertsCursor } from '../cursors.ts';
import type { Suanpan } from '../suanpan.ts';

/** Each with its words, so that a list can be read as it is. */
export async function readAlerts(
  { pool, books }: Pick<Suanpan, 'pool' | 'books'>,
  page: AlertFilter & { readonly before: AlertPlace | null; readonly limit: number },
) {
  const found = await listAlerts(pool, page, page.before, page.limit);
  return {
    alerts: found.map((alert) => {
      const { subject, lines } = alertWords(alert, books.find(alert.book ?? ''));
      return { ...alertDocument(alert, alert.timeZone), subject, lines };
    }),
    next: alertsCursor.after(found, page.limit, ({ at, account, no }) => [at, account, no]),
  };
}
