// The calls of an account, month by month or a day, the latest first; each leads to its receipt.

import { Typography } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { accountPath, type BookDocument, titleIn, useAccount, useAccountId, useBookOf } from '../parts/account.ts';
import { countText, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { MonthInput, monthOf, startOfDay } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { usePages } from '../parts/pages.ts';
import type { Answer } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { callsWords } from '../words/calls.ts';

type Receipt = Answer<'eventPage'>['events'][number];

export default function Calls() {
  const say = useWords(callsWords);
  const id = useAccountId();
  const now = useNow();
  const [asked, setAsked] = useSearchParams();
  const { data: account } = useAccount(id);
  const { data: book } = useBookOf(account?.book);
  const zone = account?.timeZone;
  if (account === undefined || now === undefined || zone === undefined)
    return <Typography.Title level={1}>{say('title')}</Typography.Title>;
  const month = asked.get('month') ?? monthOf(now, zone);
  const day = asked.get('day');
  return (
    <>
      <div className="bar">
        <Typography.Title level={1} className="page-title">
          {say('title')}
        </Typography.Title>
        <span className="grow" />
        {day === null ? null : (
          <span>
            {say('day')} {day}
          </span>
        )}
        <MonthInput
          label={say('month')}
          month={month}
          onChange={(value) => setAsked({ month: value }, { replace: true })}
        />
      </div>
      <CallsOf account={id} zone={zone} month={month} day={day} book={book} />
    </>
  );
}

interface Props {
  readonly account: string;
  readonly zone: string;
  readonly month: string;
  readonly day: string | null;
  readonly book: BookDocument | undefined;
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
const firstOfNext = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
};

function CallsOf({ account, zone, month, day, book }: Props) {
  const say = useWords(callsWords);
  const said = useSaid();
  const from = startOfDay(day ?? `${month}-01`, zone);
  const to = startOfDay(day === null ? firstOfNext(month) : dayAfter(day), zone);
  const pages = usePages<Answer<'eventPage'>, Receipt>(
    '/v1/events',
    { account, from, to },
    ({ events }) => events,
    100,
  );
  const columns: Column<Receipt>[] = [
    {
      key: 'event',
      title: say('event'),
      cell: ({ event, source }) => <Link to={receiptPath(account, event, source)}>{event}</Link>,
    },
    { key: 'time', title: say('time'), cell: ({ time }) => <When at={time} zone={zone} /> },
    {
      key: 'meter',
      title: say('meter'),
      cell: ({ meter }) => (meter === null ? '–' : said(titleIn(book, 'meters', meter))),
    },
    { key: 'calls', title: say('calls'), isNumber: true, cell: ({ calls }) => countText(calls) },
    { key: 'outcome', title: say('outcome'), cell: ({ outcome }) => say(outcome) },
    { key: 'payer', title: say('payer'), cell: (receipt) => <Payers account={account} receipt={receipt} /> },
    { key: 'department', title: say('department'), isExtra: true, cell: ({ department }) => department ?? '' },
    { key: 'number', title: say('number'), isExtra: true, isNumber: true, cell: ({ seq }) => seq },
  ];
  const empty = (
    <>
      <p>{say('none')}</p>
      <pre className="command">
        suanpan usage send --account {account} --meter {book?.meters[0]?.id ?? 'METER'}
      </pre>
    </>
  );
  return (
    <ListTable
      label={say('title')}
      name="calls"
      pages={pages}
      columns={columns}
      keyOf={({ event, source = '' }) => `${source} ${event}`}
      empty={empty}
    />
  );
}

export function receiptPath(account: string, event: string, source?: string): string {
  const path = accountPath(account, `calls/${encodeURIComponent(event)}`);
  return source === undefined ? path : `${path}?source=${encodeURIComponent(source)}`;
}

/** Who paid, in one line. */
export function Payers({
  account,
  receipt,
}: {
  account: string;
  receipt: Pick<Receipt, 'draws' | 'postpaid' | 'notCharged'>;
}) {
  const say = useWords(callsWords);
  const { draws, postpaid, notCharged } = receipt;
  return (
    <>
      {draws.map(({ pack, calls }) => (
        <div key={pack}>
          {say('pack')} <Link to={accountPath(account, `packs/${encodeURIComponent(pack)}`)}>{pack}</Link>{' '}
          {countText(calls)}
        </div>
      ))}
      {postpaid > 0 ? <div>{say('postpaid', { calls: countText(postpaid) })}</div> : null}
      {notCharged > 0 ? <div>{say('notChargedCalls', { calls: countText(notCharged) })}</div> : null}
    </>
  );
}
