// What a failed statement means: is the database away, is it worth asking again, or is the work itself at fault?

import { databaseWords } from '../../words/database.ts';
import { DiskFull, isDiskFull } from './disk-full.ts';
import { DatabaseUnavailable } from './server-lock.ts';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** The database is gone, full, stopping or a standby by now, or its connection broke: whatever is tried next fails too. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  return (
    /^(08|25006|53|57P|58)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    /connection (?:error|terminated)|timeout e(?:xceeded|xpired)/i.test(messageOf(error))
  );
}

/** The database that is connected to tells of a node behind it that is away. Its own end is no ERROR but FATAL, or is said by nobody. */
export const isNodeAway = (error: unknown): boolean =>
  /^(08|57P)/.test(codeOf(error)) &&
  typeof error === 'object' &&
  error !== null &&
  'severity' in error &&
  error.severity === 'ERROR';

/** The database is full, starting or takes no writes, ended a transaction that stood still, took another side in a deadlock, or a lock was not to be had in time. */
const saidNo = (error: unknown): boolean => /^(53|25P03|25006|57P03|40001|40P01|55P03|57014)/.test(codeOf(error));

/** The same may succeed shortly: the database is away, or said no for now. */
export const mayPass = (error: unknown): boolean => isDatabaseAway(error) || saidNo(error);

/** Whether the work has surely had no effect: the database said so, or no connection was to be had for it. */
export const didNothing = (error: unknown): boolean =>
  saidNo(error) ||
  /^E(NOTCONN|CONNREFUSED|NOENT|NOTFOUND)$/.test(codeOf(error)) ||
  /timeout e(?:xceeded|xpired)/.test(messageOf(error));

/** What a database that fails while a program starts on it means for the operator; undefined: a fault of the program's. */
export function unavailable(error: unknown): DatabaseUnavailable | undefined {
  if (error instanceof DatabaseUnavailable) return error;
  if (isDiskFull(error)) return new DiskFull(messageOf(error));
  const code = codeOf(error);
  // 28: who we say we are is not believed; 3D: no such database; 42501: this role may not do that.
  if (!isDatabaseAway(error) && !/^(28|3D|42501)/.test(code)) return undefined;
  const reason = messageOf(error) || code;
  return new DatabaseUnavailable(databaseWords.databaseDoesNotAnswer(reason));
}
