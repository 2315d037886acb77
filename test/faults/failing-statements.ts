// Makes one statement of a piece of work go wrong, on the real driver's real connection.

import { Client } from 'pg';

/**
 * `unsent`: the connection breaks before the statement. `refused`: the database refuses it. `unanswered`: it is done, and the
 * connection breaks before its answer.
 */
export const ways = ['unsent', 'refused', 'unanswered'] as const;
export type Way = (typeof ways)[number];

/** The connection of a client, below the driver's interface. */
const socketOf = (client: Client) =>
  (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream;

const lost = () => new Error('Connection terminated unexpectedly');

type Asked = (this: Client, ...given: unknown[]) => unknown;
const prototype = Client.prototype as unknown as { query: Asked };

/**
 * Does the work while its statement number `at`, from 1, goes wrong; with 0 none does. Gives the work's result, the number of
 * statements, and the text of the one that went wrong. Statements of other clients meanwhile count too.
 */
export async function failing<T>(at: number, way: Way, work: () => Promise<T>) {
  const real = prototype.query;
  let statements = 0;
  let hit: string | undefined;
  prototype.query = function query(this: Client, ...given: unknown[]): unknown {
    statements += 1;
    if (statements !== at) return real.apply(this, given);
    hit = textOf(given[0]);
    if (way === 'unanswered') return unanswered(this, real, given);
    if (way === 'refused' && !isStream(given[0]))
      return real.apply(this, ['select refused_by_a_test()', ...callbackOf(given)]);
    socketOf(this).destroy();
    return real.apply(this, given);
  };
  try {
    return { result: await work(), statements, hit };
  } finally {
    prototype.query = real;
  }
}

const callbackOf = (given: readonly unknown[]): unknown[] => given.filter((each) => typeof each === 'function');
const isStream = (asked: unknown): boolean => typeof (asked as { submit?: unknown }).submit === 'function';
const textOf = (asked: unknown): string =>
  typeof asked === 'string' ? asked : ((asked as { text?: string }).text ?? 'copy');

function unanswered(client: Client, real: Asked, given: readonly unknown[]): unknown {
  const [callback] = callbackOf(given) as ((error: Error) => void)[];
  if (callback !== undefined) {
    const asked = given.map((each) =>
      each !== callback
        ? each
        : () => {
            socketOf(client).destroy();
            callback(lost());
          },
    );
    return real.apply(client, asked);
  }
  const answer = real.apply(client, [...given]);
  if (!(answer instanceof Promise)) {
    socketOf(client).destroy();
    return answer;
  }
  return answer.then(() => {
    socketOf(client).destroy();
    throw lost();
  });
}
