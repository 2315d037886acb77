// Bodies of calls that are here at a time: what is not taken is read to its end and dropped, and makes room.

import { expect, test } from 'vitest';
import { Bodies } from '../../src/gateway/bodies.ts';

const mebi = 1024 * 1024;

async function* sent(...sizes: number[]): AsyncGenerator<Buffer> {
  for (const size of sizes) yield Buffer.alloc(size, 1);
}
const sizeOf = async (body: Buffer) => body.length;

test('up to its size, whole; beyond it, and of whom nobody knows, none', async () => {
  const bodies = new Bodies(100 * mebi);
  expect(await bodies.hold(sent(), undefined, sizeOf)).toBe(0);
  expect(await bodies.hold(sent(6 * mebi, 6 * mebi), undefined, sizeOf)).toBe(12 * mebi);
  expect(await bodies.hold(sent(6 * mebi, 6 * mebi, 1), undefined, sizeOf)).toBe('RequestSizeLimitExceeded');
  expect(await bodies.hold(sent(mebi), 'AuthFailure.SecretIdNotFound', sizeOf)).toBe('AuthFailure.SecretIdNotFound');
});

test('all together: here while their calls are under way, and gone however these end', async () => {
  const bodies = new Bodies(20 * mebi);
  let finish = (): void => undefined;
  const first = bodies.hold(sent(11 * mebi), undefined, async (body) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return body.length;
  });
  await new Promise((resolve) => setImmediate(resolve));
  for (const _ of [1, 2])
    expect(await bodies.hold(sent(5 * mebi, 5 * mebi), undefined, sizeOf)).toBe('RequestLimitExceeded');
  // Dropped bodies, of whatever size, take no room.
  const dropped = Array(8).fill(12 * mebi) as number[];
  expect(await bodies.hold(sent(...dropped), 'AuthFailure.SecretIdNotFound', sizeOf)).toBe(
    'AuthFailure.SecretIdNotFound',
  );
  expect(await bodies.hold(sent(9 * mebi), undefined, sizeOf)).toBe(9 * mebi);
  finish();
  expect(await first).toBe(11 * mebi);
  const broken = async function* () {
    yield Buffer.alloc(10 * mebi);
    throw new Error('the client went');
  };
  await expect(bodies.hold(broken(), undefined, sizeOf)).rejects.toThrow('went');
  const fails = () => Promise.reject(new Error('no work'));
  await expect(bodies.hold(sent(10 * mebi), undefined, fails)).rejects.toThrow('no work');
  expect(await bodies.hold(sent(6 * mebi, 6 * mebi), undefined, sizeOf)).toBe(12 * mebi);
});
