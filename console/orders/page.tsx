import { Typography } from 'antd';
import { useParams } from 'react-router';
import { OrderList } from '../parts/order-list.tsx';
import { useWords } from '../shell/language.ts';
import { moneyWords } from '../words/money.ts';

/** Orders of the account in the address, or of all. */
export default function Orders() {
  const say = useWords(moneyWords);
  const { account = null } = useParams();
  return (
    <>
      <Typography.Title level={1} className="page-title">
        {say('orders')}
      </Typography.Title>
      <OrderList account={account} />
    </>
  );
}
