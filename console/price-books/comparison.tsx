// Two books, statement by statement: what they say alike, what one says otherwise, what one lacks.

import { Alert, Card, Checkbox } from 'antd';
import { useState } from 'react';
import { isDifferent, type Pair, pairsOf, placeOf } from '../../src/book/compare.ts';
import type { Statement } from '../../src/book/statements.ts';
import { PlainTable } from '../parts/plain-table.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { priceBookWords } from '../words/price-books.ts';
import type { ReadBook } from '../worker/book-tasks.ts';

const partTitles: Readonly<Record<Statement['part'], keyof typeof priceBookWords.zh & string>> = {
  book: 'about',
  meters: 'meters',
  tariffs: 'tariffs',
  packs: 'packs',
  policies: 'policies',
  codes: 'codes',
  gifts: 'gifts',
};

interface Props {
  readonly one: ReadBook;
  readonly other: ReadBook;
}

export function Comparison({ one, other }: Props) {
  const say = useWords(priceBookWords);
  const [isShort, setShort] = useState(true);
  const pairs = pairsOf(one.statements, other.statements);
  const count = pairs.filter(isDifferent).length;
  const shown = isShort ? pairs.filter(isDifferent) : pairs;
  const byPart = [...Map.groupBy(shown, (pair) => (pair.one ?? pair.other)?.part ?? 'book')];
  return (
    <div className="stack">
      {count === 0 ? <Alert type="success" showIcon title={say('alike')} /> : null}
      <div className="bar" style={{ marginBottom: 0 }}>
        <strong>{say('differ', { count, all: pairs.length })}</strong>
        <Checkbox checked={isShort} onChange={({ target }) => setShort(target.checked)}>
          {say('onlyDifferences')}
        </Checkbox>
      </div>
      {byPart.map(([part, inPart]) => (
        <Card key={part} size="small" title={<h2 className="card-title">{say(partTitles[part])}</h2>}>
          <Pairs one={one} other={other} pairs={inPart} label={say(partTitles[part])} />
        </Card>
      ))}
    </div>
  );
}

function Pairs({ one, other, pairs, label }: Props & { readonly pairs: readonly Pair[]; readonly label: string }) {
  const say = useWords(priceBookWords);
  const said = useSaid();
  const isWord = (key: string): key is keyof typeof priceBookWords.zh & string => key in priceBookWords.zh;
  const aboutOf = ({ part, key, about }: Statement): string =>
    (part === 'book' || part === 'policies') && isWord(key) ? say(key) : said(about);
  const text = (statement: Statement | undefined): string => {
    if (statement === undefined) return `(${say('lacks')})`;
    const choices = statement.part === 'tariffs' ? statement.says.en.split(', ') : [];
    return choices.length > 1 && choices.every(isWord)
      ? choices.map((each) => say(each)).join('; ')
      : said(statement.says);
  };
  const rows = pairs.flatMap((pair) => {
    const about = pair.one ?? pair.other;
    if (about === undefined) return [];
    const isMarked = isDifferent(pair);
    const cells = [aboutOf(about), text(pair.one), text(pair.other), isMarked ? '≠' : '='];
    return [{ key: placeOf(about), isMarked, cells }];
  });
  return (
    <PlainTable
      label={label}
      columns={[say('key'), `1 · ${said(one)}`, `2 · ${said(other)}`, say('different')]}
      rows={rows}
    />
  );
}
