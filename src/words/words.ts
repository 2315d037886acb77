// Every sentence for people is made in this room, in both languages, from figures and codes. Deliberately absent: decisions.

import type { Words } from '../core/price-book.ts';

/** The one form in which a sentence is written: Chinese first, then English. */
export const words = (zh: string, en: string): Words => ({ zh, en });

/** What may stand in a sentence. */
export type Shown = string | number | bigint;

/** What is told of something that is named or quoted first. */
export const about = (what: string, { zh, en }: Words): Words => words(`${what}：${zh}`, `${what}: ${en}`);

/** For the log of a server, whose reader's language is not known. */
export const both = ({ zh, en }: Words): string => `${en} ${zh}`;
