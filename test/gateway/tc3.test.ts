// The algorithm by the example of its public page.

import sdk from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js';
import { expect, test } from 'vitest';
import {
  authorizationOf,
  dateOfTimestamp,
  isSignedBy,
  readClaim,
  sha256,
  signatureOf,
  signingKey,
  type Tc3Request,
} from '../../src/tc3.ts';

// Node gives the module as its default, the test runner what the module calls so.
const Sign = sdk.default ?? (sdk as unknown as typeof sdk.default);
const body = '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}';
const scope = { secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', date: '2019-02-25', service: 'cvm' };
const key = signingKey('Gu5t9xGARNpq86cd98joQYCN3EXAMPLE', scope.date, scope.service);
const request: Tc3Request = {
  method: 'POST',
  query: '',
  headers: { 'content-type': 'application/json; charset=utf-8', host: 'cvm.tencentcloudapi.com' },
  payloadHash: sha256(body),
  timestamp: '1551113065',
};
const signed = ['content-type', 'host'];

test('the body of the page has the hash of the page, its timestamp the day', () => {
  expect(request.payloadHash).toBe('35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064');
  expect(dateOfTimestamp('1551113065')).toBe('2019-02-25');
  expect(['', '-1', '1e9', '999999999999'].map(dateOfTimestamp)).toEqual([undefined, undefined, undefined, undefined]);
});

/** What Node's official SDK makes of the same request; it signs the host without its port. */
function signedBySdk(payload: unknown, change: { readonly method?: string; readonly url?: string } = {}): string {
  const url = `http://127.0.0.1:4105/`;
  const headers = { 'Content-Type': 'application/json' };
  return Sign.sign3({
    ...{ method: 'POST', url, payload, headers, timestamp: 1_767_668_400, service: '127' },
    ...{ secretId: 'AKIDfaceid', secretKey: 'secret of the test', multipart: false, boundary: '' },
    ...change,
  });
}

test.each([
  ['a name in Chinese', { IdCard: '11204416541220243X', Name: '韦小宝' }],
  ['a large body', { ImageBase64: 'A'.repeat(1_000_000) }],
  ['an empty body', {}],
])("Node's official SDK: %s", (_name, payload) => {
  const claimed = readClaim(signedBySdk(payload));
  if (claimed === undefined) throw new Error('unread');
  expect(claimed).toMatchObject({ secretId: 'AKIDfaceid', service: '127', signedHeaders: signed });
  const sent = {
    ...{ method: 'POST', query: '', timestamp: '1767668400', payloadHash: sha256(JSON.stringify(payload)) },
    headers: { 'content-type': 'application/json', host: '127.0.0.1:4105' },
  };
  const own = signingKey('secret of the test', claimed.date, claimed.service);
  expect(isSignedBy([own], sent, claimed)).toBe(true);
  expect(isSignedBy([own], { ...sent, payloadHash: sha256('{"Name":"?"}') }, claimed)).toBe(false);
});

test('what was signed is found signed: with the port or without, in whatever letters, by any of the keys', () => {
  const header = authorizationOf(scope, signed, signatureOf(key, request, scope, signed));
  const claim = readClaim(header);
  if (claim === undefined) throw new Error('unread');
  const other = signingKey('another', scope.date, scope.service);
  expect(isSignedBy([other, key], request, claim)).toBe(true);
  const sent = (headers: Tc3Request['headers']) => ({ ...request, headers: { ...request.headers, ...headers } });
  expect(isSignedBy([key], sent({ host: 'cvm.tencentcloudapi.com:4105' }), claim)).toBe(true);
  expect(isSignedBy([key], sent({ 'content-type': 'application/json; charset=UTF-8' }), claim)).toBe(true);
});

test.each([
  ['another body', { payloadHash: sha256(`${body} `) }],
  ['another time', { timestamp: '1551113066' }],
  ['another method', { method: 'GET' }],
  ['another query', { query: 'Limit=1' }],
  ['another host', { headers: { ...request.headers, host: 'cvm.example.com' } }],
])('%s is not what was signed', (_name, change) => {
  const claim = readClaim(authorizationOf(scope, signed, signatureOf(key, request, scope, signed)));
  if (claim === undefined) throw new Error('unread');
  expect(isSignedBy([key], { ...request, ...change }, claim)).toBe(false);
  expect(isSignedBy([], request, claim)).toBe(false);
});

test.each([
  undefined,
  '',
  'Bearer sk_op_1',
  authorizationOf(scope, signed, 'f'.repeat(63)),
  authorizationOf({ ...scope, date: '2019-2-25' }, signed, 'f'.repeat(64)),
  authorizationOf({ ...scope, secretId: 'a/b' }, signed, 'f'.repeat(64)),
])('no claim: %s', (header) => {
  expect(readClaim(header)).toBeUndefined();
});
