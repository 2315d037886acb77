// How many decimals a currency has: one table, which everything that reads, rounds or writes an amount asks.
// Source: ISO 4217, list one, minor units. docs/decisions/0046.

const withoutDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const withThree = 'BHD IQD JOD KWD LYD OMR TND';
const withFour = 'CLF UYW';

const decimals = new Map(
  [withoutDecimals, '', '', withThree, withFour].flatMap((codes, places) =>
    codes.split(' ').map((code) => [code, places] as const),
  ),
);

/** Decimals of an ISO 4217 currency: 2 for CNY, 0 for JPY, 3 for KWD. */
export const decimalsOf = (currency: string): number => decimals.get(currency) ?? 2;

/** What a text is read by that names no currency. Two decimals. */
export const noCurrency = '';

/** The most decimals that an amount of a book may have. */
export const mostDecimals = 3;
