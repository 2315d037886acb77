// Months of an account's calendar.

import { Input } from 'antd';

/** "2026-01": the month that a moment is in, in a time zone. */
export function monthOf(moment: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit' }).formatToParts(
    new Date(moment),
  );
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}`;
}

/** "2026-01-31": the day that a moment is in, in a time zone. */
export const dayOf = (moment: string, zone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(moment));

/** Whole days from one moment to another, by the calendar of a zone. */
export const daysUntil = (from: string, to: string, zone: string): number =>
  Math.round((Date.parse(dayOf(to, zone)) - Date.parse(dayOf(from, zone))) / 86_400_000);

interface Props {
  readonly label: string;
  readonly month: string;
  readonly onChange: (month: string) => void;
}

export const MonthInput = ({ label, month, onChange }: Props) => (
  <Input
    type="month"
    aria-label={label}
    style={{ width: 170 }}
    value={month}
    onChange={({ target }) => {
      if (/^\d{4}-\d{2}$/.test(target.value)) onChange(target.value);
    }}
  />
);

/** RFC 3339 of a day's first moment in a zone: that midnight, or what stands in its place where clocks jump over it. */
export function startOfDay(day: string, zone: string): string {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  let moment = wanted;
  // Twice: the offset may be another one at the moment that the first guess leads to.
  for (let tries = 0; tries < 2; tries += 1) moment = wanted - offsetAt(moment, zone);
  return new Date(moment).toISOString();
}

/** How far the clocks of a zone are ahead of UTC at a moment, milliseconds. */
function offsetAt(moment: number, zone: string): number {
  const shown = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(moment));
  const part = (type: string) => Number(shown.find((each) => each.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.trunc(moment / 1000) * 1000;
}
