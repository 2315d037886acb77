// The accounts: found by id or name, and made.

import { useQuery } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { accountPath } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { Amount, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { operatorWords } from '../words/operator.ts';

type Listed = Answer<'accountPage'>['accounts'][number];

export default function Accounts() {
  const say = useWords(operatorWords);
  const me = useMe();
  const [asked, setAsked] = useSearchParams();
  const search = asked.get('search') ?? '';
  const state = asked.get('state') ?? '';
  const choose = (part: { search?: string; state?: string }) =>
    setAsked(Object.fromEntries(Object.entries({ search, state, ...part }).filter(([, value]) => value !== '')), {
      replace: true,
    });
  const pages = usePages<Answer<'accountPage'>, Listed>('/v1/accounts', { search, state }, ({ accounts }) => accounts);
  const stateOf = (account: Listed) => {
    if ('damaged' in account) return say('damaged');
    if (account.suspended) return say('suspended');
    if (account.serviceStopped) return say('stopped');
    return say(account.balance.startsWith('-') ? 'arrearsState' : 'ok');
  };
  const columns: Column<Listed>[] = [
    { key: 'id', title: say('id'), cell: ({ id }) => <Link to={accountPath(id, 'overview')}>{id}</Link> },
    { key: 'name', title: say('name'), cell: ({ name }) => name },
    { key: 'state', title: say('state'), cell: stateOf },
    {
      key: 'balance',
      title: say('balance'),
      isNumber: true,
      cell: (account) => ('damaged' in account ? '–' : <Amount amount={account.balance} currency={account.currency} />),
    },
    { key: 'book', title: say('book'), cell: ({ book }) => book },
    {
      key: 'zone',
      title: say('timeZone'),
      isExtra: true,
      cell: (account) => ('damaged' in account ? '' : account.timeZone),
    },
    {
      key: 'created',
      title: say('createdAt'),
      isExtra: true,
      cell: (account) => ('damaged' in account ? '' : <When at={account.createdAt} />),
    },
  ];
  return (
    <>
      <PageHead title={say('accounts')}>
        <SearchInput search={search} onSearch={(text) => choose({ search: text })} />
        <Select
          aria-label={say('state')}
          style={{ minWidth: 140 }}
          value={state}
          options={[
            { value: '', label: say('anyState') },
            { value: 'ok', label: say('ok') },
            { value: 'arrears', label: say('arrearsState') },
            { value: 'stopped', label: say('stopped') },
            { value: 'suspended', label: say('suspended') },
            { value: 'damaged', label: say('damagedState') },
          ]}
          onChange={(value: string) => choose({ state: value })}
        />
        {may(me, 'accounts') ? <NewAccount /> : null}
      </PageHead>
      <ListTable
        label={say('accounts')}
        name="accounts"
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        empty={say(search === '' && state === '' ? 'noAccounts' : 'noneFound')}
      />
    </>
  );
}

/** Asks once whoever types has paused. */
function SearchInput({ search, onSearch }: { search: string; onSearch: (text: string) => void }) {
  const say = useWords(operatorWords);
  const [typed, setTyped] = useState(search);
  useEffect(() => {
    if (typed === search) return;
    const pause = setTimeout(() => onSearch(typed.trim()), 250);
    return () => clearTimeout(pause);
  });
  return (
    <Input
      type="search"
      allowClear
      style={{ width: 240 }}
      aria-label={say('search')}
      placeholder={say('search')}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}

function NewAccount() {
  const say = useWords(operatorWords);
  const said = useSaid();
  const go = useNavigate();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [book, setBook] = useState('');
  const [opened, setOpened] = useState('');
  const books = useQuery({
    queryKey: ['/v1/price-books'],
    queryFn: () => ask<{ priceBooks: { id: string; title: { zh: string; en: string } }[] }>('GET', '/v1/price-books'),
  });
  const given = {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(book === '' ? {} : { book }),
    ...(opened === '' ? {} : { opened }),
  };
  const options = (books.data?.priceBooks ?? []).map((each) => ({ value: each.id, label: said(each.title) }));
  return (
    <ActButton<Answer<'account'>>
      label={say('newAccount')}
      method="POST"
      path="/v1/accounts"
      keyed
      body={id.trim() === '' ? null : { id: id.trim(), ...given }}
      cli={[
        'account',
        'create',
        id,
        ...(name === '' ? [] : ['--name', name]),
        ...(book === '' ? [] : ['--book', book]),
        ...(opened === '' ? [] : ['--opened', opened]),
      ]}
      button={{ type: 'primary' }}
      onDone={(account) => void go(accountPath(account.id, 'overview'))}
    >
      <p>{say('newHelp')}</p>
      <Field label={say('id')}>
        <Input value={id} maxLength={64} onChange={({ target }) => setId(target.value)} />
      </Field>
      <Field label={say('name')}>
        <Input value={name} maxLength={200} onChange={({ target }) => setName(target.value)} />
      </Field>
      <Select
        aria-label={say('book')}
        value={book}
        style={{ width: '100%' }}
        options={[{ value: '', label: say('usualBook') }, ...options]}
        onChange={setBook}
      />
      <Field label={say('opened')}>
        <Input type="date" value={opened} onChange={({ target }) => setOpened(target.value)} />
      </Field>
    </ActButton>
  );
}
