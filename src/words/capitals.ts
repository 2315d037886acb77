// An amount of yuan in the capitals that bills and cheques write it in: "壹仟贰佰元伍角整" and so on, by nzh.

import { createRequire } from 'node:module';

const { toMoney } = createRequire(import.meta.url)('nzh/cn') as {
  readonly toMoney: (amount: string, options: { readonly outSymbol: boolean }) => string;
};

/** Below a million million yuan all that nzh writes was compared with another way of writing it; beyond, nothing is better than something wrong. */
const mostDigits = 12;

/** Undefined: beyond what is safe. */
export function inCapitals(amount: string): string | undefined {
  const [, sign = '', whole = '', fen = ''] = /^(-?)(\d+)\.(\d\d)$/.exec(amount) ?? [];
  if (whole === '' || whole.length > mostDigits) return undefined;
  const text = toMoney(`${whole}.${fen}`, { outSymbol: false });
  // Nothing may be added after the last figure: where no fen follow, the rule asks for this word.
  const closed = fen.endsWith('0') ? `${text}整` : text;
  return sign === '' ? closed : `负${closed}`;
}
