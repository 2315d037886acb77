// The bills of an account, the latest first.

import { Link } from 'react-router';
import { accountPath, useAccount, useAccountId } from '../parts/account.ts';
import { Amount } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { monthOf } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { billWords } from '../words/bill.ts';

type Bill = Answer<'billPage'>['bills'][number];

export default function Bills() {
  const say = useWords(billWords);
  const id = useAccountId();
  const now = useNow();
  const { data: account } = useAccount(id);
  const currency = account?.currency ?? '';
  const pages = usePages<Answer<'billPage'>, Bill>('/v1/bills', { account: id }, ({ bills }) => bills);
  const amounts = [
    ['prepaid', 'prepaid'],
    ['postpaid', 'postpaidSum'],
    ['adjustments', 'adjustments'],
    ['total', 'total'],
  ] as const;
  const columns: Column<Bill>[] = [
    {
      key: 'month',
      title: say('month'),
      cell: (bill) => <Link to={accountPath(id, `bills/${encodeURIComponent(bill.id)}`)}>{bill.month}</Link>,
    },
    { key: 'number', title: say('number'), cell: ({ number }) => <code>{number}</code> },
    ...amounts.map(([key, word]) => ({
      key,
      title: say(word),
      isNumber: true,
      cell: (bill: Bill) => <Amount amount={bill[key]} currency={currency} />,
    })),
  ];
  const draft = account === undefined || now === undefined ? undefined : `${id}:${monthOf(now, account.timeZone)}`;
  return (
    <>
      <PageHead title={say('bills')}>
        {draft === undefined ? null : (
          <Link to={accountPath(id, `bills/${encodeURIComponent(draft)}`)}>{say('openDraft')}</Link>
        )}
      </PageHead>
      <ListTable
        label={say('bills')}
        name="bills"
        pages={pages}
        columns={columns}
        keyOf={(bill) => bill.id}
        empty={say('none')}
      />
    </>
  );
}
