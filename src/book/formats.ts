// The texts a price book may hold, with what to tell a person who wrote another. The patterns stand in the JSON Schema too.

import type { Words } from '../core/price-book.ts';
import { bookWords } from '../words/book.ts';

interface Format extends Words {
  readonly pattern: RegExp;
}

export const formats = {
  id: { pattern: /^[a-z][a-z0-9_.-]{0,63}$/, ...bookWords.idStartsWithASmallLetter },
  title: { pattern: /^[^\p{Cc}\p{Cs}]{1,200}$/u, ...bookWords.mustBe1To200Characters },
  note: { pattern: /^[^\p{Cc}\p{Cs}]{1,2000}$/u, ...bookWords.mustBe1To2000Characters },
  currency: { pattern: /^[A-Z]{3}$/, ...bookWords.mustBeThreeCapitals },
  zone: { pattern: /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/, ...bookWords.mustBeAnIanaZoneName },
  day: { pattern: /^\d{4}-\d\d-\d\d$/, ...bookWords.mustBeADay },
  published: { pattern: /^\d{4}(?:-\d\d(?:-\d\d)?)?$/, ...bookWords.mustBeAYear },
  name: { pattern: /^[A-Za-z0-9_.:-]{1,100}$/, ...bookWords.mustBe1To100Letters },
  code: { pattern: /^[A-Za-z0-9_.:-]{1,100}$/, ...bookWords.resultCodeHas1To100 },
  price: { pattern: /^(?:0|[1-9]\d{0,11})(?:\.\d{1,8})?$/, ...bookWords.unitPriceIsAStringWith },
  // Beside the word "paid".
  refundPart: { pattern: /^(?:0|[1-9]\d{0,11})(?:\.\d{1,8})?$/, ...bookWords.refundPartIs },
  money: { pattern: /^(?:0|[1-9]\d{0,14})(?:\.\d{1,3})?$/, ...bookWords.amountIsAStringWithUp },
  validity: {
    pattern: /^P(?=\d)(?:[1-9]\d?Y)?(?:[1-9]\d{0,2}M)?(?:[1-9]\d{0,3}D)?$/,
    ...bookWords.mustBeWholeYearsAndMonths,
  },
  days: { pattern: /^P(?:0|[1-9]\d{0,2})D$/, ...bookWords.mustBeWholeDays },
  hours: { pattern: /^PT(?:0|[1-9]\d{0,3})H$/, ...bookWords.mustBeWholeHours },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export const isFormatName = (name: string): name is FormatName => Object.hasOwn(formats, name);
