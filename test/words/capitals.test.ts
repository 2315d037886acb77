// Capitals of amounts, against another way of writing them, digit by digit.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inCapitals } from '../../src/words/capitals.ts';

const digits = '零壹贰叁肆伍陆柒捌玖';
const places = ['', '拾', '佰', '仟'];
const groups = ['', '万', '亿'];

/** Four digits: a zero is written once between others. */
function group(number: number): string {
  let text = '';
  let hasZero = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(number / 10 ** place) % 10;
    if (digit === 0) hasZero = true;
    else {
      text += `${hasZero && text !== '' ? '零' : ''}${digits[digit]}${places[place]}`;
      hasZero = false;
    }
  }
  return text;
}

function naive(fen: bigint): string {
  const yuan = fen / 100n;
  const [jiao, cent] = [Number((fen / 10n) % 10n), Number(fen % 10n)];
  let text = '';
  let isApart = false;
  for (let at = 2; at >= 0; at -= 1) {
    const part = Number((yuan / 10_000n ** BigInt(at)) % 10_000n);
    if (part === 0) isApart = true;
    else {
      const zero = text !== '' && (isApart || part < 1_000) ? '零' : '';
      text += `${zero}${group(part)}${groups[at]}`;
      isApart = false;
    }
  }
  const whole = text === '' ? '' : `${text}元`;
  if (jiao === 0 && cent === 0) return `${whole === '' ? '零元' : whole}整`;
  const tenth = jiao === 0 ? (whole === '' ? '' : '零') : `${digits[jiao]}角`;
  return `${whole}${tenth}${cent === 0 ? '整' : `${digits[cent]}分`}`;
}

const written = (fen: bigint): string => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;

test.each([
  ['0.00', '零元整'],
  ['4207.50', '肆仟贰佰零柒元伍角整'],
  ['100000.05', '壹拾万元零伍分'],
  ['-149.00', '负壹佰肆拾玖元整'],
])('%s is %s', (amount, capitals) => expect(inCapitals(amount)).toBe(capitals));

test('any amount below a million million, like digit by digit', () => {
  const amounts = fc.oneof(
    fc.bigInt(0n, 99_999_999_999_999n),
    fc.bigInt(0n, 1_000_000n),
    fc
      .tuple(fc.bigInt(0n, 9_999n), fc.integer({ min: 0, max: 10 }))
      .map(([head, zeros]) => head * 10n ** BigInt(zeros)),
  );
  fc.assert(
    fc.property(amounts, (fen) => {
      expect(inCapitals(written(fen))).toBe(naive(fen));
    }),
    { numRuns: 5_000 },
  );
});

test('beyond that nothing is said', () => expect(inCapitals('1000000000000.00')).toBeUndefined());
