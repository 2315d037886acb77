// Telling that the database is away, full or stopping from every other failure.

import { DatabaseUnavailable } from './server-lock.ts';

/** SQLSTATE classes 08, 53, 57, 58, a socket's error, or the driver's own words for a broken connection. */
export function isDatabaseAway(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return (
    /^(08|53|57|58)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    (error instanceof Error && /connection (?:error|terminated)|timeout e(?:xceeded|xpired)/i.test(error.message))
  );
}

/** No connection was to be had: whatever was to be done has not been begun. */
export const neverReached = (error: Error & { readonly code?: string }): boolean =>
  /^E(NOTCONN|CONNREFUSED|NOENT|NOTFOUND)$/.test(error.code ?? '') || /timeout e(?:xceeded|xpired)/.test(error.message);

/** What a database that fails while a program starts on it means for the operator; undefined: a fault of the program's. */
export function unavailable(error: unknown): DatabaseUnavailable | undefined {
  if (error instanceof DatabaseUnavailable) return error;
  const { code = '', message = '' } = error as Partial<Error & { readonly code: string }>;
  // 28: who we say we are is not believed; 3D: no such database; 42501: this role may not do that.
  if (!isDatabaseAway(error) && !/^(28|3D|42501)/.test(code)) return undefined;
  if (code === '53100' || code === 'ENOSPC') {
    return new DatabaseUnavailable(
      `The database's disk is full: ${message}. Nothing was lost; free some space on it, then start again.`,
      `数据库磁盘已满：${message}。数据没有丢失；请释放空间后重新启动。`,
    );
  }
  const reason = message || code;
  return new DatabaseUnavailable(`The database does not answer: ${reason}`, `无法连接数据库：${reason}`);
}
