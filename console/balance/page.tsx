// The balance of an account, entry by entry, and how it is topped up.

import { Input, Statistic } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { accountCall, accountPath, useAccount, useAccountId } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { DownloadList } from '../parts/download-list.tsx';
import { Field } from '../parts/field.tsx';
import { Amount, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { moneyWords } from '../words/money.ts';

type Entry = Answer<'balance'>['entries'][number];

const kinds = ['top-up', 'credit', 'purchase', 'refund', 'bill'] as const;
const kindOf = (kind: string) => kinds.find((known) => known === kind);

export default function Balance() {
  const say = useWords(moneyWords);
  const id = useAccountId();
  const { data: account } = useAccount(id);
  const pages = usePages<Answer<'balance'>, Entry>(accountCall(id, '/balance'), {}, ({ entries }) => entries);
  const [zone, currency] = [account?.timeZone, account?.currency ?? ''];
  const columns: Column<Entry>[] = [
    { key: 'at', title: say('at'), cell: ({ at }) => <When at={at} zone={zone} /> },
    {
      key: 'kind',
      title: say('kind'),
      cell: ({ kind }) => {
        const known = kindOf(kind);
        return known === undefined ? kind : say(known);
      },
    },
    { key: 'reference', title: say('reference'), cell: ({ reference }) => reference },
    {
      key: 'amount',
      title: say('amount'),
      isNumber: true,
      cell: ({ amount }) => <Amount amount={amount} currency={currency} />,
    },
    {
      key: 'after',
      title: say('after'),
      isNumber: true,
      cell: ({ balance }) => <Amount amount={balance} currency={currency} />,
    },
  ];
  return (
    <>
      <PageHead title={say('balance')}>
        <DownloadList account={id} list="entries" />
        <OrderTopUp account={id} />
        <BookTopUp account={id} />
      </PageHead>
      {account === undefined ? null : (
        <Statistic value={0} valueRender={() => <Amount amount={account.balance} currency={currency} />} />
      )}
      <ListTable
        label={say('balance')}
        name="balance"
        pages={pages}
        columns={columns}
        keyOf={({ seq }) => String(seq)}
        empty={say('none')}
      />
    </>
  );
}

interface AmountProps {
  readonly amount: string;
  readonly onChange: (amount: string) => void;
}

/** "5,000" → "5000": as the server takes it. */
const plainAmount = (typed: string): string => typed.normalize('NFKC').replace(/[,\s¥]/g, '');
const isAmount = (typed: string): boolean => /^\d{1,15}(\.\d{1,3})?$/.test(plainAmount(typed));

function AmountInput({ amount, onChange }: AmountProps) {
  const say = useWords(moneyWords);
  return (
    <Field label={say('amount')}>
      <Input
        inputMode="decimal"
        placeholder={say('amountHelp')}
        value={amount}
        onChange={({ target }) => onChange(target.value)}
      />
    </Field>
  );
}

function OrderTopUp({ account }: { account: string }) {
  const say = useWords(moneyWords);
  const me = useMe();
  const go = useNavigate();
  const [amount, setAmount] = useState('');
  if (!may(me, 'buy')) return null;
  return (
    <ActButton<{ id: string }>
      label={say('orderTopUp')}
      method="POST"
      path="/v1/orders"
      keyed
      body={isAmount(amount) ? { account, topUp: plainAmount(amount), pay: 'transfer' } : null}
      cli={['order', 'create', '--account', account, '--top-up', plainAmount(amount)]}
      onDone={({ id }) => void go(accountPath(account, `orders/${encodeURIComponent(id)}`))}
    >
      <p>{say('howToTopUp')}</p>
      <AmountInput amount={amount} onChange={setAmount} />
    </ActButton>
  );
}

function BookTopUp({ account }: { account: string }) {
  const say = useWords(moneyWords);
  const me = useMe();
  const [amount, setAmount] = useState('');
  const [reference, setReference] = useState('');
  if (!may(me, 'money')) return null;
  const named = reference.trim() === '' ? {} : { reference: reference.trim() };
  return (
    <ActButton<{ approval?: string }>
      label={say('book')}
      method="POST"
      path={accountCall(account, '/top-ups')}
      keyed
      body={isAmount(amount) ? { amount: plainAmount(amount), ...named } : null}
      cli={['balance', 'topup', plainAmount(amount), '--account', account]}
      done={({ approval }) => <p>{approval === undefined ? say('booked') : `${say('waits')} ${approval}`}</p>}
    >
      <p>{say('bookHelp')}</p>
      <AmountInput amount={amount} onChange={setAmount} />
      <Field label={say('reference')}>
        <Input
          placeholder={say('referenceHelp')}
          value={reference}
          onChange={({ target }) => setReference(target.value)}
        />
      </Field>
    </ActButton>
  );
}
