// Work over many accounts that one of them must not stop: what fails together is done again in halves, down to the account to blame.

import { isDatabaseAway } from '../store/connection/failures.ts';

/** An account for which the work failed: a bug, a damaged row, a lock that was not to be had. */
export interface Failure {
  readonly account: string;
  readonly error: unknown;
}

/** What the work gave for the others, and whom it failed for. Rejects when the database is away: then it fails for all. */
export async function isolated<T>(
  accounts: readonly string[],
  work: (accounts: readonly string[]) => Promise<readonly T[]>,
): Promise<{ readonly done: readonly T[]; readonly failures: readonly Failure[] }> {
  const [account] = accounts;
  if (account === undefined) return { done: [], failures: [] };
  try {
    return { done: await work(accounts), failures: [] };
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    if (accounts.length === 1) return { done: [], failures: [{ account, error }] };
  }
  const half = Math.ceil(accounts.length / 2);
  const first = await isolated(accounts.slice(0, half), work);
  const second = await isolated(accounts.slice(half), work);
  return { done: [...first.done, ...second.done], failures: [...first.failures, ...second.failures] };
}
