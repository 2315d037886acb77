// Orders of one account or of all.

import { Segmented } from 'antd';
import { Link, useSearchParams } from 'react-router';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { moneyWords } from '../words/money.ts';
import { accountPath } from './account.ts';
import { Amount, countText, When } from './figures.tsx';
import { type Column, ListTable } from './list-table.tsx';
import { usePages } from './pages.ts';

export type Order = Answer<'order'>;

export function useWhat(): (order: Order) => string {
  const say = useWords(moneyWords);
  return ({ packs, topUp }) =>
    topUp !== null
      ? say('topUpOf')
      : packs
          .map(({ product, size, count }) =>
            say('packsOf', { count: countText(count), product, size: countText(size) }),
          )
          .join('; ');
}

export const orderPath = ({ account, id }: Order): string => accountPath(account, `orders/${encodeURIComponent(id)}`);

export function OrderList({ account }: { account: string | null }) {
  const say = useWords(moneyWords);
  const what = useWhat();
  const [asked, setAsked] = useSearchParams();
  const state = asked.get('state') ?? '';
  const pages = usePages<Answer<'orderPage'>, Order>('/v1/orders', { account, state }, ({ orders }) => orders);
  const ofAccount: Column<Order> = { key: 'account', title: say('account'), cell: (order) => order.account };
  const columns: Column<Order>[] = [
    { key: 'order', title: say('order'), cell: (order) => <Link to={orderPath(order)}>{order.id}</Link> },
    ...(account === null ? [ofAccount] : []),
    { key: 'state', title: say('state'), cell: (order) => say(order.state) },
    { key: 'what', title: say('what'), cell: what },
    {
      key: 'amount',
      title: say('amount'),
      isNumber: true,
      cell: ({ amount, currency }) => <Amount amount={amount} currency={currency} />,
    },
    { key: 'made', title: say('madeAt'), cell: ({ madeAt }) => <When at={madeAt} /> },
    { key: 'lapses', title: say('lapsesAt'), cell: ({ lapsesAt }) => <When at={lapsesAt} withTime={false} /> },
  ];
  const states = ['pending', 'delivered', 'cancelled', 'lapsed'] as const;
  const options = [{ value: '', label: say('all') }, ...states.map((value) => ({ value, label: say(value) }))];
  return (
    <>
      <div className="bar scroll-x">
        <Segmented
          aria-label={say('state')}
          value={state}
          options={options}
          onChange={(value) => setAsked(value === '' ? {} : { state: value }, { replace: true })}
        />
      </div>
      <ListTable
        label={say('orders')}
        name="orders"
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        empty={say('ordersNone')}
      />
    </>
  );
}
