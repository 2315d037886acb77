// The way without a framework says what Fastify says, to the byte, whatever is sent and however it is split; and it goes as it should when
// clients are slow, silent, greedy or half gone, and when the server stops. SUANPAN_SEED=n replays from conversation n;
// SUANPAN_SCENARIOS=n changes how many there are.

import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { conversationOf } from '../http/wire-conversations.ts';

const day = '2026-01-12T09:00:00+08:00';
const first = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const conversations = Number(process.env.SUANPAN_SCENARIOS ?? 1_000);

interface Door {
  readonly open: OpenApp;
  readonly port: number;
  readonly key: string;
}

async function openDoor(hotConnections: boolean): Promise<Door> {
  const open = await openApp(day, { hotConnections });
  await openAccountWith(open, 'acme', '1000000.00');
  await openAccountWith(open, 'globex', '1000000.00');
  await open.once('POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 1_000_000_000, id: 'g1' });
  await open.app.listen({ port: 0, host: '127.0.0.1' });
  const { authorization } = await open.keyOf('acme');
  const { port } = open.app.server.address() as AddressInfo;
  return { open, port, key: authorization.slice('Bearer '.length) };
}

const withKey = (bytes: Buffer, key: string): Buffer => {
  const at = bytes.indexOf('KEY');
  if (at < 0) return bytes;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(key), withKey(bytes.subarray(at + 3), key)]);
};

/** How long a server that waits for more has to say nothing until the client asks whether it is there at all. */
const quiet = 100;
let probes = 0;

/** One event, by a connection of its own: once it is answered, what was sent before it would have been. */
async function probe({ port, key }: Pick<Door, 'port' | 'key'>): Promise<void> {
  probes += 1;
  const event = { id: `probe-${probes}`, account: 'acme', meter: 'liveness.basic.authority', calls: 1, time: day };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/events`, {
    method: 'POST',
    headers,
    body: JSON.stringify(event),
  });
  await answer.text();
}

/** Sends the pieces, each by itself, and reads to the end. */
async function talk(door: Pick<Door, 'port' | 'key'>, pieces: readonly Buffer[]): Promise<string> {
  const socket = connect({ port: door.port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  const heard: Buffer[] = [];
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  let giveUp: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(giveUp);
    giveUp = setTimeout(async () => {
      const before = heard.length;
      await probe(door);
      if (heard.length === before) socket.end();
    }, quiet);
  };
  socket.on('data', (piece) => {
    heard.push(piece);
    wait();
  });
  socket.on('end', () => socket.end());
  for (const piece of pieces) {
    if (!socket.writable) break;
    await new Promise<void>((done) => socket.write(piece, () => done()));
    await turn();
    await turn();
  }
  wait();
  await closed;
  clearTimeout(giveUp);
  return Buffer.concat(heard).toString('latin1');
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The answers, each as long as it says, without what differs from server to server by its nature. */
function answersIn(heard: string): string[] {
  const answers: string[] = [];
  for (let at = 0; at < heard.length; ) {
    const end = heard.indexOf('\r\n\r\n', at) + 4;
    const [line, ...fields] = heard.slice(at, end - 4).split('\r\n');
    const named = fields.map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase())).toSorted();
    const length = named.find((field) => field.startsWith('content-length: '))?.slice(16) ?? '0';
    at = end + Number(length);
    if (end < 4 || at > heard.length) throw new Error(`an answer is cut off: ${heard}`);
    const kept = named.filter((field) => !/^(?:date|content-length): /.test(field));
    // Fastify works off together what is sent at once.
    const body = heard.slice(end, at).replace(/"seq":\d+/g, '"seq":*');
    answers.push([line, ...kept, body].join('\n').replace(uuid, 'REQUEST'));
  }
  return answers;
}

describe('hot connections and Fastify alone', () => {
  let hot: Door;
  let plain: Door;
  beforeAll(async () => {
    [hot, plain] = await Promise.all([openDoor(true), openDoor(false)]);
    console.log(`wire: SUANPAN_SEED=${first}, ${conversations} conversations`);
  });
  afterAll(() => Promise.all([hot.open.close(), plain.open.close()]));

  test('say the same to the same bytes', async () => {
    const accepted = new Set<string>();
    for (let seed = first; seed < first + conversations; seed += 1) {
      const { bytes, cuts } = conversationOf(seed);
      const pieces = [0, ...cuts].map((cut, at) => bytes.subarray(cut, cuts[at] ?? bytes.length));
      const [ours, theirs] = await Promise.all(
        [hot, plain].map((door) =>
          talk(
            door,
            pieces.map((piece) => withKey(piece, door.key)),
          ),
        ),
      );
      expect(answersIn(ours ?? ''), `SUANPAN_SEED=${seed}\n${bytes.toString('latin1')}`).toEqual(
        answersIn(theirs ?? ''),
      );
      for (const [, id = ''] of (ours ?? '').matchAll(/"id":"([^"]+)","status":"accepted"/g)) accepted.add(id);
    }
    expect(accepted.size).toBeGreaterThan(conversations / 2);
    const metrics = await hot.open.call('GET', '/metrics');
    const answered = Number(/^suanpan_hot_requests_total (\d+)$/m.exec(metrics.text)?.[1]);
    expect(answered).toBeGreaterThan(conversations / 2);
    for (const { open } of [hot, plain]) expect(await verifyLedger(open.suanpan)).toMatchObject({ clean: true });
    const { rows } = await hot.open.suanpan.pool.query<{ event_id: string }>('select event_id from events');
    const stored = new Set(rows.map((row) => row.event_id));
    expect([...accepted].filter((id) => !stored.has(id))).toEqual([]);
  }, 600_000);

  const eventOf = (id: string) =>
    JSON.stringify({ id, account: 'acme', meter: 'liveness.basic.authority', calls: 1, time: day });
  const requestOf = (id: string, more = '', text = eventOf(id)) =>
    `POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${hot.key}\r\nContent-Type: application/json\r\n${more}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  const metric = async (name: string): Promise<number> => {
    const { text } = await hot.open.call('GET', '/metrics');
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  };
  const dial = async (): Promise<Socket> => {
    const socket = connect({ port: hot.port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return socket;
  };
  /** All that comes until `enough`, or until the end. */
  async function hear(socket: Socket, enough: (heard: string) => boolean = () => false): Promise<string> {
    let heard = '';
    for await (const piece of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      heard += piece.toString();
      if (enough(heard)) break;
    }
    return heard;
  }

  test('a client that ends its side is answered first, and so are all that it sent at once, in their order', async () => {
    const socket = await dial();
    const ids = Array.from({ length: 500 }, (_, at) => `at-once-${at}`);
    socket.end(ids.map((id) => requestOf(id)).join(''));
    const heard = await hear(socket);
    expect([...heard.matchAll(/"id":"([^"]+)","status":"accepted"/g)].map(([, id]) => id)).toEqual(ids);
    socket.destroy();
  });

  test('who does not read the answers is not read either, and loses none of them', async () => {
    const socket = await dial();
    const [before, most] = [await metric('suanpan_hot_requests_total'), 400];
    const batch = JSON.stringify(Array.from({ length: 200 }, (_, at) => JSON.parse(eventOf(`greedy-${at}`))));
    const heard: Buffer[] = [];
    socket.pause();
    socket.write(requestOf('', '', batch).repeat(most));
    // Until nothing moves any more: the buffers between us are full.
    let last = -1;
    for (let now = 0; now !== last; now = await metric('suanpan_hot_requests_total')) {
      last = now;
      for (let at = 0; at < 2_000; at += 1) await turn();
    }
    expect(last - before).toBeLessThan(most);
    const all = new Promise<void>((done) => {
      let count = 0;
      socket.on('data', (piece) => {
        heard.push(piece);
        count += piece.toString('latin1').split('{"results":').length - 1;
        if (count >= most - 1) done();
      });
    });
    socket.resume();
    await all;
    await expect.poll(() => metric('suanpan_hot_requests_total')).toBe(before + most);
    const answers = answersIn(
      Buffer.concat(heard)
        .toString('latin1')
        .replace(/HTTP\/1\.1 200 OK(?![\s\S]*HTTP\/1\.1)[\s\S]*$/, ''),
    );
    expect(new Set(answers.slice(1).map((answer) => answer.replace(/"seq":\*/g, '')))).toHaveProperty('size', 1);
    socket.destroy();
  }, 60_000);

  test('the rest of a request that does not come is waited for by Node, which says so', async () => {
    const before = await metric('suanpan_handed_over_total');
    const socket = await dial();
    const whole = requestOf('slow');
    socket.write(whole.slice(0, -5));
    await expect.poll(() => metric('suanpan_handed_over_total'), { timeout: 5_000 }).toBe(before + 1);
    socket.write(whole.slice(-5));
    const heard = await hear(socket, (all) => all.includes('"slow","status":"accepted"'));
    expect(heard).toContain('200 OK');
    socket.destroy();
  });

  test('a key that is taken back is refused by the next request on its connection', async () => {
    const { json } = await hot.open.call('POST', '/v1/accounts/acme/keys', { name: 'short', scopes: ['meter'] });
    const socket = await dial();
    const text = requestOf('by-short').replace(hot.key, String(json.key));
    socket.write(text);
    await hear(socket, (all) => all.includes('accepted'));
    const { status } = await hot.open.call('DELETE', `/v1/keys/${String(json.id)}`);
    expect(status).toBeLessThan(300);
    socket.write(text.replace('by-short', 'by-shor2'));
    expect(await hear(socket, (all) => all.includes('UNAUTHENTICATED'))).toContain('401');
    socket.destroy();
  });

  test('a server that stops answers what is at work and ends the other connections', async () => {
    const [idle, busy] = [await dial(), await dial()];
    idle.write(requestOf('before-stop'));
    await hear(idle, (all) => all.includes('accepted'));
    const ids = Array.from({ length: 300 }, (_, at) => `stop-${at}`);
    busy.write(ids.map((id) => requestOf(id)).join(''));
    let answers = '';
    const begun = new Promise<void>((done) => {
      busy.on('data', (piece) => {
        answers += piece.toString();
        done();
      });
    });
    const ended = Promise.all([once(idle, 'close'), once(busy, 'close')]);
    idle.on('end', () => idle.end());
    busy.on('end', () => busy.end());
    for (const socket of [idle, busy]) socket.on('error', () => undefined).resume();
    await begun;
    await hot.open.app.close();
    await ended;
    const acknowledged = [...answers.matchAll(/"id":"(stop-\d+)","status":"accepted"/g)].map(([, id]) => id);
    const { rows } = await hot.open.suanpan.pool.query<{ event_id: string }>(
      "select event_id from events where event_id like 'stop-%'",
    );
    const stored = rows.map((row) => row.event_id);
    expect(acknowledged.filter((id) => !stored.includes(id ?? ''))).toEqual([]);
  });
});
