// RuleId → what kind of flow it is: a small file of the owner's, since the answers do not say.

import { faceidWords } from '../../words/faceid.ts';
import { cellFlaw } from '../../words/name-flaws.ts';
import { about } from '../../words/words.ts';
import type { Source } from '../bytes.ts';
import { shown } from '../cells.ts';
import { FileTrouble } from '../row-problem.ts';
import { tableOf } from '../table-of.ts';

/** The facts that decide the meter of a flow; null: none needed. */
export interface FaceidRule {
  readonly channel: string | null;
  readonly library: string | null;
}

export type FaceidRules = ReadonlyMap<string, FaceidRule>;

const columns = { required: ['rule'], optional: ['channel', 'library'], passOver: 'any' as const };

/** Throws FileTrouble with the place for a file that is no such table: it is small and must be right. */
export async function faceidRulesOf(source: Source): Promise<FaceidRules> {
  const rules = new Map<string, FaceidRule>();
  for (const { line, cell } of (await tableOf(source, columns, 'rule')).rows) {
    const rule = cell('rule');
    const refused = (column: string, text: string, told: { zh: string; en: string }) =>
      new FileTrouble('NOT_READABLE', faceidWords.inRules(source.path, line, column, about(shown(text), told)));
    for (const column of ['rule', 'channel', 'library']) {
      const flaw = cellFlaw(cell(column));
      if (flaw !== undefined) throw refused(column, cell(column), flaw);
    }
    if (rules.has(rule)) throw refused('rule', rule, faceidWords.ruleStandsTwice);
    rules.set(rule, { channel: cell('channel') || null, library: cell('library') || null });
  }
  return rules;
}
