// The official Python and Go SDKs against a gateway, unchanged. Node's is in gateway.test.ts.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningGateway, startGateway } from '../../src/gateway/gateway.ts';
import { LedgerClient } from '../../src/gateway/ledger.ts';
import { readMap } from '../../src/gateway/map.ts';
import { openUpstream } from '../../src/gateway/upstream.ts';
import { openLedger, openProvider, operator, type Provider, result } from '../gateway/world.ts';
import type { Json, OpenApp } from '../http/open-app.ts';
import { programOnGoSdk } from '../setup/go-sdk.ts';
import { pythonWithSdk } from '../setup/python-sdk.ts';

const python = pythonWithSdk();
const go = programOnGoSdk();
const why = 'missing' in go ? go.missing : '';
if (python === null)
  process.stderr.write('Skipped: the official Python SDK, as this machine has no Python with venv.\n');
if (why !== '') process.stderr.write(`Skipped: the official Go SDK: ${why}.\n`);
const script = fileURLToPath(new URL('../gateway/sdk.py', import.meta.url));

/** What of each SDK reads calls and writes answers; empty: it is not here. */
const sdks = [
  { name: 'Python', command: python === null ? [] : [python, script] },
  { name: 'Go', command: 'missing' in go ? [] : [go.program] },
];

let open: OpenApp;
let provider: Provider;
let gateway: RunningGateway;

beforeAll(async () => {
  const ledger = await openLedger();
  open = ledger.open;
  provider = await openProvider();
  gateway = await startGateway(
    {
      map: readMap(undefined),
      ledger: new LedgerClient({ url: ledger.url, key: open.operator }),
      upstream: openUpstream({ url: new URL(provider.url), service: 'faceid', ...operator, patience: 5_000 }),
      clock: Date.now,
    },
    { port: 0, host: '127.0.0.1' },
  );
});
afterAll(async () => {
  await gateway.stop();
  await provider.close();
  await open.close();
});

afterEach(() => {
  provider.seen.length = 0;
});

describe.each(sdks)('$name', ({ name, command }) => {
  const each = test.skipIf(command.length === 0);
  const account = name.toLowerCase();
  let signer: Json;
  beforeAll(async () => {
    await open.call('POST', '/v1/accounts', { id: account, book: 'faceid-legacy' });
    signer = (await open.call('POST', `/v1/accounts/${account}/credentials`, {})).json;
  });

  function run(calls: readonly Json[], { secretKey = signer.secretKey } = {}): Promise<Json[]> {
    const asked = { endpoint: new URL(gateway.url).host, secretId: signer.secretId, secretKey, calls };
    const [program = '', ...rest] = command;
    return new Promise((resolve, reject) => {
      const child = execFile(program, rest, (error, out) => (error ? reject(error) : resolve(JSON.parse(out))));
      child.stdin?.end(JSON.stringify(asked));
    });
  }

  each('POST, GET and unsigned bodies; equal calls in one second are as many calls', async () => {
    provider.answer = () => result({ Result: '0', Description: '认证通过' });
    const body = { IdCard: '11204416541220243X', Name: '韦小宝' };
    const call = { action: 'IdCardVerification', body };
    const answers = await run([call, call, call, { ...call, method: 'GET' }, { ...call, unsigned: true }]);
    expect(answers).toEqual(Array(5).fill(expect.objectContaining({ Result: '0', Description: '认证通过' })));
    expect(provider.seen).toHaveLength(5);
    expect(JSON.parse(provider.seen[0]?.body ?? '')).toEqual(body);
    const { json } = await open.call('GET', `/v1/events?account=${account}&limit=200`);
    expect(json.events).toHaveLength(5);
  });

  each('errors arrive with their code and text, in either language', async () => {
    provider.answer = () => result({ Error: { Code: 'FailedOperation.OcrFailed', Message: '识别失败' } });
    const body = { ImageBase64: '图'.repeat(10), IdCard: '1', Name: '王' };
    const [failed] = await run([{ action: 'ImageRecognitionV2', body }]);
    expect(failed).toMatchObject({ code: 'FailedOperation.OcrFailed', message: '识别失败' });
    await open.call('PATCH', `/v1/accounts/${account}`, { suspended: true });
    const call = { action: 'IdCardVerification', body: { IdCard: '1', Name: '王' } };
    const [zh, en] = await run([call, { ...call, language: 'en-US' }]);
    expect(zh).toMatchObject({ code: 'UnauthorizedOperation.ChargeStatusException', message: '账户已停用。' });
    expect(en).toMatchObject({ message: 'The account is suspended.' });
    const [wrong] = await run([call], { secretKey: 'x' });
    expect(wrong).toMatchObject({ code: 'AuthFailure.SignatureFailure' });
  });
});
