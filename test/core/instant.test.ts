// Instants in sequence, since the reading of one depends on what is remembered of those before.

import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { parseInstant } from '../../src/core/instant.ts';

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:([0-5]\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function byTemporal(text: string): number | undefined {
  if (!form.test(text)) return undefined;
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return undefined;
  }
}

test('an instant is what Temporal says it is, whatever was read before', () => {
  const two = (most: number) => fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(2, '0'));
  const text = fc
    .tuple(
      fc.constantFrom('2026-01-06', '2024-02-29', '2026-02-29', '1969-12-31'),
      two(25),
      two(61),
      two(61),
      fc.constantFrom('', '', '.1', '.123', '.987', '.12x', '.1234', '.999999999', '.'),
      fc.constantFrom('+08:00', 'Z', '-03:30', '+0800', 'z', ''),
      fc.constantFrom(':', ':', ':', ':', '-'),
    )
    .map(
      ([day, hour, minute, second, rest, offset, mark]) => `${day}T${hour}:${minute}${mark}${second}${rest}${offset}`,
    );
  let read = 0;
  fc.assert(
    fc.property(text, (each) => {
      const expected = byTemporal(each);
      if (expected !== undefined) read += 1;
      expect([each, parseInstant(each)]).toEqual([each, expected]);
    }),
    { numRuns: 5000 },
  );
  expect(read).toBeGreaterThan(500);
});
