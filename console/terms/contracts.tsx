// The prices that an account has agreed on, and a new one: tried on the last month before it is agreed.

import { useQuery } from '@tanstack/react-query';
import { Card, Input, InputNumber, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { accountCall, titleIn, useBookOf } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { Amount, amountText, countText, When } from '../parts/figures.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { operatorWords } from '../words/operator.ts';

type Account = Answer<'account'>;

export function Contracts({ account }: { account: Account }) {
  const say = useWords(operatorWords);
  const said = useSaid();
  const me = useMe();
  const path = accountCall(account.id, '/contracts');
  const { data: book } = useBookOf(account.book);
  const { data, error, refetch } = useQuery({
    queryKey: [path],
    queryFn: () => ask<Answer<'contractPage'>>('GET', path),
  });
  const { currency } = account;
  return (
    <Card
      size="small"
      title={<h2 className="card-title">{say('contracts')}</h2>}
      extra={may(me, 'prices') ? <AddContract account={account} /> : null}
    >
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {data === undefined && error === null ? <Skeleton active /> : null}
      {data?.contracts.length === 0 ? <p>{say('noContracts')}</p> : null}
      {data?.contracts.map(({ no, from, tariffs, packs, agreedAt, by }) => (
        <div key={no}>
          <h3 className="card-title">
            {say('contractNo')} {no} · {say('from')} {from}
          </h3>
          <p>
            <When at={agreedAt} zone={account.timeZone} /> <code>{by}</code>
          </p>
          <ul>
            {Object.entries(tariffs).flatMap(([tariff, tiers]) =>
              tiers.map((tier) => (
                <li key={`${tariff} ${tier.from}`}>
                  {said(titleIn(book, 'tariffs', tariff))} {countText(tier.from)}+{' '}
                  {tier.price === null ? '–' : amountText(tier.price, currency)}
                  {tier.per === undefined ? '' : ` / ${countText(tier.per)}`}
                </li>
              )),
            )}
            {Object.entries(packs).flatMap(([product, sizes]) =>
              sizes.map(({ size, price }) => (
                <li key={`${product} ${size}`}>
                  {said(titleIn(book, 'packProducts', product))} {countText(size)} {amountText(price, currency)}
                </li>
              )),
            )}
          </ul>
        </div>
      ))}
    </Card>
  );
}

function AddContract({ account }: { account: Account }) {
  const say = useWords(operatorWords);
  const said = useSaid();
  const { data: book } = useBookOf(account.book);
  const [from, setFrom] = useState('');
  const [tariff, setTariff] = useState('');
  const [tier, setTier] = useState<number | null>(200_000);
  const [price, setPrice] = useState('');
  const chosen = tariff === '' ? (book?.tariffs[0]?.id ?? '') : tariff;
  const isWhole = /^\d{4}-\d{2}$/.test(from) && tier !== null && /^\d+(\.\d{1,8})?$/.test(price);
  const body = isWhole ? { from, tariffs: { [chosen]: [{ from: tier, price }] } } : null;
  return (
    <ActButton
      label={say('addContract')}
      method="POST"
      path={accountCall(account.id, '/contracts')}
      keyed
      body={body}
      cli={['contract', 'set', account.id, '--from', from, '--tier', `${chosen}:${tier}=${price}`]}
      button={{ size: 'small' }}
    >
      <p>{say('contractHelp')}</p>
      <Field label={say('from')}>
        <Input type="month" value={from} onChange={({ target }) => setFrom(target.value)} />
      </Field>
      <Select
        aria-label={say('tariff')}
        style={{ width: '100%' }}
        value={chosen}
        options={(book?.tariffs ?? []).map(({ id, title }) => ({ value: id, label: said(title) }))}
        onChange={setTariff}
      />
      <Field label={say('tierFrom')}>
        <InputNumber min={0} precision={0} style={{ width: '100%' }} value={tier} onChange={setTier} />
      </Field>
      <Field label={say('price')}>
        <Input inputMode="decimal" value={price} onChange={({ target }) => setPrice(target.value)} />
      </Field>
      {body === null ? null : <Preview account={account.id} body={body} />}
    </ActButton>
  );
}

function Preview({ account, body }: { account: string; body: object }) {
  const say = useWords(operatorWords);
  const path = accountCall(account, '/contracts/preview');
  const { data, error } = useQuery({
    queryKey: [path, body],
    queryFn: () => ask<Answer<'contractPreview'>>('POST', path, { body }),
    retry: false,
  });
  if (error !== null) return <ProblemShown problem={error} />;
  if (data === undefined) return <Skeleton active paragraph={{ rows: 1 }} />;
  const { before, after, difference, currency, month } = data;
  return (
    <p>
      {say('preview')} {month}: <Amount amount={before.total ?? before.estimate} currency={currency} /> →{' '}
      <Amount amount={after.total ?? after.estimate} currency={currency} />
      {difference === null ? null : (
        <>
          {' '}
          ({say('difference')} <Amount amount={difference} currency={currency} />)
        </>
      )}
    </p>
  );
}
