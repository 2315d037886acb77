// A ledger, a provider that checks the operator's signature, and a gateway between, each on a port of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { authorizationOf, isSignedBy, readClaim, sha256, signatureOf, signingKey } from '../../src/tc3.ts';
import { type Json, type OpenApp, openApp } from '../http/open-app.ts';

export const operator = { secretId: 'AKIDoperator', secretKey: 'secret of the operator' };

/** How the provider is to act: its answer's text, or to hang up, or to say nothing. */
export type Act = string | { readonly status: number; readonly text: string } | 'hang up' | 'silent';

export interface Provider {
  readonly url: string;
  readonly seen: { readonly action: string; readonly body: string }[];
  answer: (action: string, body: string) => Act | Promise<Act>;
  close(): Promise<void>;
}

export const result = (fields: object): string => JSON.stringify({ Response: { ...fields, RequestId: 'r-1' } });
export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

export async function openProvider(): Promise<Provider> {
  const seen: { action: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const headers = request.headers as Record<string, string>;
    const claim = readClaim(headers.authorization);
    const timestamp = headers['x-tc-timestamp'] ?? '';
    const query = new URL(request.url ?? '/', 'http://x').search.slice(1);
    const sent = { method: request.method ?? '', query, headers, payloadHash: sha256(body), timestamp };
    const key = claim && signingKey(operator.secretKey, claim.date, claim.service);
    if (claim?.secretId !== operator.secretId || key === undefined || !isSignedBy([key], sent, claim)) {
      return void response.end(result({ Error: { Code: 'AuthFailure.SignatureFailure', Message: 'the provider’s' } }));
    }
    const action = headers['x-tc-action'] ?? '';
    seen.push({ action, body: body.toString() });
    const act = await provider.answer(action, body.toString());
    if (act === 'silent') return;
    if (act === 'hang up') return void request.socket.destroy();
    const { status, text } = typeof act === 'string' ? { status: 200, text: act } : act;
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: Provider = {
    url: `http://127.0.0.1:${portOf(server)}`,
    seen,
    answer: () => result({ Result: '0' }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return provider;
}

/** A ledger on a port, its clock that of the machine. */
export async function openLedger(): Promise<{ readonly open: OpenApp; readonly url: string }> {
  const open = await openApp(new Date().toISOString());
  const url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  return { open, url };
}

/** Time goes on until a gateway's holds of an account have run out, and is then as before. */
export async function endHolds(open: OpenApp, account: string): Promise<void> {
  open.setClock(new Date(Date.now() + 100_000).toISOString());
  await open.call('PATCH', `/v1/accounts/${account}`, { suspended: false });
  open.setClock(new Date().toISOString());
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `suanpan gateway` as a process of its own. */
export async function startGatewayProcess(
  key: string,
  ledger: string,
  upstream: string,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ['src/cli/main.ts', 'gateway', '--port', '0', '--upstream', upstream], {
    cwd: root,
    env: {
      ...{ PATH: process.env.PATH, LANG: 'en_US.UTF-8', SUANPAN_URL: ledger, SUANPAN_API_KEY: key },
      ...{ TENCENTCLOUD_SECRET_ID: operator.secretId, TENCENTCLOUD_SECRET_KEY: operator.secretKey },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => child.stdout?.once('data', (text) => resolve(String(text))));
  return { child, url: /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '' };
}

/** A call as an SDK signs it. */
export function signedCall(
  gateway: string,
  signer: Json,
  body: string | Uint8Array = '{"IdCard":"1","Name":"王"}',
  action = 'IdCardVerification',
): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const date = new Date(Number(timestamp) * 1_000).toISOString().slice(0, 10);
  const headers = { 'content-type': 'application/json', host: new URL(gateway).host };
  const scope = { secretId: String(signer.secretId), date, service: 'faceid' };
  const signed = ['content-type', 'host'];
  const request = { method: 'POST', query: '', headers, payloadHash: sha256(body), timestamp };
  const signature = signatureOf(signingKey(String(signer.secretKey), date, 'faceid'), request, scope, signed);
  return fetch(gateway, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', authorization: authorizationOf(scope, signed, signature) },
      ...{ 'x-tc-action': action, 'x-tc-version': '2018-03-01', 'x-tc-timestamp': timestamp },
    },
    body: Buffer.from(body),
  });
}
