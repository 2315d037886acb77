// A client in a thread of its own: an event now and then, and how long each took, whatever the rest of the test is doing.

import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const { url, key, account, meter } = workerData as Readonly<Record<'url' | 'key' | 'account' | 'meter', string>>;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
const pauseMilliseconds = 5;

let serial = 0;
let taken: number[] = [];
let refused: string[] = [];

function send(): void {
  serial += 1;
  const body = JSON.stringify({ account, id: `other-${serial}`, meter, time: new Date().toISOString() });
  const began = performance.now();
  const sent = request(`${url}/v1/events`, { method: 'POST', agent, headers }, (response) => {
    let text = '';
    response.on('data', (piece) => {
      text += piece;
    });
    response.on('end', () => {
      taken.push(performance.now() - began);
      if (response.statusCode !== 200) refused.push(`${response.statusCode} ${text.slice(0, 200)}`);
      setTimeout(send, pauseMilliseconds);
    });
  });
  sent.on('error', (error) => {
    refused.push(error.message);
    setTimeout(send, pauseMilliseconds);
  });
  sent.end(body);
}

parentPort?.on('message', () => {
  parentPort?.postMessage({ taken, refused });
  taken = [];
  refused = [];
});
send();
