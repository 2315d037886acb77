// Plain events go through the ledger as columns. What is answered and what is stored are the same as when each is looked at by itself:
// a body that begins with white space is read that way. SUANPAN_SEED=n replays the bodies.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { type Random, randomOf } from '../http/wire-conversations.ts';

const day = '2026-01-12T09:00:00+08:00';
const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const count = Number(process.env.SUANPAN_SCENARIOS ?? 50);

interface Side {
  readonly open: OpenApp;
  readonly keys: Readonly<Record<string, Record<string, string>>>;
}

async function openSide(): Promise<Side> {
  const open = await openApp(day);
  for (const account of ['acme', 'globex']) await openAccountWith(open, account, '1000000.00');
  for (const [at, calls] of [3, 7, 13, 29, 500].entries()) {
    await open.once('POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls, id: `g${at}` });
  }
  return { open, keys: { operator: {}, acme: await open.keyOf('acme') } };
}

let sides: readonly [Side, Side];
beforeAll(async () => {
  sides = [await openSide(), await openSide()];
  console.log(`plain: SUANPAN_SEED=${seed}, ${count} bodies`);
});
afterAll(() => Promise.all(sides.map(({ open }) => open.close())));

interface Sent {
  readonly key: string;
  readonly isLines: boolean;
  readonly items: readonly object[];
}

/** Mostly new ones; repeats of this body and of earlier ones, other content, refused ones, two accounts. */
function sentOf(random: Random, serial: number): Sent {
  const item = (at: number): object => {
    const event = {
      id: `e-${serial}-${at}`,
      account: random.chance(0.9) ? 'acme' : 'globex',
      meter: 'liveness.basic.authority',
      calls: 1 + random.whole(3),
      time: random.of([day, '2026-01-12T08:59:59.120+08:00', '2026-01-12T01:00:00Z']),
    };
    if (random.chance(0.97) || serial < 3) return event;
    return random.of<object>([
      { ...event, id: `e-${random.whole(serial)}-${random.whole(5)}` },
      { ...event, id: `e-${serial}-0` },
      { ...event, meter: 'unknown' },
      { ...event, time: '2024-01-01T00:00:00Z' },
      { ...event, department: '风控' },
      { ...event, account: 'nobody' },
      { ...event, calls: 0 },
    ]);
  };
  const items = Array.from({ length: 1 + random.whole(random.chance(0.05) ? 600 : 30) }, (_, at) => item(at));
  return { key: random.of(['operator', 'operator', 'acme']), isLines: random.chance(0.3), items };
}

async function send({ open, keys }: Side, { key, isLines, items }: Sent, isCareful: boolean) {
  const text = isLines ? items.map((each) => `${JSON.stringify(each)}\n`).join('') : JSON.stringify(items);
  const headers = { ...keys[key], 'content-type': isLines ? 'application/x-ndjson' : 'application/json' };
  const { status, text: answer } = await open.call('POST', '/v1/events', `${isCareful ? '\n' : ''}${text}`, headers);
  return { status, answer };
}

describe('as columns and one by one', () => {
  test('the same is answered, to the byte, and the same is stored', async () => {
    const random = randomOf(seed);
    const bodies = Array.from({ length: count }, (_, serial) => sentOf(random, serial));
    for (const [serial, sent] of bodies.entries()) {
      const again = random.chance(0.1) ? (bodies[random.whole(serial + 1)] ?? sent) : sent;
      for (const each of again === sent ? [sent] : [sent, again]) {
        const [columns, careful] = [await send(sides[0], each, false), await send(sides[1], each, true)];
        expect(columns, `body ${serial}`).toEqual(careful);
      }
    }
    const stored = sides.map(async ({ open }) => {
      expect(await verifyLedger(open.suanpan)).toMatchObject({ clean: true });
      const { rows } = await open.suanpan.pool.query(
        'select e.*, d.place, d.pack_no as drawn, d.calls as of_pack from events e left join event_draws d using (account_id, seq) order by account_id, seq, place',
      );
      return rows;
    });
    const [ours, theirs] = await Promise.all(stored);
    expect(ours?.length).toBeGreaterThan(count);
    expect(ours).toEqual(theirs);
  }, 120_000);
});
