// The calls of an account, month by month or a day, all or those that are looked for; each leads to its receipt.

import { useQuery } from '@tanstack/react-query';
import { Input, Select, Typography } from 'antd';
import { Link, useSearchParams } from 'react-router';
import {
  accountCall,
  accountPath,
  type BookDocument,
  titleIn,
  useAccount,
  useAccountId,
  useBookOf,
} from '../parts/account.ts';
import { type Wish, wishes, wishIn } from '../parts/call-wish.ts';
import { DownloadList } from '../parts/download-list.tsx';
import { countText, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { MonthInput, monthOf, startOfDay } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { type Answer, ask } from '../server/ask.ts';
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
      <PageHead title={say('title')}>
        {day === null ? null : (
          <span>
            {say('day')} {day}
          </span>
        )}
        <MonthInput
          label={say('month')}
          month={month}
          onChange={(value) => setAsked({ ...wishIn(asked, wishes), month: value }, { replace: true })}
        />
      </PageHead>
      <Wishes account={id} book={book} />
      <CallsOf account={id} zone={zone} month={month} day={day} book={book} wish={wishIn(asked, wishes)} />
    </>
  );
}

/** What is looked for; it stands in the address. */
function Wishes({ account, book }: { account: string; book: BookDocument | undefined }) {
  const say = useWords(callsWords);
  const said = useSaid();
  const [asked, setAsked] = useSearchParams();
  const path = accountCall(account, '/packs');
  const { data: packs } = useQuery({
    queryKey: [path, 'to choose'],
    queryFn: () => ask<Answer<'packPage'>>('GET', path, { query: { limit: 200 } }),
  });
  const wish = wishIn(asked, wishes);
  const choose = (name: keyof Wish, value: string | undefined) => {
    const next = new URLSearchParams(asked);
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, value);
    setAsked(next, { replace: true });
  };
  const choice = (name: keyof Wish, options: { value: string; label: string }[]) => (
    <Select
      aria-label={say(name)}
      placeholder={say(name)}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      style={{ minWidth: 140 }}
      popupMatchSelectWidth={false}
      value={wish[name] ?? null}
      options={options}
      onChange={(value: string | null | undefined) => choose(name, value ?? undefined)}
    />
  );
  const typed = (name: keyof Wish) => (
    <Input
      // Written anew when the address says something else.
      key={wish[name] ?? ''}
      aria-label={say(name)}
      placeholder={say(name)}
      allowClear
      style={{ width: 140 }}
      defaultValue={wish[name] ?? ''}
      onPressEnter={({ currentTarget }) => choose(name, currentTarget.value.trim())}
      onBlur={({ target }) => choose(name, target.value.trim())}
      onClear={() => choose(name, undefined)}
    />
  );
  const meters = book?.meters.map(({ id }) => ({ value: id, label: said(titleIn(book, 'meters', id)) })) ?? [];
  const outcomes = (['charged', 'not-charged', 'held'] as const).map((value) => ({ value, label: say(value) }));
  const payers = [
    { value: 'postpaid', label: say('byPostpaid') },
    ...(packs?.packs.map(({ id, product }) => ({
      value: id,
      label: `${said(titleIn(book, 'packProducts', product))} ${id}`,
    })) ?? []),
  ];
  return (
    <search className="bar" aria-label={say('looked')}>
      {choice('meter', meters)}
      {choice('payer', payers)}
      {choice('outcome', outcomes)}
      {typed('department')}
      {typed('resultCode')}
    </search>
  );
}

interface Props {
  readonly wish: Wish;
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

function CallsOf({ account, zone, month, day, book, wish }: Props) {
  const say = useWords(callsWords);
  const said = useSaid();
  const from = startOfDay(day ?? `${month}-01`, zone);
  const to = startOfDay(day === null ? firstOfNext(month) : dayAfter(day), zone);
  const pages = usePages<Answer<'eventPage'>, Receipt>(
    '/v1/events',
    { account, from, to, ...wish },
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
    {
      key: 'payer',
      title: say('payer'),
      cell: (receipt) => <Payers account={account} zone={zone} receipt={receipt} />,
    },
    { key: 'department', title: say('department'), isExtra: true, cell: ({ department }) => department ?? '' },
    { key: 'number', title: say('number'), isExtra: true, isNumber: true, cell: ({ seq }) => seq },
  ];
  const isWished = Object.keys(wish).length > 0;
  const empty = isWished ? (
    <p>{say(pages.hasNextPage ? 'noneYet' : 'noneSuch')}</p>
  ) : (
    <>
      <p>{say('none')}</p>
      <pre className="command">
        suanpan usage send --account {account} --meter {book?.meters[0]?.id ?? 'METER'}
      </pre>
    </>
  );
  return (
    <>
      <div className="bar">
        <span className="grow" />
        <DownloadList account={account} list="calls" query={{ from, to, ...wish }} />
      </div>
      <ListTable
        label={say('title')}
        name="calls"
        pages={pages}
        columns={columns}
        keyOf={({ event, source = '' }) => `${source} ${event}`}
        empty={empty}
      />
    </>
  );
}

export function receiptPath(account: string, event: string, source?: string): string {
  const path = accountPath(account, `calls/${encodeURIComponent(event)}`);
  return source === undefined ? path : `${path}?source=${encodeURIComponent(source)}`;
}

/** Who paid, in one line. */
export function Payers({
  account,
  zone,
  receipt,
}: {
  account: string;
  zone: string | undefined;
  receipt: Pick<Receipt, 'draws' | 'postpaid' | 'notCharged'>;
}) {
  const say = useWords(callsWords);
  const { draws, postpaid, notCharged } = receipt;
  return (
    <>
      {draws.map(({ pack, calls, drawnLater }) => (
        <div key={pack}>
          {say('pack')} <Link to={accountPath(account, `packs/${encodeURIComponent(pack)}`)}>{pack}</Link>{' '}
          {countText(calls)}
          {drawnLater === undefined ? null : (
            <>
              {' '}
              · {say('later')} <When at={drawnLater.time} zone={zone} /> · #{drawnLater.seq}
            </>
          )}
        </div>
      ))}
      {postpaid > 0 ? <div>{say('postpaid', { calls: countText(postpaid) })}</div> : null}
      {notCharged > 0 ? <div>{say('notChargedCalls', { calls: countText(notCharged) })}</div> : null}
    </>
  );
}
