// Facts and result codes must mean one thing: a call never feeds two meters, a code is never both charged and not.

import { bookWords } from '../words/book.ts';
import { type Problem, problem } from './book-problem.ts';
import { isRange, overlap, rangeOf } from './code-range.ts';
import type { CodeRuleDocument, MeterDocument } from './schema.ts';

type Path = readonly (string | number)[];
type FactsDocument = NonNullable<MeterDocument['facts']>[number];

/** Two matches of different meters that are equally specific and meet in some call. */
export function factProblems(meters: readonly MeterDocument[]): Problem[] {
  const byAction = new Map<string, { meter: string; facts: FactsDocument }[]>();
  const problems: Problem[] = [];
  meters.forEach((meter, meterIndex) => {
    meter.facts?.forEach((facts, factIndex) => {
      for (const action of facts.actions) {
        const others = byAction.get(action) ?? [];
        byAction.set(action, others);
        const rival = others.find((other) => other.meter !== meter.id && rivals(other.facts, facts));
        others.push({ meter: meter.id, facts });
        if (rival === undefined) continue;
        const path = ['meters', meterIndex, 'facts', factIndex];
        problems.push(problem('AMBIGUOUS_FACTS', path, bookWords.mayMeanTheMeterAsWell(action, rival.meter)));
      }
    });
  });
  return problems;
}

const rivals = (a: FactsDocument, b: FactsDocument): boolean =>
  specificity(a) === specificity(b) && meet(a.channels, b.channels) && meet(a.libraries, b.libraries);

const specificity = (facts: FactsDocument): number =>
  Number(facts.channels !== undefined) + Number(facts.libraries !== undefined);

/** A list left out matches any. */
const meet = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a === undefined || b === undefined || a.some((name) => b.includes(name));

export function codeProblems(rules: readonly CodeRuleDocument[]): Problem[] {
  /** Rules above by action: only those can clash, and a table may have thousands. */
  const byAction = new Map<string, Set<CodeRuleDocument>>();
  return rules.flatMap((rule, index) => {
    const path = ['codeTable', index];
    const clash = rule.actions.find((action) =>
      [...(byAction.get(action) ?? [])].some((other) => clashes(other, rule)),
    );
    for (const action of rule.actions) byAction.set(action, (byAction.get(action) ?? new Set()).add(rule));
    return [
      ...rangeProblems(rule.charged, [...path, 'charged']),
      ...rangeProblems(rule.notCharged, [...path, 'notCharged']),
      ...bothWays(rule, path),
      ...(clash === undefined ? [] : [ambiguousRule(clash, path)]),
    ];
  });
}

function rangeProblems(codes: CodeRuleDocument['charged'], path: Path): Problem[] {
  if (codes === 'rest') return [];
  return codes.flatMap((code, index) => {
    if (code === 'rest') {
      return [problem('BAD_RANGE', [...path, index], bookWords.restStandsAlone)];
    }
    if (!isRange(code) || rangeOf(code) !== undefined) return [];
    return [problem('BAD_RANGE', [...path, index], bookWords.isNoAscendingRangeOfWhole(code))];
  });
}

function bothWays({ charged, notCharged }: CodeRuleDocument, path: Path): Problem[] {
  if (charged === 'rest' && notCharged === 'rest') {
    return [problem('AMBIGUOUS_CODES', [...path, 'notCharged'], bookWords.bothSidesCannotBeRest)];
  }
  if (charged === 'rest' || notCharged === 'rest') return [];
  return notCharged.flatMap((code, index) => {
    const other = charged.find((entry) => overlap(entry, code));
    if (other === undefined) return [];
    return [problem('AMBIGUOUS_CODES', [...path, 'notCharged', index], bookWords.meetsTheChargedCode(code, other))];
  });
}

/** Two rules for one action, equally specific, that hold on some day together. */
const clashes = (a: CodeRuleDocument, b: CodeRuleDocument): boolean =>
  (a.channels === undefined) === (b.channels === undefined) &&
  meet(a.channels, b.channels) &&
  (a.until === null || b.from === null || b.from < a.until) &&
  (b.until === null || a.from === null || a.from < b.until);

const ambiguousRule = (action: string, path: Path): Problem =>
  problem('AMBIGUOUS_RULE', [...path, 'actions'], bookWords.hasAnotherRuleOnTheSame(action));
