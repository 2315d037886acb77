// How a refusal's words are written: in both languages, with the facts of the case filled in.

import type { Words } from './price-book.ts';
import type { Refusal } from './refusal.ts';

export interface RefusalText {
  readonly status: number;
  readonly title: Words;
  readonly detail: (facts: Refusal['facts']) => Words;
}

type Texts = readonly [zh: string, en: string];

/**
 * `{name}` stands for a fact; a part in brackets is left out when one of its facts is not known.
 * A fact that differs by language comes twice, `problem` and `problemZh`.
 */
export function text(status: number, [titleZh, titleEn]: Texts, [zh, en]: Texts): RefusalText {
  return {
    status,
    title: { zh: titleZh, en: titleEn },
    detail: (facts) => ({
      zh: fill(zh, (name) => facts[`${name}Zh`] ?? facts[name]),
      en: fill(en, (name) => facts[name]),
    }),
  };
}

function fill(template: string, factOf: (name: string) => string | undefined): string {
  const isKnown = (part: string) =>
    [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => factOf(name ?? '') !== undefined);
  return template
    .replace(/\[([^\]]*)\]/g, (_, part: string) => (isKnown(part) ? part : ''))
    .replace(/\{(\w+)\}/g, (_, name: string) => factOf(name) ?? '–');
}
