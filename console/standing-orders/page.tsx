// What an account buys by itself when its packs run low or end.

import { useQuery } from '@tanstack/react-query';
import { Input, InputNumber, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { accountCall, type BookDocument, titleIn, useAccount, useAccountId, useBookOf } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { amountText, countText } from '../parts/figures.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { standingOrdersWords } from '../words/standing-orders.ts';

type Standing = Answer<'standingOrders'>['standingOrders'][number];

export default function StandingOrders() {
  const say = useWords(standingOrdersWords);
  const me = useMe();
  const id = useAccountId();
  const { data: account } = useAccount(id);
  const { data: book } = useBookOf(account?.book);
  const path = accountCall(id, '/standing-orders');
  const { data, error, refetch } = useQuery({
    queryKey: [path],
    queryFn: () => ask<Answer<'standingOrders'>>('GET', path),
  });
  return (
    <>
      <PageHead title={say('title')}>
        {book !== undefined && may(me, 'buy') ? <NewOrder account={id} book={book} /> : null}
      </PageHead>
      <p>{say('help')}</p>
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {data === undefined || account === undefined ? (
        error === null ? (
          <Skeleton active />
        ) : null
      ) : data.standingOrders.length === 0 ? (
        <div className="empty">{say('none')}</div>
      ) : (
        <List orders={data.standingOrders} account={id} currency={account.currency} book={book} />
      )}
    </>
  );
}

interface ListProps {
  readonly orders: readonly Standing[];
  readonly account: string;
  readonly currency: string;
  readonly book: BookDocument | undefined;
}

function List({ orders, account, currency, book }: ListProps) {
  const say = useWords(standingOrdersWords);
  const said = useSaid();
  const me = useMe();
  const watched = ({ watch }: Standing) =>
    said('meter' in watch ? titleIn(book, 'meters', watch.meter) : titleIn(book, 'packProducts', watch.product));
  const when = ({ below, daysBefore }: Standing) =>
    [
      below === null
        ? null
        : 'percent' in below
          ? say('belowPercent', { percent: below.percent })
          : say('belowCalls', { calls: countText(below.calls) }),
      daysBefore === null ? null : say('daysBefore', { days: daysBefore }),
    ]
      .filter((part) => part !== null)
      .join(say('or'));
  const bought = ({ buy }: Standing) =>
    `${buy.count} × ${said(titleIn(book, 'packProducts', buy.product))} · ${buy.size === 'advised' ? say('advised') : countText(buy.size)}`;
  return (
    <PlainTable
      label={say('title')}
      columns={[say('name'), say('watch'), say('when'), say('buy'), say('most'), '']}
      rows={orders.map((order) => ({
        key: order.name,
        cells: [
          order.name,
          watched(order),
          when(order),
          bought(order),
          say('mostOf', { times: order.mostPurchases, money: amountText(order.mostMoney, currency) }),
          may(me, 'buy') ? (
            <ActButton
              key="remove"
              label={say('remove')}
              title={say('removeTitle', { name: order.name })}
              method="DELETE"
              path={accountCall(account, '/standing-orders')}
              query={{ name: order.name }}
              cli={['order', 'standing', 'remove', account, order.name]}
              danger
              button={{ size: 'small' }}
            >
              <p>{say('removeHelp')}</p>
            </ActButton>
          ) : null,
        ],
      }))}
    />
  );
}

function NewOrder({ account, book }: { account: string; book: BookDocument }) {
  const say = useWords(standingOrdersWords);
  const said = useSaid();
  const [name, setName] = useState('');
  const [product, setProduct] = useState(book.packProducts?.[0]?.id ?? '');
  const [size, setSize] = useState<string>('advised');
  const [below, setBelow] = useState<number | null>(20);
  const [daysBefore, setDaysBefore] = useState<number | null>(null);
  const [mostPurchases, setMostPurchases] = useState<number | null>(1);
  const [mostMoney, setMostMoney] = useState('');
  const sizes = book.packProducts?.find(({ id }) => id === product)?.sizes ?? [];
  const isWhole =
    name.trim() !== '' &&
    (below !== null || daysBefore !== null) &&
    mostPurchases !== null &&
    /^\d+(\.\d{1,3})?$/.test(mostMoney.trim());
  const body = {
    name: name.trim(),
    watch: { product },
    ...(below === null ? {} : { below: { percent: below } }),
    ...(daysBefore === null ? {} : { daysBefore }),
    buy: { product, size: size === 'advised' ? size : Number(size) },
    mostPurchases,
    mostMoney: mostMoney.trim(),
  };
  const cli = [
    ...['order', 'standing', 'set', account, name.trim(), '--product', product],
    ...(below === null ? [] : ['--below', `${below}%`]),
    ...(daysBefore === null ? [] : ['--days-before', String(daysBefore)]),
    ...['--buy', `${product}:${size}`, '--most', String(mostPurchases ?? ''), '--most-money', mostMoney.trim()],
  ];
  return (
    <ActButton
      label={say('add')}
      method="POST"
      path={accountCall(account, '/standing-orders')}
      body={isWhole ? body : null}
      cli={cli}
      button={{ type: 'primary' }}
    >
      <p>{say('addHelp')}</p>
      <Field label={say('name')}>
        <Input maxLength={64} value={name} onChange={({ target }) => setName(target.value)} />
      </Field>
      <Field label={say('product')}>
        <Select
          style={{ width: '100%' }}
          value={product}
          options={(book.packProducts ?? []).map(({ id }) => ({
            value: id,
            label: said(titleIn(book, 'packProducts', id)),
          }))}
          onChange={(chosen: string) => {
            setProduct(chosen);
            setSize('advised');
          }}
        />
      </Field>
      <Field label={say('size')}>
        <Select
          style={{ width: '100%' }}
          value={size}
          options={[
            { value: 'advised', label: say('advised') },
            ...sizes.map(({ calls }) => ({ value: String(calls), label: countText(calls) })),
          ]}
          onChange={setSize}
        />
      </Field>
      <Field label={say('percent')}>
        <InputNumber min={1} max={99} precision={0} style={{ width: '100%' }} value={below} onChange={setBelow} />
      </Field>
      <Field label={say('days')}>
        <InputNumber min={1} precision={0} style={{ width: '100%' }} value={daysBefore} onChange={setDaysBefore} />
      </Field>
      <Field label={say('mostPurchases')}>
        <InputNumber
          min={1}
          precision={0}
          style={{ width: '100%' }}
          value={mostPurchases}
          onChange={setMostPurchases}
        />
      </Field>
      <Field label={say('mostMoney')}>
        <Input value={mostMoney} placeholder="30000.00" onChange={({ target }) => setMostMoney(target.value)} />
      </Field>
    </ActButton>
  );
}
