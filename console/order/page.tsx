// One order: how to pay it, what became of it, and for operators its confirmation.

import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Descriptions, Input, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { accountPath, useAccount, useAccountId } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { Field } from '../parts/field.tsx';
import { Amount, amountText, When } from '../parts/figures.tsx';
import { type Order, useWhat } from '../parts/order-list.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { ask } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { moneyWords } from '../words/money.ts';

export default function OrderPage() {
  const say = useWords(moneyWords);
  const { order: id = '' } = useParams();
  const path = `/v1/orders/${encodeURIComponent(id)}`;
  const { data: order, error, refetch } = useQuery({ queryKey: [path], queryFn: () => ask<Order>('GET', path) });
  return (
    <>
      <PageHead
        title={
          <>
            {say('order')} <code>{id}</code>
          </>
        }
      />
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {order === undefined ? error === null ? <Skeleton active /> : null : <OrderShown order={order} />}
    </>
  );
}

function OrderShown({ order }: { order: Order }) {
  const say = useWords(moneyWords);
  const what = useWhat();
  const account = useAccountId();
  const { data: owner } = useAccount(account);
  const zone = owner?.timeZone;
  const due = amountText(order.amount, order.currency);
  const rows = [
    { label: say('state'), children: say(order.state) },
    { label: say('what'), children: what(order) },
    { label: say('amount'), children: <Amount amount={order.amount} currency={order.currency} /> },
    { label: say('pay'), children: say(order.pay === 'transfer' ? 'transfer' : 'balancePay') },
    { label: say('madeAt'), children: <When at={order.madeAt} zone={zone} /> },
    { label: say('madeBy'), children: <code>{order.madeBy}</code> },
    { label: say('lapsesAt'), children: <When at={order.lapsesAt} zone={zone} /> },
    { label: say('endedAt'), children: <When at={order.endedAt} zone={zone} /> },
    ...(order.reference === null ? [] : [{ label: say('reference'), children: order.reference }]),
    ...(order.received === null
      ? []
      : [{ label: say('received'), children: <Amount amount={order.received} currency={order.currency} /> }]),
  ];
  return (
    <div className="stack" style={{ marginTop: 16 }}>
      {order.state === 'pending' ? (
        <Alert type="info" showIcon title={say('instructions', { amount: due, id: order.id })} />
      ) : null}
      <Card size="small">
        <Descriptions size="small" column={1} items={rows.map((row) => ({ key: row.label, ...row }))} />
        {order.delivered.length === 0 ? null : (
          <p>
            {say('deliveredPacks')}{' '}
            {order.delivered.slice(0, 20).map((pack) => (
              <span key={pack}>
                <Link to={accountPath(account, `packs/${encodeURIComponent(pack)}`)}>{pack}</Link>{' '}
              </span>
            ))}
          </p>
        )}
      </Card>
      {order.state === 'pending' ? <Acts order={order} due={due} /> : null}
    </div>
  );
}

function Acts({ order, due }: { order: Order; due: string }) {
  const say = useWords(moneyWords);
  const me = useMe();
  const [reference, setReference] = useState('');
  const [received, setReceived] = useState('');
  const path = `/v1/orders/${encodeURIComponent(order.id)}`;
  const isWhole = reference.trim() !== '' && received.trim() !== '';
  return (
    <div className="bar">
      {may(me, 'money') ? (
        <ActButton<{ approval?: string }>
          label={say('confirm')}
          title={say('confirmTitle')}
          method="POST"
          path={`${path}/confirm`}
          keyed
          body={isWhole ? { reference: reference.trim(), amount: received.replace(/[,\s]/g, '') } : null}
          cli={['order', 'confirm', order.id, '--reference', reference, '--amount', received]}
          button={{ type: 'primary' }}
          done={({ approval }) => <p>{approval === undefined ? say('delivered') : `${say('waits')} ${approval}`}</p>}
        >
          <p>{say('confirmHelp', { amount: due })}</p>
          <Field label={say('reference')}>
            <Input
              placeholder={say('referenceHelp')}
              value={reference}
              onChange={({ target }) => setReference(target.value)}
            />
          </Field>
          <Field label={say('received')}>
            <Input
              inputMode="decimal"
              placeholder={order.amount}
              value={received}
              onChange={({ target }) => setReceived(target.value)}
            />
          </Field>
        </ActButton>
      ) : null}
      {may(me, 'buy') ? (
        <ActButton
          label={say('cancel')}
          title={say('cancelTitle')}
          method="POST"
          path={`${path}/cancel`}
          keyed
          cli={['order', 'cancel', order.id]}
          danger
        >
          <p>{say('cancelHelp')}</p>
        </ActButton>
      ) : null}
    </div>
  );
}
