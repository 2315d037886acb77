// A file to try: ten weeks of calls with a week's rhythm and some growth, up to the middle of a month. No chance in it.

import type { ShownBook } from '../worker/quote-tasks.ts';

const firstDay = Date.UTC(2026, 0, 5);
const days = 70;

export function exampleFile({ meters }: ShownBook): File {
  const meter = meters.find(({ tariff }) => tariff !== null)?.id ?? meters[0]?.id ?? '';
  const rows = Array.from({ length: days }, (_, index) => {
    const date = new Date(firstDay + index * 86_400_000);
    const isWeekend = date.getUTCDay() % 6 === 0;
    const calls = Math.round((isWeekend ? 180 : 420) * (1 + index / 200)) + ((index * 37) % 29);
    return `example-${index},${date.toISOString().slice(0, 10)}T18:00:00+08:00,${meter},${calls}`;
  });
  return new File([['id,time,meter,calls', ...rows, ''].join('\n')], 'example.csv', { type: 'text/csv' });
}
