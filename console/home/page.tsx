// What needs a person today, oldest first, each with the button that leads to it. Nothing else.

import { useQuery } from '@tanstack/react-query';
import { Card, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { accountPath } from '../parts/account.ts';
import { Amount, amountText, countText, grouped, monthText, When } from '../parts/figures.tsx';
import { monthOf } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { type Order, orderPath, useWhat } from '../parts/order-list.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, type Asking, ask } from '../server/ask.ts';
import { useLanguage, useSaid, useWords } from '../shell/language.ts';
import { glanceWords } from '../words/glance.ts';
import { operatorWords, worksWords } from '../words/operator.ts';

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
  readonly tasks: readonly Task[] | undefined;
  readonly error: Error | null;
}

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
        {groups.map(({ title, tasks, error }) =>
          error !== null || (tasks ?? []).length > 0 ? (
            <Card key={title} size="small" title={<h2 className="card-title">{title}</h2>}>
              <ProblemShown problem={error} />
              <ul className="rows">
                {tasks?.map(({ key, what, since, to, button }) => (
                  <li key={key}>
                    <span className="grow">{what}</span>
                    <When at={since} />
                    <Link to={to}>{button}</Link>
                  </li>
                ))}
              </ul>
            </Card>
          ) : null,
        )}
      </div>
      <Glance />
    </>
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
  const { data, error } = useAsked<Answer<'orderPage'>>('/v1/orders', { state: 'pending', limit: 50 });
  const tasks = data?.orders
    .filter(({ pay }) => pay === 'transfer')
    .toReversed()
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
  return { title: say('ordersWaiting'), tasks, error };
}

function useApprovals(): Group {
  const say = useWords(operatorWords);
  const works = useWords(worksWords);
  const { data, error } = useAsked<Answer<'approvalPage'>>('/v1/approvals', { state: 'waiting', limit: 50 });
  const tasks = data?.approvals.toReversed().map(({ approval, account, act, amount, askedAt }) => ({
    key: approval,
    what: `${account} · ${works(act)} · ${grouped(amount)}`,
    since: askedAt,
    to: '/approvals',
    button: say('decide'),
  }));
  return { title: say('approvalsWaiting'), tasks, error };
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
  return { title: say('held'), tasks, error };
}

function useJobs(): Group {
  const say = useWords(operatorWords);
  const { data, error } = useAsked<Answer<'jobList'>>('/v1/jobs');
  const tasks = data?.jobs
    .filter((job) => job.error !== null || job.failed > 0 || job.waiting > 0)
    .map(({ name, error: broke, failed, waiting, lastEnded }) => ({
      key: name,
      what: [name, broke, failed > 0 ? `${failed} ✗` : null, waiting > 0 ? `${say('blocked')}: ${waiting}` : null]
        .filter((part) => part !== null)
        .join(' · '),
      since: lastEnded,
      to: name === 'close-months' ? '/close' : '/jobs',
      button: say(name === 'close-months' ? 'closing' : 'look'),
    }));
  return { title: say('failingJobs'), tasks, error };
}

/** Those told of arrears lately that still have them. */
function useArrears(): Group {
  const say = useWords(operatorWords);
  const alerts = useAsked<Answer<'alertPage'>>('/v1/alerts', { kind: 'arrears-begun', limit: 50 });
  const begun = new Map((alerts.data?.alerts ?? []).toReversed().map(({ account, at }) => [account, at]));
  const { data, error } = useQuery({
    queryKey: ['arrears', [...begun.keys()]],
    enabled: alerts.data !== undefined,
    queryFn: () =>
      Promise.all(
        [...begun.keys()].map((id) => ask<Answer<'account'>>('GET', `/v1/accounts/${encodeURIComponent(id)}`)),
      ),
  });
  const tasks = data
    ?.filter(({ balance }) => balance.startsWith('-'))
    .map(({ id, name, balance, currency }) => ({
      key: id,
      what: (
        <>
          {name} <Amount amount={balance} currency={currency} />
        </>
      ),
      since: begun.get(id) ?? null,
      to: accountPath(id, 'overview'),
      button: say('look'),
    }));
  return { title: say('arrears'), tasks, error: error ?? alerts.error };
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
  return { title: say('failingHooks'), tasks, error };
}

function useSilent(): Group {
  const say = useWords(operatorWords);
  const said = useSaid();
  const silent = useAsked<Answer<'alertPage'>>('/v1/alerts', { kind: 'account-silent', limit: 50 });
  const back = useAsked<Answer<'alertPage'>>('/v1/alerts', { kind: 'account-back', limit: 50 });
  const isBack = (account: string, at: string) =>
    back.data?.alerts.some((other) => other.account === account && Date.parse(other.at) >= Date.parse(at)) === true;
  const tasks =
    back.data === undefined
      ? undefined
      : silent.data?.alerts
          .filter(({ account, at }) => !isBack(account, at))
          .toReversed()
          .map(({ id, account, at, subject }) => ({
            key: id,
            what: said(subject),
            since: at,
            to: accountPath(account, 'usage'),
            button: say('look'),
          }));
  return { title: say('silent'), tasks, error: silent.error ?? back.error };
}
