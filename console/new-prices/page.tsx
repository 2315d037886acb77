// New prices of a book for all its accounts: whom they would affect and by how much, before they are announced.

import { useQuery } from '@tanstack/react-query';
import { Card, Input, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { accountPath } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { grouped, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { newPricesWords } from '../words/new-prices.ts';

type Books = Answer<'priceBooks'>['priceBooks'];
type Affected = Answer<'versionPreview'>['accounts'][number];

export default function NewPrices() {
  const say = useWords(newPricesWords);
  const said = useSaid();
  const [asked, setAsked] = useSearchParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/price-books'],
    queryFn: () => ask<Answer<'priceBooks'>>('GET', '/v1/price-books'),
  });
  const books = data?.priceBooks;
  const book = asked.get('book') ?? books?.[0]?.id;
  return (
    <>
      <PageHead title={say('title')}>
        <AddBook />
      </PageHead>
      <p>{say('lead')}</p>
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {books === undefined || book === undefined ? (
        error === null ? (
          <Skeleton active />
        ) : null
      ) : (
        <>
          <Select
            aria-label={say('book')}
            style={{ minWidth: 280, maxWidth: '100%', marginBottom: 16 }}
            value={book}
            options={books.map(({ id, title }) => ({ value: id, label: `${said(title)} (${id})` }))}
            onChange={(id: string) => setAsked({ book: id }, { replace: true })}
          />
          <div className="stack" key={book}>
            <Versions book={book} />
            <Preview book={book} books={books} />
          </div>
        </>
      )}
    </>
  );
}

const pathOf = (book: string): string => `/v1/price-books/${encodeURIComponent(book)}/versions`;

function Versions({ book }: { book: string }) {
  const say = useWords(newPricesWords);
  const path = pathOf(book);
  const { data, error, refetch } = useQuery({
    queryKey: [path],
    queryFn: () => ask<Answer<'bookVersions'>>('GET', path),
  });
  return (
    <Card size="small" title={<h2 className="card-title">{say('versions')}</h2>}>
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {data === undefined && error === null ? <Skeleton active paragraph={{ rows: 1 }} /> : null}
      {data?.versions.length === 0 ? <p>{say('noVersions')}</p> : null}
      <ul className="rows">
        {data?.versions.map(({ from, pricesOf, announcedAt, by }) => (
          <li key={from}>
            <span className="grow">
              {say('from')} {from} · {say('pricesOf')} {pricesOf} · <When at={announcedAt} /> <code>{by}</code>
            </span>
            <ActButton
              label={say('takeBack')}
              method="DELETE"
              path={path}
              query={{ from }}
              cli={['book', 'version', 'take-back', book, '--from', from]}
              button={{ size: 'small' }}
              danger
            >
              <p>{say('takeBackHelp')}</p>
            </ActButton>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Preview({ book, books }: { book: string; books: Books }) {
  const say = useWords(newPricesWords);
  const said = useSaid();
  const [other, setOther] = useState('');
  const [from, setFrom] = useState('');
  const isWhole = other !== '' && /^\d{4}-\d{2}$/.test(from);
  return (
    <Card size="small" title={<h2 className="card-title">{say('preview')}</h2>}>
      <div className="bar">
        <Select
          aria-label={say('pricesOf')}
          placeholder={say('pricesOf')}
          style={{ minWidth: 240, maxWidth: '100%' }}
          value={other === '' ? null : other}
          options={books
            .filter(({ id }) => id !== book)
            .map(({ id, title }) => ({ value: id, label: `${said(title)} (${id})` }))}
          onChange={(id: string | null) => setOther(id ?? '')}
        />
        <Input
          type="month"
          aria-label={say('from')}
          style={{ width: 170 }}
          value={from}
          onChange={({ target }) => setFrom(target.value)}
        />
        <ActButton
          label={say('announce')}
          title={say('announceTitle')}
          method="POST"
          path={pathOf(book)}
          body={isWhole ? { from, pricesOf: other } : null}
          cli={['book', 'version', 'announce', book, '--from', from, '--prices-of', other]}
          button={{ type: 'primary', disabled: !isWhole }}
        >
          <p>{say('announceHelp', { from, book, other })}</p>
        </ActButton>
      </div>
      {other === '' ? <p>{say('choose')}</p> : <AffectedList book={book} other={other} />}
    </Card>
  );
}

function AffectedList({ book, other }: { book: string; other: string }) {
  const say = useWords(newPricesWords);
  const pages = usePages<Answer<'versionPreview'>, Affected>(
    `${pathOf(book)}/preview`,
    { pricesOf: other },
    ({ accounts }) => accounts,
    20,
  );
  const amount = (value: string | null) => (value === null ? say('none') : grouped(value));
  const columns: Column<Affected>[] = [
    {
      key: 'account',
      title: say('account'),
      cell: ({ account }) => <Link to={accountPath(account, 'overview')}>{account}</Link>,
    },
    { key: 'month', title: say('month'), cell: ({ month }) => month },
    { key: 'before', title: say('before'), isNumber: true, cell: ({ before }) => amount(before) },
    { key: 'after', title: say('after'), isNumber: true, cell: ({ after }) => amount(after) },
    { key: 'difference', title: say('difference'), isNumber: true, cell: ({ difference }) => amount(difference) },
  ];
  return (
    <>
      {pages.data === undefined ? null : (
        <p>{say('previewOf', { accounts: pages.data.pages[0]?.accountsOfBook ?? 0 })}</p>
      )}
      <ListTable
        label={say('preview')}
        name="affected"
        pages={pages}
        columns={columns}
        keyOf={({ account }) => account}
        empty={say('noAccounts')}
      />
    </>
  );
}

function AddBook() {
  const say = useWords(newPricesWords);
  const [text, setText] = useState('');
  let document: object | null = null;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object') document = parsed;
  } catch {
    // Said below, once something was typed.
  }
  const id = document !== null && 'id' in document ? String(document.id) : 'book';
  return (
    <ActButton
      label={say('add')}
      method="POST"
      path="/v1/price-books"
      body={document}
      cli={['book', 'add', `${id}.json`]}
    >
      <p>{say('addHelp')}</p>
      <Field label={say('json')}>
        <Input.TextArea rows={10} value={text} onChange={({ target }) => setText(target.value)} />
      </Field>
      {text !== '' && document === null ? <p role="alert">{say('notJson')}</p> : null}
    </ActButton>
  );
}
