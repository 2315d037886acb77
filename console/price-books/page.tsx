// The price books that ship with the product: to read, to hold against each other, and to check one's own.

import { Segmented, Select, Skeleton, Typography } from 'antd';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import { AsCommand } from '../parts/as-command.tsx';
import { Field } from '../parts/field.tsx';
import { useAsked, useBooks } from '../parts/own-book.ts';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { priceBookWords } from '../words/price-books.ts';
import type { ReadBook } from '../worker/book-tasks.ts';
import type { BookChoice } from '../worker/books.ts';
import { useInWorker } from '../worker/in-worker.ts';
import { isRefused } from '../worker/outcome.ts';
import type { ShownBook } from '../worker/quote-tasks.ts';
import { BookShown } from './book-shown.tsx';
import { Comparison } from './comparison.tsx';
import { Linter } from './linter.tsx';

const views = ['view', 'compare', 'lint'] as const;
type View = (typeof views)[number];
const isView = (text: string | null): text is View => views.some((view) => view === text);

export default function PriceBooks() {
  const say = useWords(priceBookWords);
  const [asked, setAsked] = useAsked();
  const [text, setText] = useState('');
  const { books, choiceOf } = useBooks();
  const chosen = asked.get('view');
  const view: View = isView(chosen) ? chosen : 'view';
  const set = (part: Record<string, string>) =>
    setAsked(new URLSearchParams({ ...Object.fromEntries(asked), ...part }));
  return (
    <>
      <Typography.Title level={1} style={{ fontSize: 28, marginTop: 0 }}>
        {say('title')}
      </Typography.Title>
      <Typography.Paragraph>{say('lead')}</Typography.Paragraph>
      <Segmented<View>
        aria-label={say('views')}
        style={{ marginBottom: 16 }}
        options={views.map((value) => ({ value, label: say(value) }))}
        value={view}
        onChange={(value) => set({ view: value })}
      />
      <ProblemShown problem={books.error} onAgain={() => void books.refetch()} />
      {view === 'lint' ? (
        <Linter text={text} onChange={setText} />
      ) : books.data === undefined ? (
        <Skeleton active />
      ) : (
        <Chosen {...{ books: books.data, choiceOf, view, asked, set }} />
      )}
    </>
  );
}

interface ChosenProps {
  readonly books: readonly ShownBook[];
  readonly choiceOf: (id: string) => BookChoice;
  readonly view: 'view' | 'compare';
  readonly asked: URLSearchParams;
  readonly set: (part: Record<string, string>) => void;
}

function Chosen({ books, choiceOf, view, asked, set }: ChosenProps) {
  const say = useWords(priceBookWords);
  const said = useSaid();
  const known = (name: string, otherwise: number): string =>
    books.find(({ id }) => id === asked.get(name))?.id ?? books.at(otherwise)?.id ?? '';
  const [one, other] = [known('book', -1), known('with', 0)];
  const options = books.map((each) => ({ value: each.id, label: said(each) }));
  const choice = (name: 'book' | 'with', value: string, label: string) => (
    <Field label={label}>
      <Select
        style={{ display: 'flex', maxWidth: 480, marginTop: 4 }}
        value={value}
        options={options}
        onChange={(id: string) => set({ [name]: id })}
      />
    </Field>
  );
  return (
    <>
      {choice('book', one, say('book'))}
      {view === 'compare' ? choice('with', other, say('other')) : null}
      {view === 'compare' ? (
        <Two one={choiceOf(one)} other={choiceOf(other)} />
      ) : (
        <One id={one} choice={choiceOf(one)} />
      )}
    </>
  );
}

function useRead(book: BookChoice): ReadBook | undefined {
  const { data } = useInWorker('book', { book });
  return data === undefined || isRefused(data) ? undefined : data;
}

function One({ id, choice }: { readonly id: string; readonly choice: BookChoice }) {
  const say = useWords(priceBookWords);
  const { hash } = useLocation();
  const book = useRead(choice);
  if (book === undefined) return <Skeleton active />;
  const first = book.tariffs[0]?.id ?? book.meters[0]?.id ?? '';
  const search = new URLSearchParams({ book: id, use: `${first}=1000` }).toString();
  return (
    <>
      <p>
        <Link to={{ pathname: '/calculator', search, hash }}>{say('openCalculator')}</Link>
      </p>
      <BookShown book={book} />
      <AsCommand method="GET" path={`/v1/price-books/${encodeURIComponent(id)}`} isPublic cli={['book', 'show', id]} />
    </>
  );
}

function Two({ one, other }: { readonly one: BookChoice; readonly other: BookChoice }) {
  const [mine, theirs] = [useRead(one), useRead(other)];
  return mine === undefined || theirs === undefined ? <Skeleton active /> : <Comparison one={mine} other={theirs} />;
}
