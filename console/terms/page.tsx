// What the operator alone sets for an account: gifts, credits, settings, caps, contract prices.

import { useQuery } from '@tanstack/react-query';
import { Card, Checkbox, Input, InputNumber, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { accountCall, useAccount, useAccountId, useBookOf } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { countText, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { operatorWords } from '../words/operator.ts';
import { Contracts } from './contracts.tsx';

type Account = Answer<'account'>;

export default function Terms() {
  const say = useWords(operatorWords);
  const me = useMe();
  const id = useAccountId();
  const { data: account, error, refetch } = useAccount(id);
  if (error !== null) return <ProblemShown problem={error} onAgain={() => void refetch()} />;
  return (
    <>
      <PageHead title={say('terms')}>
        {account !== undefined && may(me, 'money') ? (
          <>
            <Gift account={account} />
            <Credit account={account} />
          </>
        ) : null}
      </PageHead>
      {account === undefined ? (
        <Skeleton active />
      ) : (
        <div className="stack">
          <Settings account={account} />
          <Caps account={id} />
          <Contracts account={account} />
          <Changes account={id} />
        </div>
      )}
    </>
  );
}

function Gift({ account }: { account: Account }) {
  const say = useWords(operatorWords);
  const said = useSaid();
  const { data: book } = useBookOf(account.book);
  const [product, setProduct] = useState('');
  const [calls, setCalls] = useState<number | null>(50);
  const [months, setMonths] = useState<number | null>(null);
  const chosen = product === '' ? (book?.packProducts[0]?.id ?? '') : product;
  const repeated = months === null ? {} : { months };
  return (
    <ActButton
      label={say('gift')}
      method="POST"
      path="/v1/gifts"
      keyed
      body={calls === null || chosen === '' ? null : { account: account.id, product: chosen, calls, ...repeated }}
      cli={[
        'pack',
        'gift',
        `${chosen}:${calls}`,
        '--account',
        account.id,
        ...(months === null ? [] : ['--months', String(months)]),
      ]}
    >
      <p>{say('giftHelp')}</p>
      <Select
        aria-label={say('product')}
        style={{ width: '100%' }}
        value={chosen}
        options={(book?.packProducts ?? []).map(({ id, title }) => ({ value: id, label: said(title) }))}
        onChange={setProduct}
      />
      <Field label={say('calls')}>
        <InputNumber min={1} precision={0} style={{ width: '100%' }} value={calls} onChange={setCalls} />
      </Field>
      <Field label={say('months')}>
        <InputNumber min={1} max={36} precision={0} style={{ width: '100%' }} value={months} onChange={setMonths} />
      </Field>
    </ActButton>
  );
}

function Credit({ account }: { account: Account }) {
  const say = useWords(operatorWords);
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const isWhole = /^\d+(\.\d{1,3})?$/.test(amount) && reason.trim() !== '';
  return (
    <ActButton<{ readonly approval?: string }>
      label={say('credit')}
      method="POST"
      path={accountCall(account.id, '/credits')}
      keyed
      body={isWhole ? { amount, reason: reason.trim() } : null}
      cli={['balance', 'credit', amount, '--account', account.id, '--reason', reason]}
      done={({ approval }) => <p>{approval === undefined ? say('done') : `${say('waits')} ${approval}`}</p>}
    >
      <p>{say('creditHelp')}</p>
      <Field label={`${say('amount')} (${account.currency})`}>
        <Input inputMode="decimal" value={amount} onChange={({ target }) => setAmount(target.value)} />
      </Field>
      <Field label={say('reason')}>
        <Input value={reason} maxLength={200} onChange={({ target }) => setReason(target.value)} />
      </Field>
    </ActButton>
  );
}

function Settings({ account }: { account: Account }) {
  const say = useWords(operatorWords);
  const me = useMe();
  const [postpaid, setPostpaid] = useState(account.postpaid);
  const [cap, setCap] = useState<number | null>(account.cap === null ? null : Number(account.cap));
  const [suspended, setSuspended] = useState(account.suspended);
  const isFixed = !may(me, 'accounts');
  const onOff = (value: boolean) => (value ? 'on' : 'off');
  return (
    <Card size="small" title={<h2 className="card-title">{say('settings')}</h2>}>
      <p>
        <Checkbox checked={postpaid} disabled={isFixed} onChange={({ target }) => setPostpaid(target.checked)}>
          {say('postpaid')}
        </Checkbox>
      </p>
      <Field label={say('postpaidCap')}>
        <InputNumber min={1} precision={0} disabled={isFixed} style={{ width: '100%' }} value={cap} onChange={setCap} />
      </Field>
      <p>
        <Checkbox checked={suspended} disabled={isFixed} onChange={({ target }) => setSuspended(target.checked)}>
          {say('suspend')}
        </Checkbox>
      </p>
      {isFixed ? null : (
        <ActButton
          label={say('save')}
          method="PATCH"
          path={accountCall(account.id)}
          body={{ postpaid, cap, suspended }}
          cli={[
            'account',
            'set',
            account.id,
            '--postpaid',
            onOff(postpaid),
            '--cap',
            cap === null ? 'none' : String(cap),
            '--suspended',
            onOff(suspended),
          ]}
          danger={suspended && !account.suspended}
        >
          <p>{say('saveHelp')}</p>
        </ActButton>
      )}
    </Card>
  );
}

function Caps({ account }: { account: string }) {
  const say = useWords(operatorWords);
  const me = useMe();
  const path = accountCall(account, '/caps');
  const { data, error, refetch } = useQuery({ queryKey: [path], queryFn: () => ask<Answer<'capList'>>('GET', path) });
  const canSet = may(me, 'accounts');
  return (
    <Card
      size="small"
      title={<h2 className="card-title">{say('caps')}</h2>}
      extra={canSet ? <AddCap account={account} /> : null}
    >
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {data === undefined && error === null ? <Skeleton active /> : null}
      {data?.caps.length === 0 ? <p>{say('noCaps')}</p> : null}
      <ul className="rows">
        {data?.caps.map(({ name, per, of, most, used, left, meter, department, key }) => (
          <li key={name}>
            <span className="grow">
              {name ?? say('ownCap')} · {say(per)} · {say(of === 'all' ? 'allCalls' : 'postpaidCalls')}
              {[meter, department, key].filter((part) => part !== null).map((part) => ` · ${part}`)}
            </span>
            <span>
              {say('used')} {countText(used)} / {countText(most)} · {say('left')} {countText(left)}
            </span>
            {name === null || !canSet ? null : (
              <ActButton
                label={say('takeAway')}
                method="DELETE"
                path={path}
                query={{ name }}
                cli={['cap', 'remove', account, name]}
                button={{ size: 'small' }}
                danger
              >
                <p>{say('takeAwayHelp')}</p>
              </ActButton>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function AddCap({ account }: { account: string }) {
  const say = useWords(operatorWords);
  const [name, setName] = useState('');
  const [per, setPer] = useState<'day' | 'month'>('month');
  const [of, setOf] = useState<'all' | 'postpaid'>('postpaid');
  const [most, setMost] = useState<number | null>(null);
  const isWhole = name.trim() !== '' && most !== null;
  return (
    <ActButton
      label={say('addCap')}
      method="POST"
      path={accountCall(account, '/caps')}
      body={isWhole ? { name: name.trim(), per, of, most } : null}
      cli={['cap', 'set', account, name, '--per', per, '--of', of, '--most', String(most ?? '')]}
      button={{ size: 'small' }}
    >
      <Field label={say('capName')}>
        <Input value={name} maxLength={64} onChange={({ target }) => setName(target.value)} />
      </Field>
      <div className="bar">
        <Select
          aria-label={say('per')}
          value={per}
          options={(['day', 'month'] as const).map((value) => ({ value, label: say(value) }))}
          onChange={setPer}
        />
        <Select
          aria-label={say('of')}
          value={of}
          options={[
            { value: 'all', label: say('allCalls') },
            { value: 'postpaid', label: say('postpaidCalls') },
          ]}
          onChange={setOf}
        />
      </div>
      <Field label={say('most')}>
        <InputNumber min={1} precision={0} style={{ width: '100%' }} value={most} onChange={setMost} />
      </Field>
    </ActButton>
  );
}

type Change = Answer<'changePage'>['changes'][number];

function Changes({ account }: { account: string }) {
  const say = useWords(operatorWords);
  const pages = usePages<Answer<'changePage'>, Change>(
    accountCall(account, '/changes'),
    {},
    ({ changes }) => changes,
    20,
  );
  const shown = (settings: Change['after'] | null) =>
    settings === null
      ? '–'
      : [
          settings.suspended ? say('suspended') : say('ok'),
          `${say('postpaid')}: ${settings.postpaid ? '✓' : '–'}`,
          settings.cap === null ? null : countText(settings.cap),
        ]
          .filter((part) => part !== null)
          .join(' · ');
  const columns: Column<Change>[] = [
    { key: 'at', title: say('at'), cell: ({ at }) => <When at={at} /> },
    { key: 'by', title: say('by'), cell: ({ by }) => <code>{by}</code> },
    { key: 'before', title: say('before'), cell: ({ before }) => shown(before) },
    { key: 'after', title: say('after'), cell: ({ after }) => shown(after) },
  ];
  return (
    <Card size="small" title={<h2 className="card-title">{say('changes')}</h2>}>
      <ListTable
        label={say('changes')}
        name="changes"
        pages={pages}
        columns={columns}
        keyOf={({ at, by }) => `${at} ${by}`}
        empty={say('noChanges')}
      />
    </Card>
  );
}
