// What needs a person today, oldest first, each with the button that leads to it. Nothing else.

import { useQuery } from '@tanstack/react-query';
import { Card, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { accountCall, accountPath } from '../parts/account.ts';
import { Amount, amountText, countText, grouped, monthText, When } from '../parts/figures.tsx';
import { useKind } from '../parts/kind.ts';
import { monthOf } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { type Order, orderPath, useWhat } from '../parts/order-list.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { askPages } from '../parts/pages.ts';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, type Asking, ask } from '../server/ask.ts';
import { useLanguage, useSaid, useWords } from '../shell/language.ts';
import { glanceWords } from '../words/glance.ts';
import { operatorWords } from '../words/operator.ts';
import { worksWords } from '../words/works.ts';

const useAsked = <Result,>(path: string, query: Asking['query'] = {}) =>
  useQuery({
    queryKey: [path, query, 'home'],
    queryFn: () => ask<Result>('GET', path, { query }),
    refetchInterval: 60_000,
  });

interface Task {
  readonly key: string;
  readonly what: ReactNode;
  readonly since: string | null;
  readonly to: string;
  readonly button: string;
}

interface Group {
  readonly title: string;
  /** The oldest first. */
  readonly tasks: readonly Task[] | undefined;
  readonly error: Error | null;
  /** Where all of them stand, those that are not among these too. */
  readonly all: string;
  /** There are more than these. */
  readonly isCut?: boolean;
}

/** Of each kind: who has worked them off finds the next ones here. */
const mostTasks = 10;

const isCut = (page: { readonly next: string | null } | undefined): boolean => page !== undefined && page.next !== null;

export default function Home() {
  const say = useWords(operatorWords);
  const groups = [useOrders(), useApprovals(), useHeld(), useJobs(), useArrears(), useHooks(), useSilent()];
  const isKnown = groups.every(({ tasks, error }) => tasks !== undefined || error !== null);
  const isQuiet = isKnown && groups.every(({ tasks }) => tasks?.length === 0);
  return (
    <>
      <PageHead title={say('home')} />
      {isKnown ? null : <Skeleton active />}
      {isQuiet ? <div className="empty">{say('nothing')}</div> : null}
      <div className="stack" style={{ marginTop: 16 }}>
        {groups.map((group) => (
          <GroupShown key={group.title} group={group} />
        ))}
      </div>
      <Glance />
    </>
  );
}

function GroupShown({ group: { title, tasks = [], error, all, isCut = false } }: { group: Group }) {
  const say = useWords(operatorWords);
  if (error === null && tasks.length === 0) return null;
  const others = tasks.length - mostTasks;
  return (
    <Card size="small" title={<h2 className="card-title">{title}</h2>}>
      <ProblemShown problem={error} />
      <ul className="rows">
        {tasks.slice(0, mostTasks).map(({ key, what, since, to, button }) => (
          <li key={key}>
            <span className="grow">{what}</span>
            <When at={since} />
            <Link to={to}>{button}</Link>
          </li>
        ))}
      </ul>
      {isCut || others > 0 ? (
        <p>
          <Link to={all}>{say(isCut ? 'andMore' : 'andOthers', { count: countText(others) })}</Link>
        </p>
      ) : null}
    </Card>
  );
}

/** Below what needs somebody: how the month goes, for all accounts. */
function Glance() {
  const say = useWords(glanceWords);
  const language = useLanguage();
  const now = useNow();
  const month = now === undefined ? undefined : monthOf(now, Intl.DateTimeFormat().resolvedOptions().timeZone);
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/bills/figures', month],
    queryFn: () => ask<Answer<'monthFigures'>>('GET', '/v1/bills/figures', { query: { month } }),
    enabled: month !== undefined,
    staleTime: 300_000,
  });
  return (
    <Card
      size="small"
      style={{ marginTop: 16 }}
      title={<h2 className="card-title">{say('glance', { month: monthText(month ?? '2000-01', language) })}</h2>}
    >
      <ProblemShown problem={error} onAgain={() => void refetch()} />
      {data === undefined && error === null ? <Skeleton active paragraph={{ rows: 2 }} /> : null}
      {data === undefined ? null : (
        <>
          <PlainTable
            label={say('glance', { month: data.month })}
            columns={[say('figure'), { title: say('value'), isNumber: true }]}
            rows={[
              [say('accounts'), countText(data.accounts)] as const,
              [say('callsOfPacks'), countText(data.calls.packs)] as const,
              [say('callsPostpaid'), countText(data.calls.postpaid)] as const,
              [say('callsFree'), countText(data.calls.notCharged)] as const,
              ...data.money.flatMap(({ currency, packsSold, packs, bills, charged }) => [
                [say('packsSold', { count: countText(packsSold) }), amountText(packs, currency)] as const,
                [say('billsCharged', { count: countText(bills) }), amountText(charged, currency)] as const,
              ]),
            ].map(([name, value]) => ({ key: name + value, cells: [name, value] }))}
          />
          <p>
            {say('countedAt')} <When at={data.countedAt} />
          </p>
        </>
      )}
    </Card>
  );
}

function useOrders(): Group {
  const say = useWords(operatorWords);
  const what = useWhat();
  const { data, error } = useAsked<Answer<'orderPage'>>('/v1/orders', {
    state: 'pending',
    sort: 'oldest',
    limit: 50,
  });
  const tasks = data?.orders
    .filter(({ pay }) => pay === 'transfer')
    .map((order: Order) => ({
      key: order.id,
      what: (
        <>
          <code>{order.id}</code> {what(order)} <Amount amount={order.amount} currency={order.currency} />
        </>
      ),
      since: order.madeAt,
      to: orderPath(order),
      button: say('confirm'),
    }));
  return { title: say('ordersWaiting'), tasks, error, all: '/orders?state=pending', isCut: isCut(data) };
}

function useApprovals(): Group {
  const say = useWords(operatorWords);
  const works = useWords(worksWords);
  const { data, error } = useAsked<Answer<'approvalPage'>>('/v1/approvals', {
    state: 'waiting',
    sort: 'oldest',
    limit: 50,
  });
  const tasks = data?.approvals.map(({ approval, account, act, amount, askedAt }) => ({
    key: approval,
    what: `${account} · ${works(act)} · ${grouped(amount)}`,
    since: askedAt,
    to: '/approvals',
    button: say('decide'),
  }));
  return { title: say('approvalsWaiting'), tasks, error, all: '/approvals', isCut: isCut(data) };
}

function useHeld(): Group {
  const say = useWords(operatorWords);
  const { data, error } = useAsked<Answer<'heldCodes'>>('/v1/reviews/codes');
  const tasks = data?.codes
    .toSorted((a, b) => a.oldest.localeCompare(b.oldest))
    .map(({ action, resultCode, reason, events, accounts, oldest }) => ({
      key: `${action} ${resultCode} ${reason}`,
      what: say('heldOf', {
        events: countText(events),
        accounts: countText(accounts),
        what: [action, resultCode].filter((part) => part !== null).join(' '),
      }),
      since: oldest,
      to: '/reviews',
      button: say('judge'),
    }));
  return { title: say('held'), tasks, error, all: '/reviews' };
}

type Job = Answer<'jobList'>['jobs'][number];

/** Other jobs try again by themselves what waits. */
const blockedBills = ({ name, waiting }: Job): number => (name === 'close-months' ? waiting : 0);

function useJobs(): Group {
  const say = useWords(operatorWords);
  const kindText = useKind();
  const { data, error } = useAsked<Answer<'jobList'>>('/v1/jobs');
  const tasks = data?.jobs
    .filter((job) => job.error !== null || job.failed > 0 || blockedBills(job) > 0)
    .map((job) => ({ ...job, blocked: blockedBills(job) }))
    .map(({ name, error: broke, failed, blocked, lastEnded }) => ({
      key: name,
      what: [
        kindText(name),
        broke,
        failed > 0 ? `${failed} ✗` : null,
        blocked > 0 ? `${say('blocked')}: ${countText(blocked)}` : null,
      ]
        .filter((part) => part !== null)
        .join(' · '),
      since: lastEnded,
      to: name === 'close-months' ? '/close' : '/jobs',
      button: say(name === 'close-months' ? 'closing' : 'look'),
    }));
  return { title: say('failingJobs'), tasks, error, all: '/jobs' };
}

/** Those in arrears, with what they owe. */
function useArrears(): Group {
  const say = useWords(operatorWords);
  const open = useLasting('arrears-begun', 'arrears-ended');
  const first = open.lasting?.slice(0, mostTasks).map(({ account }) => account) ?? [];
  const { data, error } = useQuery({
    queryKey: ['arrears', first],
    enabled: open.lasting !== undefined,
    queryFn: async () => {
      const found = await Promise.all(first.map((id) => ask<Answer<'account'>>('GET', accountCall(id))));
      return new Map(found.map((account) => [account.id, account]));
    },
  });
  const tasks =
    data &&
    open.lasting?.map(({ account: id, at }) => {
      const { name = id, balance, currency = '' } = data.get(id) ?? {};
      return {
        key: id,
        what: (
          <>
            {name} {balance === undefined ? null : <Amount amount={balance} currency={currency} />}
          </>
        ),
        since: at,
        to: accountPath(id, 'overview'),
        button: say('look'),
      };
    });
  const all = '/accounts?state=arrears';
  return { title: say('arrears'), tasks, error: error ?? open.error, all, isCut: open.isCut };
}

function useHooks(): Group {
  const say = useWords(operatorWords);
  const { data, error } = useAsked<Answer<'webhookPage'>>('/v1/webhooks', { limit: 200 });
  const tasks = data?.webhooks
    .filter(({ failuresInARow, state }) => failuresInARow > 0 || state === 'gone')
    .map(({ id, url, account, lastProblem, lastSuccessAt }) => ({
      key: id,
      what: (
        <>
          <code className="command">{url}</code> {lastProblem}
        </>
      ),
      since: lastSuccessAt,
      to: account === null ? '/webhooks' : accountPath(account, 'webhooks'),
      button: say('look'),
    }));
  return { title: say('failingHooks'), tasks, error, all: '/webhooks', isCut: isCut(data) };
}

function useSilent(): Group {
  const say = useWords(operatorWords);
  const said = useSaid();
  const { lasting, error, isCut: isMore } = useLasting('account-silent', 'account-back');
  const tasks = lasting?.map(({ id, account, at, subject }) => ({
    key: id,
    what: said(subject),
    since: at,
    to: accountPath(account, 'usage'),
    button: say('look'),
  }));
  return { title: say('silent'), tasks, error, all: '/alerts?kind=account-silent', isCut: isMore };
}

type Told = Answer<'alertPage'>['alerts'][number];

/** What accounts were told has begun and were not told has ended: the oldest first, of the latest thousand. */
function useLasting(begun: Told['kind'], ended: Told['kind']) {
  const [begins, ends] = [useTold(begun), useTold(ended)];
  const error = begins.error ?? ends.error;
  if (begins.data === undefined || ends.data === undefined) return { lasting: undefined, error, isCut: false };
  const last = (rows: readonly Told[]) => new Map(rows.toReversed().map((row) => [row.account, row]));
  const over = last(ends.data.rows);
  const lasting = [...last(begins.data.rows).values()]
    .filter(({ account, at }) => Date.parse(over.get(account)?.at ?? '1970-01-01') < Date.parse(at))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return { lasting, error, isCut: begins.data.isCut };
}

const useTold = (kind: Told['kind']) =>
  useQuery({
    queryKey: ['/v1/alerts', kind, 'home'],
    queryFn: () =>
      askPages<Answer<'alertPage'>, Told>('/v1/alerts', { kind }, ({ alerts }) => alerts, { pages: 5, limit: 200 }),
    refetchInterval: 60_000,
  });
