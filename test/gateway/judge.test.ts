// What an answer of the provider says of a call: a result, no call, or nothing that can be relied on.

import { expect, test } from 'vitest';
import { judgeCall, responseOf } from '../../src/gateway/judge.ts';

const rule = (errors: 'code' | 'release') => ({ kind: 'call', meter: 'identity', result: 'Result', errors }) as const;
const said = (fields: object, errors: 'code' | 'release' = 'release') =>
  judgeCall(rule(errors), responseOf(Buffer.from(JSON.stringify({ Response: fields }))) ?? {});

test('a result; an error by the action’s rule', () => {
  for (const errors of ['code', 'release'] as const) {
    expect(said({ Result: '0' }, errors)).toEqual({ kind: 'result', code: '0' });
    expect(said({ Result: -1, Error: null }, errors)).toEqual({ kind: 'result', code: '-1' });
  }
  const error = { Error: { Code: 'FailedOperation', Message: '…' } };
  expect(said(error)).toEqual({ kind: 'not made' });
  expect(said({ ...error, Result: null })).toEqual({ kind: 'not made' });
  expect(said(error, 'code')).toEqual({ kind: 'result', code: 'FailedOperation' });
});

test('what stands in an error’s place and is none, an error beside a result, neither: nobody knows', () => {
  const errors = [[], {}, '', 'text', 0, false, { Code: '' }, { Code: {} }, { Code: 'x'.repeat(101) }, [{ Code: 'A' }]];
  for (const kind of ['code', 'release'] as const) {
    for (const each of errors) {
      expect(said({ Error: each, Result: '0' }, kind), JSON.stringify(each)).toEqual({ kind: 'unknown' });
      expect(said({ Error: each }, kind), JSON.stringify(each)).toEqual({ kind: 'unknown' });
    }
    expect(said({ Error: { Code: 'FailedOperation' }, Result: '0' }, kind)).toEqual({ kind: 'unknown' });
    for (const Result of [undefined, null, '', {}, [], true, 'x'.repeat(101)]) {
      expect(said({ Result }, kind), JSON.stringify(Result)).toEqual({ kind: 'unknown' });
    }
  }
});
