// What is done with files of the visitor's; the code that reads them is loaded with the first one.

import type { BillCheckWish } from './bill-check.ts';
import { type BookChoice, bookOf } from './books.ts';
import { unknownBook } from './outcome.ts';
import type { ForecastWish } from './usage-forecast.ts';

export const fileTasks = {
  async profile({ file }: { readonly file: File }) {
    const { orTrouble, profileOf } = await import('./read-file.ts');
    return orTrouble(async () => ({ rows: await profileOf(file) }));
  },
  async usageForecast({ book: choice, ...wish }: ForecastWish & { readonly book: BookChoice }) {
    const book = bookOf(choice);
    if (book === undefined) return unknownBook(String(choice));
    const [{ orTrouble }, { usageForecast }] = await Promise.all([
      import('./read-file.ts'),
      import('./usage-forecast.ts'),
    ]);
    return orTrouble(() => usageForecast(book, wish));
  },
  async columnMaps(_wish: object) {
    const { shippedColumns } = await import('./column-maps.ts');
    return shippedColumns();
  },
  async billCheck({ book: choice, ...wish }: BillCheckWish & { readonly book: BookChoice }) {
    const book = bookOf(choice);
    if (book === undefined) return unknownBook(String(choice));
    const [{ orTrouble }, { billCheck }] = await Promise.all([import('./read-file.ts'), import('./bill-check.ts')]);
    return orTrouble(() => billCheck(book, wish));
  },
};
