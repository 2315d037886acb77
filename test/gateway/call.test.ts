// What is read of a call: once, or not at all, so that the provider reads nothing else.

import { expect, test } from 'vitest';
import { type Call, fieldOf, isUsual } from '../../src/gateway/call.ts';

const call = (method: string, query: string, body: string): Call => ({
  ...{ method, query, headers: {}, digest: '' },
  body: Buffer.from(body),
});
const token = (body: string): string | undefined => fieldOf(call('POST', '', body), 'BizToken');
const asked = (query: string): string | undefined => fieldOf(call('GET', query, ''), 'BizToken');

test('a field that stands once', () => {
  expect(token('{"RuleId":"1","BizToken":"own"}')).toBe('own');
  expect(token('{"Extra":{"BizToken":"in it"},"More":["BizToken",{"BizToken":1}],"Biz\\u0054oken" : "own"}')).toBe(
    'own',
  );
  expect(token('{"Extra":"\\"BizToken\\":{","BizToken":"own"}')).toBe('own');
  expect(token(`{"Image":"${'a\\/'.repeat(1_000_000)}","BizToken":"own"}`)).toBe('own');
  expect(asked('BizToken=own&RuleId=1')).toBe('own');
});

test('one that stands twice, in letters of any size or spelt otherwise, is none', () => {
  for (const body of [
    '{"BizToken":"other","BizToken":"own"}',
    '{"BizToken":"own","biztoken":"other"}',
    '{"Biz\\u0054oken":"other","RuleId":"1","BizToken":"own"}',
    '{"BizToken":null,"BizToken":"own"}',
  ]) {
    expect(token(body), body).toBeUndefined();
  }
  expect(asked('BizToken=own&BizToken=other')).toBeUndefined();
  expect(asked('BizToken=own&Biz%54oken=other')).toBeUndefined();
});

test('12 MiB of small values are not read, 12 MiB of texts are: neither keeps other calls waiting', () => {
  const filled = (each: string, end: string) =>
    `{"BizToken":"own","Extra":${each.repeat((12 * 1024 * 1024 - 40) / each.length)}${end}}`;
  const before = process.cpuUsage();
  for (const body of [
    `{"Extra":[${'{},'.repeat(4_000_000)}{}],"BizToken":"own"}`,
    filled('[', ''),
    filled('{"a":', ''),
  ]) {
    expect(token(body)).toBeUndefined();
  }
  expect(token(`{"Image":"${'\\\\\\"'.repeat(3_000_000)}","BizToken":"own"}`)).toBe('own');
  expect(token(`{"Image":"${'Ab9/'.repeat(3_000_000)}","BizToken":"own"}`)).toBe('own');
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(3_000);
});

test('a text of as many commas as stand in a list is one text', () => {
  expect(token(`{"Extra":"${','.repeat(9_000)}","BizToken":"own"}`)).toBe('own');
  expect(token(`{"Extra":[${'1,'.repeat(10_000)}1],"BizToken":"own"}`)).toBeUndefined();
});

test('no text, no object, no JSON: none', () => {
  for (const body of ['{"BizToken":1}', '{"biztoken":"own"}', '["BizToken"]', '"BizToken"', '7', '{"BizToken":"own"']) {
    expect(token(body), body).toBeUndefined();
  }
});

test('what no SDK sends: another method, a POST with a query, a GET with a body', () => {
  expect([isUsual(call('POST', '', '{}')), isUsual(call('GET', 'a=1', ''))]).toEqual([true, true]);
  const unusual = [call('PUT', '', '{}'), call('HEAD', '', ''), call('POST', 'a=1', '{}'), call('GET', 'a=1', '{}')];
  expect(unusual.map(isUsual)).toEqual([false, false, false, false]);
});
