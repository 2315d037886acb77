// The official Node SDK against a gateway, unchanged: what is charged, what is refused, what is answered, and what is left to a person.

import { request } from 'node:http';
import sdk from 'tencentcloud-sdk-nodejs-common';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningGateway, startGateway } from '../../src/gateway/gateway.ts';
import { LedgerClient } from '../../src/gateway/ledger.ts';
import { readMap } from '../../src/gateway/map.ts';
import { openUpstream } from '../../src/gateway/upstream.ts';
import { expectSound } from '../faults/agree.ts';
import { endHolds, openLedger, openProvider, operator, type Provider, result } from '../gateway/world.ts';
import type { Json, OpenApp } from '../http/open-app.ts';

const { CommonClient } = sdk;
let open: OpenApp;
let provider: Provider;
let gateway: RunningGateway;
let ledgerUrl: string;

const startOn = (url: string, patience = 400) => {
  const map = readMap(undefined);
  const rules = { '1': { meter: 'liveness.wechat.authority', channel: 'wechat_h5', library: 'authority' } };
  return startGateway(
    {
      map: { ...map, rules },
      ledger: new LedgerClient({ url, key: open.operator }),
      upstream: openUpstream({ url: new URL(provider.url), service: 'faceid', ...operator, patience }),
      clock: Date.now,
    },
    { port: 0, host: '127.0.0.1' },
  );
};

beforeAll(async () => {
  ({ open, url: ledgerUrl } = await openLedger());
  provider = await openProvider();
  gateway = await startOn(ledgerUrl);
});
afterAll(async () => {
  await gateway.stop();
  await provider.close();
  await open.close();
});
beforeEach(() => {
  provider.seen.length = 0;
});

interface Signer {
  readonly account: string;
  readonly secretId: string;
  readonly secretKey: string;
}

let serial = 0;
async function signer(settings: Json = {}, may: Json = {}): Promise<Signer> {
  serial += 1;
  const account = `shop-${serial}`;
  await open.call('POST', '/v1/accounts', { id: account, book: 'faceid-legacy', ...settings });
  const { json } = await open.call('POST', `/v1/accounts/${account}/credentials`, may);
  return { account, secretId: String(json.secretId), secretKey: String(json.secretKey) };
}

function ask({ secretId, secretKey }: Signer, action: string, body: Json = {}, language: 'zh-CN' | 'en-US' = 'zh-CN') {
  const endpoint = new URL(gateway.url).host;
  const client = new CommonClient(endpoint, '2018-03-01', {
    credential: { secretId, secretKey },
    region: 'ap-guangzhou',
    profile: { language, httpProfile: { endpoint, protocol: 'http://' } },
  } as ConstructorParameters<typeof CommonClient>[2]);
  return client.request(action, body) as Promise<Json>;
}

const failure = (asked: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> =>
  asked.then(
    (answer) => ({ code: 'none', message: JSON.stringify(answer) }),
    (error: { code: string; message: string }) => ({ code: error.code, message: error.message }),
  );
const statusOf = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.url);
    const asked = request({ host: hostname, port, path, method: 'GET' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end();
  });
const eventsOf = async ({ account }: Signer): Promise<Json[]> =>
  (await open.call('GET', `/v1/events?account=${account}`)).json.events as Json[];

test.each([
  ['LivenessRecognition', 'Success', 'charged'],
  ['LivenessCompare', 'FailedOperation.CompareLowSimilarity', 'charged'],
  ['ImageRecognition', 'FailedOperation.UnknownCode', 'not-charged'],
  ['IdCardVerification', '-1', 'charged'],
  ['IdCardOCRVerification', '-2', 'not-charged'],
  ['BankCard2EVerification', '-4', 'charged'],
  ['BankCardVerification', '-4', 'not-charged'],
  ['BankCard4EVerification', '-99', 'held'],
  ['MobileStatus', '-1', 'not-charged'],
  ['MobileNetworkTimeVerification', '-2', 'charged'],
  ['CheckBankCardInformation', '-5', 'charged'],
])('%s with result %s: %s; names in Chinese arrive as they were sent', async (action, code, outcome) => {
  const who = await signer();
  provider.answer = () => result({ Result: code, Description: '姓名' });
  const body = { Name: '韦小宝', IdCard: '11204416541220243X' };
  expect(await ask(who, action, body)).toMatchObject({ Result: code, Description: '姓名', RequestId: 'r-1' });
  expect(provider.seen).toEqual([{ action, body: JSON.stringify(body) }]);
  expect(await eventsOf(who)).toMatchObject([{ outcome, calls: 1 }]);
});

test('an error of the provider: looked up as a result, or no call at all', async () => {
  const who = await signer();
  provider.answer = () => result({ Error: { Code: 'FailedOperation.IdNameMisMatch', Message: '不一致' } });
  expect(await failure(ask(who, 'LivenessRecognition'))).toMatchObject({ code: 'FailedOperation.IdNameMisMatch' });
  expect(await failure(ask(who, 'IdCardVerification'))).toMatchObject({ code: 'FailedOperation.IdNameMisMatch' });
  expect(await eventsOf(who)).toMatchObject([{ outcome: 'charged', meter: 'liveness.basic.authority' }]);
});

test('a gift of five: the sixth is refused and not passed on, in the language that was asked for', async () => {
  const who = await signer({ postpaid: false });
  provider.answer = () => result({ Result: '0' });
  const gift = { account: who.account, product: 'identity', calls: 5, id: `${who.account}-gift` };
  expect((await open.once('POST', '/v1/gifts', gift)).status).toBe(201);
  for (let at = 0; at < 5; at += 1) await ask(who, 'IdCardVerification', { at });
  const refused = await failure(ask(who, 'IdCardVerification'));
  expect(refused).toMatchObject({ code: 'UnauthorizedOperation.Arrears', message: expect.stringMatching(/资源包/) });
  const english = await failure(ask(who, 'IdCardVerification', {}, 'en-US'));
  expect(english.message).toMatch(/packs are used up/);
  expect(provider.seen).toHaveLength(5);
});

test('who is refused, and by which code', async () => {
  const who = await signer();
  const stranger = { ...who, secretId: `AKID${'0'.repeat(32)}` };
  expect((await failure(ask(stranger, 'IdCardVerification'))).code).toBe('AuthFailure.SecretIdNotFound');
  expect((await failure(ask({ ...who, secretKey: 'x' }, 'IdCardVerification'))).code).toBe(
    'AuthFailure.SignatureFailure',
  );
  expect((await failure(ask(who, 'DescribeInstances'))).code).toBe('UnsupportedOperation');
  await open.call('PATCH', `/v1/accounts/${who.account}`, { suspended: true });
  const suspended = await failure(ask(who, 'IdCardVerification'));
  expect(suspended.code).toBe('UnauthorizedOperation.ChargeStatusException');
  expect(provider.seen).toEqual([]);
});

test('what a SecretId was made for, and nothing else: refused before anything is held or passed on', async () => {
  const reader = await signer({}, { scopes: ['read'] });
  provider.answer = () => result({ Text: { LivenessDetail: [] } });
  for (const [action, body] of [
    ['IdCardVerification', {}],
    ['DetectAuth', { RuleId: '1' }],
  ] as const) {
    expect(await failure(ask(reader, action, body, 'en-US'))).toMatchObject({
      code: 'AuthFailure.UnauthorizedOperation',
      message: expect.stringMatching(/may not call/),
    });
  }
  expect(provider.seen).toEqual([]);
  await ask(reader, 'GetDetectInfoEnhanced', { BizToken: 'b', RuleId: '1' });
  const caller = await signer({}, { scopes: ['meter'], actions: ['IdCardVerification'] });
  await ask(caller, 'IdCardVerification');
  for (const action of ['MobileStatus', 'GetLiveCode', 'GetDetectInfoEnhanced']) {
    expect((await failure(ask(caller, action, { BizToken: 'b', RuleId: '1' }))).code, action).toBe(
      'AuthFailure.UnauthorizedOperation',
    );
  }
  // Whose signature is wrong learns nothing of what the SecretId may do.
  const stranger = await failure(ask({ ...caller, secretKey: 'x' }, 'MobileStatus'));
  expect(stranger.code).toBe('AuthFailure.SignatureFailure');
  expect(provider.seen.map(({ action }) => action)).toEqual(['GetDetectInfoEnhanced', 'IdCardVerification']);
  const { text } = await open.call('GET', `/v1/reviews?account=${caller.account}`);
  expect(text).not.toContain('MobileStatus');
});

test.each([
  ['no Authorization', {}, 'AuthFailure.InvalidAuthorization'],
  ['an X-TC-Token, which nobody signs', { 'x-tc-token': 't' }, 'AuthFailure.InvalidAuthorization'],
  [
    'a clock ten minutes slow',
    { 'x-tc-timestamp': String(Math.floor(Date.now() / 1_000) - 600) },
    'AuthFailure.SignatureExpire',
  ],
])('%s: always 200 and exactly application/json', async (name, headers, code) => {
  const timestamp = 'x-tc-timestamp' in headers ? headers['x-tc-timestamp'] : String(Math.floor(Date.now() / 1_000));
  const date = new Date(Number(timestamp) * 1_000).toISOString().slice(0, 10);
  const authorization = `TC3-HMAC-SHA256 Credential=AKID1/${date}/faceid/tc3_request, SignedHeaders=content-type;host, Signature=${'0'.repeat(64)}`;
  const answer = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'x-tc-timestamp': timestamp, ...(name === 'no Authorization' ? {} : { authorization }), ...headers },
    body: '{}',
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
  const { Response } = (await answer.json()) as { Response: { Error: { Code: string }; RequestId: string } };
  expect(Response).toMatchObject({ Error: { Code: code }, RequestId: expect.stringMatching(/.{30}/) });
});

test.each([
  ['hangs up', 'hang up'],
  ['says nothing in time', 'silent'],
  ['answers 502', { status: 502, text: 'bad gateway' }],
  ['answers nonsense', '<html>'],
] as const)(
  'a provider that %s: InternalError, and the call waits for a person; it is not given back',
  async (_name, act) => {
    const who = await signer({ postpaid: false });
    const gift = { account: who.account, product: 'identity', calls: 1, id: `${who.account}-gift` };
    await open.once('POST', '/v1/gifts', gift);
    provider.answer = () => act;
    expect((await failure(ask(who, 'IdCardVerification'))).code).toBe('InternalError');
    expect((await failure(ask(who, 'IdCardVerification'))).code).toBe('UnauthorizedOperation.Arrears');
    expect(await eventsOf(who)).toEqual([]);
    await endHolds(open, who.account);
    expect(await eventsOf(who)).toMatchObject([{ outcome: 'held', calls: 1 }]);
  },
);

test('an answer that contradicts itself: of a call a person decides, attempts are not shown', async () => {
  const who = await signer();
  provider.answer = () => result({ Error: [], Result: '0' });
  await failure(ask(who, 'IdCardVerification'));
  expect(await eventsOf(who)).toEqual([]);
  await endHolds(open, who.account);
  expect(await eventsOf(who)).toMatchObject([{ outcome: 'held', calls: 1 }]);
  provider.answer = () => result({ Error: [], Text: { LivenessDetail: [{ Seq: '1', Errcode: 0 }] } });
  const fetched = await failure(ask(who, 'GetDetectInfoEnhanced', { BizToken: 'b-7', RuleId: '1' }));
  expect(fetched.code).toBe('InternalError');
});

test('the ledger away: refused, and nothing is passed on', async () => {
  const who = await signer();
  const alone = await startOn('http://127.0.0.1:1');
  const own = gateway;
  gateway = alone;
  try {
    expect((await failure(ask(who, 'IdCardVerification'))).code).toBe('RequestLimitExceeded');
    expect(provider.seen).toEqual([]);
  } finally {
    gateway = own;
    await alone.stop();
  }
});

test('attempts of a flow: each once, by its own code, however often they are fetched; what begins a flow is free', async () => {
  const who = await signer();
  provider.answer = () => result({ BizToken: 'b-1' });
  expect((await failure(ask(who, 'DetectAuth', { RuleId: '9' }))).code).toBe('UnauthorizedOperation.Nonactivated');
  await ask(who, 'DetectAuth', { RuleId: '1' });
  const ReqTime = String(Date.now() - 60_000);
  const LivenessDetail = [
    { Seq: '1', Errcode: 2006, IsNeedCharge: true, ReqTime },
    { Seq: '2', Errcode: 1001, IsNeedCharge: false, ReqTime },
    { Seq: '3', Errcode: 0, IsNeedCharge: false, ReqTime },
  ];
  provider.answer = () => result({ Text: { ErrCode: 0, LivenessDetail } });
  for (const _ of [1, 2]) await ask(who, 'GetDetectInfoEnhanced', { BizToken: 'b-1', RuleId: '1' });
  const events = await eventsOf(who);
  expect(events.map(({ event, outcome }) => `${event} ${outcome}`).toSorted()).toEqual([
    'b-1:1 charged',
    'b-1:2 not-charged',
    'b-1:3 held',
  ]);
  const { json } = await open.call('GET', `/v1/reviews?account=${who.account}`);
  const verdicts = { table: 'charged', provider: 'not-charged' };
  expect(json.held).toMatchObject([{ event: 'b-1:3', reason: 'PROVIDER_DISAGREES', verdicts }]);
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toContain('{action="GetDetectInfoEnhanced",outcome="provider disagrees"} 2');
});

test('an attempt without a number or a code that can be read waits for a person, once, with nothing of whom it is of', async () => {
  const who = await signer();
  const ReqTime = String(Date.now() - 60_000);
  const LivenessDetail = [
    { Seq: '1', Errcode: 0, IsNeedCharge: true, ReqTime },
    { Seq: null, Errcode: 0, IsNeedCharge: true, ReqTime, Name: '张三', Idcard: '110' },
    { Seq: '3', Errcode: { Name: '张三' }, IsNeedCharge: false },
    { Seq: '4\0', Errcode: '张三' },
    '张三',
  ];
  provider.answer = () => result({ Text: { ErrCode: 0, LivenessDetail } });
  for (const _ of [1, 2]) await ask(who, 'GetDetectInfoEnhanced', { BizToken: 'b-5', RuleId: '1' });
  provider.answer = () => result({ Result: null });
  for (const _ of [1, 2]) await ask(who, 'GetFaceIdResult', { FaceIdToken: 'f-5' });
  expect((await eventsOf(who)).map(({ event, outcome }) => `${event} ${outcome}`).toSorted()).toEqual([
    'b-5:1 charged',
    ...['b-5:3 held', 'b-5:?2 held', 'b-5:?4 held', 'b-5:?5 held', 'f-5:?1 held'],
  ]);
  const { json, text } = await open.call('GET', `/v1/reviews?account=${who.account}`);
  const waiting = (json.held as Json[]).map(({ facts, reason }) => [(facts as Json).resultCode, reason]);
  expect(waiting).toEqual([
    ['UNNUMBERED:0', 'PROVIDER_DISAGREES'],
    ...Array.from({ length: 4 }, () => ['UNREADABLE', 'EVENT_HELD']),
  ]);
  expect(text).not.toMatch(/张三|110"/);
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toContain('{action="GetDetectInfoEnhanced",outcome="attempts not readable"} 2');
});

test('an attempt of last year could be charged to no month, and asking again does not help', async () => {
  const who = await signer();
  const old = { Seq: '1', Errcode: 0, IsNeedCharge: true, ReqTime: String(Date.now() - 400 * 86_400_000) };
  provider.answer = () => result({ Text: { ErrCode: 0, LivenessDetail: [old] } });
  const refused = await failure(ask(who, 'GetDetectInfoEnhanced', { BizToken: 'b-6', RuleId: '1' }));
  expect(refused.code).toBe('InternalError');
});

test('another result under the id of an attempt, or what its account wrote there before: recorded apart, once', async () => {
  const who = await signer();
  const ReqTime = String(Date.now() - 60_000);
  const LivenessDetail = [{ Seq: '1', Errcode: 0, IsNeedCharge: true, ReqTime }];
  provider.answer = () => result({ BizToken: 'b-4' });
  await ask(who, 'DetectAuth', { RuleId: '1' });
  // The account knows the token by now, and has it for nothing under the attempt's id.
  const own = {
    account: who.account,
    id: 'b-4:1',
    action: 'GetDetectInfoEnhanced',
    channel: 'wechat_h5',
    library: 'authority',
  };
  const written = { ...own, resultCode: '1001', time: new Date(Date.now() - 1_000).toISOString() };
  expect((await open.call('POST', '/v1/events', written)).status).toBe(200);
  provider.answer = () => result({ Text: { ErrCode: 0, LivenessDetail } });
  for (const _ of [1, 2]) await ask(who, 'GetDetectInfoEnhanced', { BizToken: 'b-4', RuleId: '1' });
  const outcomes = async () => (await eventsOf(who)).map(({ event, outcome }) => `${event} ${outcome}`).toSorted();
  expect(await outcomes()).toEqual(['b-4:1 not-charged', expect.stringMatching(/^b-4:1:[0-9a-f]{32} charged$/)]);
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toContain('{action="GetDetectInfoEnhanced",outcome="another result"} 2');
});

test('whose a flow is stands in the ledger before its token is given away: nobody else fetches it', async () => {
  const [who, other] = [await signer(), await signer()];
  provider.answer = () => result({ BizToken: 'b-2', Url: 'https://…' });
  await ask(who, 'DetectAuth', { RuleId: '1' });
  const { rows } = await open.suanpan.pool.query(
    `select account_id, action, channel from flow_tokens where token = 'b-2'`,
  );
  expect(rows).toEqual([{ account_id: who.account, action: 'GetDetectInfoEnhanced', channel: 'wechat_h5' }]);
  const LivenessDetail = [{ Seq: '1', Errcode: 0, IsNeedCharge: true, ReqTime: String(Date.now() - 60_000) }];
  provider.answer = () => result({ Text: { ErrCode: 0, Name: '张三', LivenessDetail } });
  const fetched = { BizToken: 'b-2', RuleId: '1' };
  expect(await failure(ask(other, 'GetDetectInfoEnhanced', fetched))).toEqual({
    code: 'InvalidParameterValue.BizTokenIllegal',
    message: '令牌不是由此账户发起的流程的。',
  });
  expect(await eventsOf(other)).toEqual([]);
  expect(await ask(who, 'GetDetectInfoEnhanced', fetched)).toMatchObject({ Text: { Name: '张三' } });
  expect(await eventsOf(who)).toMatchObject([{ event: 'b-2:1', outcome: 'charged' }]);
});

test('GetDetectInfo: the attempts stand in a text of JSON; one that cannot be read hides them', async () => {
  const who = await signer();
  const ReqTime = String(Date.now() - 60_000);
  const LivenessDetail = [
    { Seq: '1', Errcode: 2006, IsNeedCharge: true, ReqTime },
    { Seq: '2', Errcode: 1001, IsNeedCharge: false, ReqTime },
  ];
  const fetched = { BizToken: 'b-3', RuleId: '1' };
  for (const DetectInfo of ['{', 'null', JSON.stringify({ Text: null })]) {
    provider.answer = () => result({ DetectInfo });
    expect(await ask(who, 'GetDetectInfo', fetched)).toMatchObject({ DetectInfo });
  }
  expect(await eventsOf(who)).toEqual([]);
  const DetectInfo = JSON.stringify({ Text: { ErrCode: 0, LivenessDetail } });
  provider.answer = () => result({ DetectInfo });
  expect(await ask(who, 'GetDetectInfo', fetched)).toMatchObject({ DetectInfo });
  const events = await eventsOf(who);
  expect(events.map(({ event, outcome }) => `${event} ${outcome}`).toSorted()).toEqual([
    'b-3:1 charged',
    'b-3:2 not-charged',
  ]);
});

test('a new SecretKey works at once, whatever the gateway remembers of the former', async () => {
  const who = await signer();
  await ask(who, 'GetLiveCode');
  const { secretId } = who;
  const path = `/v1/accounts/${who.account}/credentials/rotate`;
  const { json } = await open.call('POST', path, { secretId, overlapHours: 0 });
  await ask({ ...who, secretKey: String(json.secretKey) }, 'GetLiveCode');
  expect((await failure(ask(who, 'GetLiveCode'))).code).toBe('AuthFailure.SignatureFailure');
  expect(provider.seen).toHaveLength(2);
});

test('a revoked credential is refused within seconds, a body beyond 12 MiB at once; the ledger is sound', async () => {
  const who = await signer();
  await open.call('DELETE', `/v1/accounts/${who.account}/credentials?secretId=${who.secretId}`);
  expect((await failure(ask(who, 'IdCardVerification'))).code).toBe('AuthFailure.SecretIdNotFound');
  const large = async (headers: Record<string, string>) =>
    (await fetch(gateway.url, { method: 'POST', headers, body: Buffer.alloc(12 * 1024 * 1024 + 1) })).text();
  expect(await large({})).toContain('AuthFailure.InvalidAuthorization');
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const date = new Date(Number(timestamp) * 1_000).toISOString().slice(0, 10);
  const { secretId } = await signer();
  const authorization = `TC3-HMAC-SHA256 Credential=${secretId}/${date}/faceid/tc3_request, SignedHeaders=content-type;host, Signature=${'0'.repeat(64)}`;
  expect(await large({ authorization, 'x-tc-timestamp': timestamp })).toContain('RequestSizeLimitExceeded');
  // Paths that are no address end in a 404, not in the gateway's end.
  for (const path of ['//', '//?a', '/\\', 'http://', '/%zz']) expect(await statusOf(path), path).toBe(404);
  await expectSound(open.suanpan);
});
