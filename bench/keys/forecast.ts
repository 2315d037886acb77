// forecast: month ends forecast from day 10, 15 and 20 of made-up months, against "the same as last month". No database.

import { backTest, type Score } from '../back-test.ts';
import type { Bench } from '../bench.ts';
import { type Measured, part } from '../measure.ts';
import { patterns } from '../usage-patterns.ts';

export async function forecast({ options, log }: Bench): Promise<Measured> {
  const trials = options.quick ? 50 : 200;
  const scores = patterns.map((pattern) => backTest(pattern, trials));
  for (const score of scores.flat()) log(`  ${lineOf(score)}`);
  return {
    // A rhythm of the month is not known to the forecast: there it loses, and is shown to.
    parts: scores.map((ofPattern) =>
      part(
        `error over naive, ${ofPattern[0]?.pattern}`,
        'most',
        1,
        ofPattern.map((score) => score.forecast / score.naive),
        'every',
      ),
    ),
    spent: {},
    figures: Object.fromEntries(
      scores.flat().map(({ pattern, origin, ...score }) => [`${pattern}, day ${origin}`, score]),
    ),
  };
}

const lineOf = ({ pattern, origin, forecast: error, naive, covered, width }: Score): string =>
  `${pattern}, day ${origin}: ${error} % off, last month ${naive} %; range held ${covered} %, ${width} % wide`;
