// Closing a month for all accounts: progress while it runs, then who is blocked and why, to be worked through. The server goes on when
// the page is left; closing again changes nothing that is final.

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, Progress, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { accountPath } from '../parts/account.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { grouped } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { MonthInput, monthOf } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { percentOf } from '../parts/pack-bar.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask, askLines } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { worksWords } from '../words/works.ts';

type Closed = Answer<'closed'>;
type Bill = Answer<'billPage'>['bills'][number];

/** The month before the one that a moment is in. */
function lastMonth(now: string): string {
  const [year = 0, number = 0] = monthOf(now, Intl.DateTimeFormat().resolvedOptions().timeZone).split('-').map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
}

export default function Close() {
  const say = useWords(worksWords);
  const now = useNow();
  const [asked, setAsked] = useSearchParams();
  const month = asked.get('month') ?? (now === undefined ? undefined : lastMonth(now));
  return (
    <>
      <PageHead title={say('close')}>
        <MonthInput
          label={say('month')}
          month={month ?? ''}
          onChange={(value) => setAsked({ month: value }, { replace: true })}
        />
      </PageHead>
      {month === undefined ? <Skeleton active /> : <CloseMonth key={month} month={month} />}
    </>
  );
}

interface Progressed {
  readonly done: number;
  readonly of: number;
}

function CloseMonth({ month }: { month: string }) {
  const say = useWords(worksWords);
  const me = useMe();
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progressed>();
  const [closed, setClosed] = useState<Closed>();
  const [problem, setProblem] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    setProblem(undefined);
    setClosed(undefined);
    try {
      const last = await askLines<Progressed, Closed>('/v1/bills/close', { month }, setProgress);
      setClosed(last);
      await client.invalidateQueries();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack">
      <Card size="small">
        <p>{say('closeHelp', { month })}</p>
        {may(me, 'money') ? (
          <Button type="primary" loading={isBusy} onClick={() => void start()}>
            {say('start')}
          </Button>
        ) : null}
        {progress === undefined ? null : (
          <>
            <Progress percent={percentOf(progress.done, progress.of)} aria-label={say('start')} />
            <p aria-live="polite">
              {say('progress', { done: progress.done, of: progress.of })} {isBusy ? say('leave') : ''}
            </p>
          </>
        )}
        <ProblemShown problem={problem} onAgain={() => void start()} />
        {closed === undefined ? null : <Outcome closed={closed} />}
        <AsCommand method="POST" path="/v1/bills/close" body={{ month }} cli={['bill', 'close', month]} />
      </Card>
      {closed === undefined && !isBusy ? <Ready month={month} /> : null}
      <Finals month={month} />
    </div>
  );
}

/** Who could be closed now and who could not: looked through slice by slice, and nothing changed. */
function Ready({ month }: { month: string }) {
  const say = useWords(worksWords);
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['/v1/bills/readiness', month],
    queryFn: ({ pageParam, signal }) =>
      ask<Answer<'closeReadiness'>>('GET', '/v1/bills/readiness', {
        query: { month, limit: 200, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  useEffect(() => {
    if (hasNextPage && !isFetching && error === null) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  const pages = data?.pages ?? [];
  const blocked = pages.flatMap((page) => page.blocked);
  const sum = (of: 'looked' | 'ready') => pages.reduce((total, page) => total + page[of], 0);
  const isThrough = data !== undefined && !hasNextPage;
  return (
    <Card size="small" title={<h2 className="card-title">{say('readiness')}</h2>}>
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {data === undefined && error === null ? <Skeleton active paragraph={{ rows: 2 }} /> : null}
      {data === undefined ? null : (
        <p aria-live="polite">
          {say('readySoFar', { looked: grouped(String(sum('looked'))), ready: grouped(String(sum('ready'))) })}{' '}
          {isThrough ? null : say('looking')}
        </p>
      )}
      {isThrough && blocked.length === 0 && sum('ready') > 0 ? <p>{say('allReady')}</p> : null}
      {blocked.length === 0 ? null : (
        <>
          <p>{say('cannotClose', { count: grouped(String(blocked.length)) })}</p>
          <Refused accounts={blocked.slice(0, mostShown)} />
          {blocked.length > mostShown ? <pre className="command">suanpan bill ready {month}</pre> : null}
        </>
      )}
    </Card>
  );
}

/** The rest is a list for a file. */
const mostShown = 100;

const Refused = ({ accounts }: { accounts: Closed['refused'] }) => (
  <ul className="rows">
    {accounts.map(({ account, detail }) => (
      <li key={account}>
        <Link to={accountPath(account, 'terms')}>{account}</Link>
        <span>{detail}</span>
      </li>
    ))}
  </ul>
);

function Outcome({ closed }: { closed: Closed }) {
  const say = useWords(worksWords);
  const { refused } = closed;
  return (
    <>
      <Alert
        type={refused.length === 0 ? 'success' : 'warning'}
        showIcon
        title={say('closed', { closed: closed.closed, already: closed.alreadyFinal })}
        description={refused.length === 0 ? say('allDone') : say('blockedTitle', { count: refused.length })}
      />
      <Refused accounts={refused} />
    </>
  );
}

function Finals({ month }: { month: string }) {
  const say = useWords(worksWords);
  const pages = usePages<Answer<'billPage'>, Bill>('/v1/bills', { month }, ({ bills }) => bills);
  const columns: Column<Bill>[] = [
    {
      key: 'account',
      title: say('account'),
      cell: ({ id, account }) => <Link to={accountPath(account, `bills/${encodeURIComponent(id)}`)}>{account}</Link>,
    },
    { key: 'number', title: say('number'), cell: ({ number }) => <code>{number}</code> },
    {
      key: 'total',
      title: say('total'),
      isNumber: true,
      cell: ({ total }) => (total === null ? say('none') : grouped(total)),
    },
  ];
  return (
    <Card size="small" title={<h2 className="card-title">{say('finals')}</h2>}>
      <ListTable
        label={say('finals')}
        name="finals"
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        empty={say('noFinals')}
      />
    </Card>
  );
}
