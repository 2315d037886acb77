// Alerts as they are listed: newest first, of one account or of all.

import { alertDocument } from '../../account/alerts.ts';
import type { Books } from '../../ledger/books.ts';
import { type AlertFilter, type AlertPlace, listAlerts, type StoredAlert } from '../../store/ledger/alerts.ts';
import { alertWords } from '../../words/alerts.ts';
import { alertsCursor } from '../cursors.ts';
import type { Suanpan } from '../suanpan.ts';

/** An alert as it is listed and delivered: with its words, so that it can be read as it is. */
export function shownAlert(alert: StoredAlert, books: Pick<Books, 'find'>) {
  const { subject, lines } = alertWords(alert, books.find(alert.book ?? ''));
  return { ...alertDocument(alert, alert.timeZone), subject, lines };
}

export async function readAlerts(
  { pool, books }: Pick<Suanpan, 'pool' | 'books'>,
  page: AlertFilter & { readonly before: AlertPlace | null; readonly limit: number },
) {
  const found = await listAlerts(pool, page, page.before, page.limit);
  return {
    alerts: found.map((alert) => shownAlert(alert, books)),
    next: alertsCursor.after(found, page.limit, ({ at, account, no }) => [at, account, no]),
  };
}
