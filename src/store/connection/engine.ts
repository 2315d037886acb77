// Which engine keeps the ledger. What one of them cannot do is done in another way there: docs/decisions/0045.

/** `citus`: tables may be spread over nodes by account. */
export type Engine = 'postgresql' | 'citus';

/** As a column: `engine`. */
export const engineColumn = `case when exists (select from pg_extension where extname = 'citus') then 'citus' else 'postgresql' end as engine`;

/**
 * A further condition where tables are spread: the accounts of an array, named once more, since from a join with the array the engine does not
 * find the nodes to ask. Elsewhere nothing.
 */
export const namedAgain = (engine: Engine, column: string, parameter: string): string =>
  engine === 'citus' ? ` and ${column} = any(${parameter}::text[])` : '';
