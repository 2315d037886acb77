// What a failed statement means: is the database away, is it worth asking again, or is the work itself at fault?

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** The database is gone, full or stopping, or its connection broke: whatever is tried next fails too. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  return (
    /^(08|53|57P|58)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    /Connection terminated|connection error|timeout exceeded when trying to connect|Query read timeout/.test(
      messageOf(error),
    )
  );
}

/** The same may succeed shortly: the database is away, took another side in a deadlock, or a lock was not to be had in time. */
export const mayPass = (error: unknown): boolean =>
  isDatabaseAway(error) || /^(25P03|40001|40P01|55P03|57014)/.test(codeOf(error));
