// Every sentence for people is made in this room, in both languages, from figures and codes. Deliberately absent: decisions.

import type { Words } from '../core/price-book.ts';

/** The one form in which a sentence is written: Chinese first, then English. */
export const words = (zh: string, en: string): Words => ({ zh, en });
