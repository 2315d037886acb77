// Callers of a gateway, of the proxy beside it, or of the provider itself: signed as the SDKs sign, each one call at a time.

import { Agent, request as ask } from 'node:http';
import { authorizationOf, dateOfTimestamp, sha256, signatureOf, signingKey } from '../../src/tc3.ts';
import { answerQuestions } from '../child.ts';
import { percentile } from '../measure.ts';

export interface Calling {
  readonly url: string;
  readonly callers: number;
  readonly seconds: number;
  readonly credentials: readonly { readonly secretId: string; readonly secretKey: string }[];
}

export interface Called {
  readonly calls: number;
  readonly seconds: number;
  /** Milliseconds from the first byte sent to the last one read. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

const action = 'LivenessRecognition';
/** A small picture of a face. */
const body = JSON.stringify({ IdCard: '11204416541220243X', Name: '韦小宝', VideoBase64: 'A'.repeat(20_000) });
const signed = ['content-type', 'host'];
const agent = new Agent({ keepAlive: true });

function headersFor({ host }: URL, { secretId, secretKey }: Calling['credentials'][number]): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const date = dateOfTimestamp(timestamp) ?? '';
  const scope = { secretId, date, service: 'faceid' };
  const headers = { 'content-type': 'application/json', host };
  const request = { method: 'POST', query: '', headers, payloadHash: sha256(body), timestamp };
  const signature = signatureOf(signingKey(secretKey, date, 'faceid'), request, scope, signed);
  return {
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    'x-tc-action': action,
    'x-tc-version': '2018-03-01',
    'x-tc-timestamp': timestamp,
    authorization: authorizationOf(scope, signed, signature),
  };
}

/** Milliseconds. Rejects where it did not go well. */
function call(url: URL, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const asked = ask(url, { method: 'POST', headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => {
        if (text.includes('"Result":"Success"')) resolve(performance.now() - began);
        else reject(new Error(text.slice(0, 300)));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

answerQuestions<Calling>(async ({ url: address, callers, seconds, credentials }): Promise<Called> => {
  const url = new URL(address);
  const began = performance.now();
  const end = began + seconds * 1_000;
  const times: number[] = [];
  const one = async (_: unknown, caller: number): Promise<void> => {
    for (let at = caller; performance.now() < end; at += callers) {
      const credential = credentials[at % credentials.length];
      if (credential === undefined) throw new Error('no credentials');
      times.push(await call(url, headersFor(url, credential)));
    }
  };
  await Promise.all(Array.from({ length: callers }, one));
  const sorted = times.toSorted((a, b) => a - b);
  return {
    calls: times.length,
    seconds: (performance.now() - began) / 1_000,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    most: sorted.at(-1) ?? Number.NaN,
  };
});
