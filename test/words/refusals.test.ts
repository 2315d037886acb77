// Every refusal speaks both languages, and says what to do with the facts it has.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusalCodes, refuse, refuseFor } from '../../src/core/refusal.ts';
import { refusalTexts, refusalWords } from '../../src/words/refusals.ts';

const chinese = /\p{Script=Han}/u;

/** Facts that the code gives with a refusal, read from its sources: `refuse('CODE', { fact, … })`. */
function factsInSources(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const folder = new URL('../../src/', import.meta.url);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    for (const [, code = '', facts = ''] of source.matchAll(/refuse\(\s*'([A-Z_]+)'(?:,\s*\{([^}]*)\})?/g)) {
      const names = [...facts.matchAll(/(?:^|,)\s*(\w+)/g)].map(([, name = '']) => name);
      found.set(code, new Set([...(found.get(code) ?? []), ...names]));
    }
  }
  return found;
}

describe('refusal texts', () => {
  it.each(refusalCodes)('%s is complete in both languages', (code) => {
    const { status, title, detail } = refusalTexts[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    for (const words of [title, detail({})]) {
      expect(words.zh).toMatch(chinese);
      expect(words.en).not.toMatch(chinese);
      expect(words.en.length).toBeGreaterThan(5);
      expect(words.zh + words.en).not.toMatch(/[[\]{}]/);
    }
    expect(detail({}).zh.endsWith('。')).toBe(true);
    expect(detail({}).en.endsWith('.')).toBe(true);
  });

  it('has no other entry', () => expect(Object.keys(refusalTexts).toSorted()).toEqual(refusalCodes.toSorted()));

  it.each([...factsInSources()])('%s leaves no gap with the facts that the sources give', (code, names) => {
    const facts = Object.fromEntries([...names].map((name) => [name, `<${name}>`]));
    const { zh, en } = refusalWords(refuse(code as 'NOT_FOUND', facts));
    expect(zh).not.toContain('–');
    expect(en).not.toContain('–');
  });

  it('fills facts, leaves out what is not known, prefers the Chinese form of a fact', () => {
    expect(refusalWords(refuse('SIZE_NOT_SOLD', { product: 'eid', size: '7', sold: '1000, 5000' })).en).toBe(
      'Pack eid is not sold in the size 7; choose one of 1000, 5000.',
    );
    expect(refusalWords(refuse('INVALID_QUANTITY')).en).toBe(
      'A quantity is a whole number from 1 to 1,000,000,000,000.',
    );
    expect(refusalWords(refuseFor('TOO_MANY_REQUESTS', 2_001)).en).toBe(
      'Too many requests; try again shortly, in 3 s.',
    );
    expect(refusalWords(refuseFor('OVERLOADED', -5)).zh).toBe(
      '服务繁忙或数据库暂不可用；请稍后（1 秒后）原样重试；凡带 id 或 Idempotency-Key 的，只会生效一次。',
    );
    expect(refusalWords(refuse('INVALID_INPUT', { problem: { zh: '为何', en: 'why' } }))).toEqual({
      zh: '输入有误：为何。',
      en: 'The input is not valid: why.',
    });
  });
});
