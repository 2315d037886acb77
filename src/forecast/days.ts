// Days of the calendar as a forecast counts them. Which instant a day starts at is the calendar's business (core/calendar.ts).

import type { Day, Period } from '../core/calendar.ts';

const dayLength = 86_400_000;

const startOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

export const dayAfter = (day: Day, days: number): Day =>
  new Date(startOf(day) + days * dayLength).toISOString().slice(0, 10) as Day;

/** Days from one to another: 1 for tomorrow. */
export const daysBetween = (from: Day, to: Day): number => Math.round((startOf(to) - startOf(from)) / dayLength);

/** 0 is Sunday. */
export const weekdayOf = (day: Day): number => new Date(startOf(day)).getUTCDay();

export const firstDayOf = (period: Period): Day => `${period}-01` as Day;

/** All days from one to another, both included. */
export const daysThrough = (from: Day, to: Day): Day[] =>
  Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => dayAfter(from, index));
