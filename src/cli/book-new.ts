// suanpan book new: a few questions, and a price book that the linter accepts. Answers come from a terminal or line by line from a file.

import { existsSync, writeFileSync } from 'node:fs';
import { formats } from '../book/formats.ts';
import { lintBook } from '../book/lint.ts';
import type { BookDocument, TierDocument } from '../book/schema.ts';
import { type TariffMode, tariffModes } from '../core/price-book.ts';
import { blockParts } from '../core/units.ts';
import { cliBookWords } from '../words/cli/book.ts';
import { cliOutputWords } from '../words/cli/output.ts';
import { exitCodes, type Output } from './output.ts';
import { askAll, type Question } from './questions.ts';
import { cell } from './show.ts';

type Name = keyof typeof cliBookWords.questions;

/** In the order in which they are asked. */
const questions: Readonly<Record<Name, Omit<Question, 'words'>>> = {
  id: { usual: null, fits: (text) => formats.id.pattern.test(text) },
  title: { usual: null, fits: (text) => formats.title.pattern.test(text) },
  currency: { usual: 'CNY', fits: (text) => formats.currency.pattern.test(text) },
  timeZone: { usual: 'Asia/Shanghai', fits: (text) => formats.zone.pattern.test(text) },
  meter: { usual: 'calls', fits: (text) => formats.id.pattern.test(text) },
  mode: { usual: 'volume', fits: (text) => tariffModes.some((mode) => mode === text) },
  tiers: {
    usual: '0:1.00',
    fits: (text) =>
      isPairs(text, /^(ask|\d[\d.]*)(\/[1-9]\d{0,12}(up|down|exact))?(\+\d[\d.]*)?$/) && text.startsWith('0:'),
  },
  packs: { usual: '', fits: (text) => text === '' || isPairs(text, /^\d[\d.]*$/) },
  packValidity: { usual: 'P1Y', fits: (text) => formats.validity.pattern.test(text) },
  refundDays: { usual: '7', fits: (text) => /^\d{1,3}$/.test(text) },
};

const pairsOf = (text: string): (readonly [calls: number, price: string])[] =>
  text
    .split(/[\s,\uFF0C]+/)
    .filter((part) => part !== '')
    .map((part) => {
      const [calls = '', price = ''] = part.split(/[:\uFF1A]/);
      return [/^\d{1,12}$/.test(calls) ? Number(calls) : Number.NaN, price];
    });

const isPairs = (text: string, price: RegExp): boolean => {
  const pairs = pairsOf(text);
  return pairs.length > 0 && pairs.every(([calls, each]) => !Number.isNaN(calls) && price.test(each));
};

type Answers = Readonly<Record<Name, string>>;

/** Asks, checks and writes. */
export async function writeNewBook(file: string, output: Output): Promise<void> {
  if (existsSync(file)) return output.misused(cliOutputWords.fileIsThere(cell(file)));
  const asked = Object.entries(questions).map(([name, question]) => {
    const words = cliBookWords.questions[name as Name];
    return [name as Name, { ...question, words }] as const;
  });
  const answers = await askAll(asked, output);
  if (answers === undefined) return;
  const document = documentOf(answers);
  const error = lintBook(document).find(({ severity }) => severity === 'error');
  if (error !== undefined) return output.misused(cliBookWords.notTheBook(`${error.pointer} ${output.say(error)}`));
  try {
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`, { flag: 'wx' });
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    return output.fail(exitCodes.failure, { zh: reason, en: reason });
  }
  if (output.json) output.printJson(document);
  else output.print(output.say(cliBookWords.wroteBook(cell(file))));
}

/** "1.25/1000up+10" is for each 1,000 calls, what is less counts as a whole, and 10 is due once in a month that reaches the tier. */
function priceOf(text: string): Pick<TierDocument, 'price' | 'per' | 'part' | 'fee'> {
  const [, price = '', per, part, fee] = /^([^/+]+)(?:\/(\d+)([a-z]+))?(?:\+(.+))?$/.exec(text) ?? [];
  const block = blockParts.find((each) => each === part);
  return {
    price: price === 'ask' ? null : price,
    ...(block === undefined ? {} : { per: Number(per), part: block }),
    ...(fee === undefined ? {} : { fee }),
  };
}

function documentOf(answers: Answers): BookDocument {
  const title = { zh: answers.title, en: answers.title };
  const tiers = pairsOf(answers.tiers);
  const sizes = pairsOf(answers.packs).map(([calls, price]) => ({ calls, price }));
  return {
    id: answers.id,
    title,
    currency: answers.currency,
    timeZone: answers.timeZone,
    source: { title, published: String(new Date().getFullYear()) },
    effective: { from: null, until: null },
    accounts: null,
    meters: [{ id: answers.meter, title, tariff: answers.meter }],
    tariffs: [
      {
        id: answers.meter,
        title,
        mode: answers.mode as TariffMode,
        bound: 'lower-inclusive',
        basis: 'after-packs',
        tiers: tiers.map(([from, price], index) => ({
          from,
          to: tiers[index + 1]?.[0] ?? null,
          ...priceOf(price),
        })),
      },
    ],
    packProducts:
      sizes.length === 0 ? [] : [{ id: `${answers.meter}_pack`, title, covers: [{ meter: answers.meter }], sizes }],
    // As the shipped books have them.
    policies: {
      packValidity: answers.packValidity,
      packStart: 'instant',
      packExpiry: 'end-of-day',
      refundDays: Number(answers.refundDays),
      drawOrder: ['gift-first', 'fewest-meters-first', 'earliest-expiry', 'earliest-effective', 'earliest-bought'],
      lateWindow: 'P34D',
      finalAfter: 'P2D',
      packsUsableInArrears: false,
      arrearsGrace: 'PT24H',
    },
  };
}
