// Conversations of raw bytes with POST /v1/events: right ones, nearly right ones, broken ones, one behind another, split anywhere. The
// same seed makes the same bytes. KEY stands for a key of 60 characters, which differs from server to server.

export interface Random {
  whole(below: number): number;
  of<T>(choices: readonly T[]): T;
  chance(share: number): boolean;
}

/** A small generator of its own, so that a seed means the same for ever (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (below: number): number => Math.floor(next() * below);
  return {
    whole,
    of: (choices) => choices[whole(choices.length)] as (typeof choices)[number],
    chance: (share) => next() < share,
  };
}

export interface Conversation {
  readonly bytes: Buffer;
  /** Where the bytes are split. */
  readonly cuts: readonly number[];
}

const meter = 'liveness.basic.authority';
const time = '2026-01-12T09:00:00+08:00';
const facts = { action: 'GetDetectInfo', channel: 'wechat_h5', library: 'authority' };

function body(random: Random, serial: string): string {
  const event = (id: string, more: object = {}) => ({
    id,
    account: 'acme',
    meter,
    calls: 1 + random.whole(3),
    time,
    ...more,
  });
  switch (random.whole(14)) {
    case 0:
      return JSON.stringify(Array.from({ length: 1 + random.whole(5) }, (_, at) => event(`${serial}-${at}`)));
    case 1:
      // Requests behind one another may be worked off together: which of two equal ones is first is not said.
      return JSON.stringify(event(serial.endsWith('-0') ? `again-${random.whole(20)}` : serial, { calls: 2 }));
    case 2:
      return JSON.stringify(event(serial, { department: '风控-北京' }));
    case 3:
      return JSON.stringify({
        id: serial,
        account: 'acme',
        ...facts,
        resultCode: random.of(['0', '99', '1001']),
        time,
      });
    case 4:
      return JSON.stringify(event(serial, { calls: random.of([0, -1, 1.5, '1', 1e13]) }));
    case 5:
      return JSON.stringify(event(serial, { account: random.of(['nobody', 'globex', '../x']) }));
    case 6:
      return JSON.stringify(event(serial, { time: random.of(['2026-01-12', 'soon', '2024-01-01T00:00:00Z']) }));
    case 7:
      return random.of([
        '{',
        '[]',
        'null',
        '"x"',
        '{"id":"a","id":"b"}',
        '[1,{}]',
        '',
        '\ufeff{}',
        '{"calls":1.00000000000000001}',
      ]);
    case 8:
      return JSON.stringify(event(serial, { more: 'x'.repeat(random.whole(3_000)) }));
    case 9:
      return JSON.stringify({
        specversion: '1.0',
        id: serial,
        source: '/s',
        type: 't',
        time,
        subject: 'acme',
        data: { meter },
      });
    default:
      return JSON.stringify(event(serial));
  }
}

function head(random: Random, length: number): string[] {
  const lines = [
    random.of(['Host: 127.0.0.1', 'host: a.example', 'HOST:b']),
    random.chance(0.93)
      ? 'Authorization: Bearer KEY'
      : random.of(['Authorization: Bearer sk_wrong', 'authorization: Basic x', 'X-A: b']),
    random.chance(0.9)
      ? random.of(['Content-Type: application/json', 'content-type: application/json; charset=utf-8'])
      : random.of(['Content-Type: text/plain', 'Content-Type: application/x-ndjson', 'X-Y: z']),
    `Content-Length: ${random.chance(0.96) ? length : random.of([length + 3, Math.max(0, length - 3), `0${length}`, `+${length}`, ` ${length} `])}`,
  ];
  const others = [
    'Accept: */*',
    'Accept-Language: zh-CN,zh;q=0.9',
    'User-Agent: some client/1.0',
    'X-Request-Id: request-1',
    'X-Request-Id: not safe',
    'Connection: keep-alive',
    'X-Forwarded-For: 203.0.113.9',
    'Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ];
  const odd = [
    'Expect: 100-continue',
    'Transfer-Encoding: chunked',
    'Content-Encoding: gzip',
    'Idempotency-Key: k1',
    'Cookie: a=b',
    'Content-Length: 5',
    'X Odd: 1',
    ' folded: 1',
    'X-Byte: \u00ff',
    'Upgrade: h2c',
    'Host: twice',
    `X-Long: ${'y'.repeat(random.whole(6_000))}`,
  ];
  while (random.chance(0.5)) lines.push(random.of(others));
  if (random.chance(0.12)) lines.push(random.of(odd));
  for (let at = lines.length - 1; at > 0; at -= 1) {
    const other = random.whole(at + 1);
    [lines[at], lines[other]] = [lines[other] as string, lines[at] as string];
  }
  return lines;
}

function request(random: Random, serial: string): Buffer {
  const text = Buffer.from(body(random, serial));
  const start = random.chance(0.94)
    ? 'POST /v1/events HTTP/1.1'
    : random.of([
        'POST /v1/events?x=1 HTTP/1.1',
        'GET /livez HTTP/1.1',
        'post /v1/events HTTP/1.1',
        'POST /v1/events HTTP/1.0',
        'PUT /v1/events HTTP/1.1',
      ]);
  const end = random.chance(0.98) ? '\r\n' : random.of(['\n', '\r']);
  return Buffer.concat([Buffer.from([start, ...head(random, text.length), '', ''].join(end), 'latin1'), text]);
}

const last = Buffer.from('GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');

export function conversationOf(seed: number): Conversation {
  const random = randomOf(seed);
  const requests = Array.from({ length: 1 + random.whole(4) }, (_, at) => request(random, `e-${seed}-${at}`));
  const bytes = Buffer.concat([...requests, last]);
  for (let flips = random.chance(0.2) ? 1 + random.whole(2) : 0; flips > 0; flips -= 1) {
    bytes[random.whole(bytes.length - last.length)] = random.of([
      0,
      10,
      13,
      32,
      58,
      123,
      127,
      200,
      255,
      random.whole(256),
    ]);
  }
  const length = random.chance(0.05) ? 1 + random.whole(bytes.length) : bytes.length;
  const cuts = Array.from({ length: random.whole(4) }, () => 1 + random.whole(length)).filter((cut) => cut < length);
  return { bytes: bytes.subarray(0, length), cuts: [...new Set(cuts)].toSorted((a, b) => a - b) };
}
