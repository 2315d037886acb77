import { useParams } from 'react-router';
import { OrderList } from '../parts/order-list.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { useWords } from '../shell/language.ts';
import { moneyWords } from '../words/money.ts';

/** Orders of the account in the address, or of all. */
export default function Orders() {
  const say = useWords(moneyWords);
  const { account = null } = useParams();
  return (
    <>
      <PageHead title={say('orders')} />
      <OrderList account={account} />
    </>
  );
}
