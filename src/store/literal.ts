// PostgreSQL array literals. The driver builds them recursively, value by value; a group has a thousand, so this is hot.

/** '{1,2,3}' of whole numbers; null stands for NULL. */
export const numbersLiteral = (values: readonly (number | bigint | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : value)).join(',')}}`;

const mustEscape = /[\\"]/g;

/** '{"a","b"}' of texts; null stands for NULL. */
export function textsLiteral(values: readonly (string | null)[]): string {
  let literal = '{';
  let comma = '';
  for (const value of values) {
    literal += comma + (value === null ? 'NULL' : `"${value.replace(mustEscape, '\\$&')}"`);
    comma = ',';
  }
  return `${literal}}`;
}

/** An array column that is NULL in every row costs nothing: `unnest` pads a shorter array with NULLs. */
export const sparseTextsLiteral = (values: readonly (string | null)[]): string =>
  values.every((value) => value === null) ? '{}' : textsLiteral(values);
