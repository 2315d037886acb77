// One account at a glance: the month so far and why, how it will end, packs, balance, alerts, last bills. Each part loads by itself.

import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Skeleton, Statistic, Typography } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import {
  accountCall,
  accountPath,
  type BookDocument,
  chargeTitleIn,
  titleIn,
  useAccount,
  useAccountId,
  useBookOf,
} from '../parts/account.ts';
import { BillLines } from '../parts/bill-lines.tsx';
import { Amount, amountText, countText, monthText, When } from '../parts/figures.tsx';
import { daysUntil, monthOf } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { aheadOf, forecastOf, lossOf, type Pack, PackBar } from '../parts/pack-bar.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useLanguage, useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { overviewWords } from '../words/overview.ts';
import { partsWords } from '../words/parts.ts';

export default function Overview() {
  const id = useAccountId();
  const account = useAccount(id);
  const { data, error, refetch } = account;
  if (error !== null && data === undefined) return <ProblemShown problem={error} onAgain={() => void refetch()} />;
  if (data === undefined) return <Skeleton active />;
  return <OverviewOf account={data} />;
}

type Account = Answer<'account'>;

function OverviewOf({ account }: { account: Account }) {
  const say = useWords(overviewWords);
  return (
    <>
      <Typography.Title level={1} style={{ fontSize: 28, marginTop: 0 }}>
        {account.name === '' ? account.id : account.name}
      </Typography.Title>
      {account.serviceStopped ? (
        <Alert type="error" showIcon title={say('stopped')} style={{ marginBottom: 16 }} />
      ) : null}
      {account.suspended ? <Alert type="error" showIcon title={say('suspended')} style={{ marginBottom: 16 }} /> : null}
      <div className="two-columns">
        <div className="stack">
          <SoFar account={account} />
          <ExpiringSoon account={account} />
          <Packs account={account} />
        </div>
        <div className="stack">
          <Ahead account={account} />
          <Balance account={account} />
          <LastBills account={account} />
          <LastAlerts account={account} />
        </div>
      </div>
    </>
  );
}

function Part({ title, more, children }: { title: string; more?: ReactNode; children: ReactNode }) {
  return (
    <Card size="small" title={<h2 className="card-title">{title}</h2>} extra={more}>
      {children}
    </Card>
  );
}

interface Asked<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

function Loaded<Data>({ of, children }: { of: Asked<Data>; children: (data: Data) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  if (of.error !== null) return <ProblemShown problem={of.error} onAgain={() => void of.refetch()} />;
  return <Skeleton active paragraph={{ rows: 2 }} />;
}

function SoFar({ account }: { account: Account }) {
  const say = useWords(overviewWords);
  const said = useSaid();
  const language = useLanguage();
  const now = useNow();
  const month = now === undefined ? undefined : monthOf(now, account.timeZone);
  const path = `/v1/bills/${encodeURIComponent(`${account.id}:${month}`)}`;
  const bill = useQuery({
    queryKey: [path],
    queryFn: () => ask<Answer<'bill'>>('GET', path),
    enabled: month !== undefined,
  });
  const book = useBookOf(account.book);
  const partsSay = useWords(partsWords);
  const totalText = (amount: string | null, currency: string) =>
    amount === null ? partsSay('quoteRequired') : amountText(amount, currency);
  const postpaidText = (line: Answer<'bill'>['lines'][number], of: BookDocument | undefined): string[] =>
    line.kind !== 'postpaid' || line.unitPrice === null
      ? []
      : [
          say(line.per === undefined ? 'postpaidLine' : 'postpaidBlocks', {
            what: said(chargeTitleIn(of, line)),
            calls: countText(line.calls),
            per: countText(line.per ?? 1),
            price: amountText(line.unitPrice, account.currency),
          }),
        ];
  return (
    <Part title={say('soFar', { month: month === undefined ? '' : monthText(month, language) })}>
      <Loaded of={bill}>
        {({ total, estimate, lines, notices, currency }) => (
          <>
            <Statistic
              title={say('draft')}
              valueRender={() => <Amount amount={total ?? estimate} currency={currency} />}
              value={0}
              className="total"
            />
            <p className="lead">
              {[
                say('soFarIs', {
                  month: monthText(month ?? '', language),
                  total: totalText(total ?? estimate, currency),
                }),
                ...lines.flatMap((line) => postpaidText(line, book.data)),
              ].join(say('comma'))}
              {say('stop')}
            </p>
            {notices.map((notice) => (
              <Alert key={notice.en} type="warning" showIcon title={said(notice)} style={{ margin: '8px 0' }} />
            ))}
            {lines.length === 0 ? (
              <p>{say('noLines')}</p>
            ) : (
              <BillLines lines={lines} account={account.id} month={month ?? ''} currency={currency} book={book.data} />
            )}
            <p>
              <Link to={accountPath(account.id, `bills/${encodeURIComponent(`${account.id}:${month}`)}`)}>
                {say('openDraft')}
              </Link>
            </p>
          </>
        )}
      </Loaded>
    </Part>
  );
}

function Ahead({ account }: { account: Account }) {
  const say = useWords(overviewWords);
  const said = useSaid();
  const forecast = useQuery(forecastOf(account.id));
  return (
    <Part title={say('expected')}>
      <Loaded of={forecast}>
        {({ bill, currency, summary, basis }) => (
          <>
            <Statistic value={0} valueRender={() => <Amount amount={bill.expected} currency={currency} />} />
            <p>
              {bill.low === null || bill.high === null || basis.range === null
                ? say('noRange')
                : say('range', { low: amountText(bill.low, currency), high: amountText(bill.high, currency) })}
            </p>
            <p>{said(summary)}</p>
          </>
        )}
      </Loaded>
    </Part>
  );
}

const useActivePacks = (account: Account) => {
  const path = accountCall(account.id, '/packs');
  return useQuery({
    queryKey: [path, 'active'],
    queryFn: () => ask<Answer<'packPage'>>('GET', path, { query: { state: 'active', limit: 100 } }),
  });
};

const byExpiry = (a: Pack, b: Pack): number => a.expiresAt.localeCompare(b.expiresAt);

/** Days to the end from which on a pack stands here. */
const soon = 30;

/** What ends soon, with what will probably be lost of it. Nothing where nothing does. */
function ExpiringSoon({ account }: { account: Account }) {
  const say = useWords(overviewWords);
  const said = useSaid();
  const now = useNow();
  const packs = useActivePacks(account);
  const forecast = useQuery(forecastOf(account.id));
  const book = useBookOf(account.book);
  if (now === undefined || packs.data === undefined) return null;
  const daysOf = ({ expiresAt }: Pack) => daysUntil(now, expiresAt, account.timeZone);
  const ending = packs.data.packs.filter((pack) => daysOf(pack) <= soon).toSorted(byExpiry);
  if (ending.length === 0) return null;
  return (
    <Part title={say('expiringSoon')}>
      <ul className="rows">
        {ending.map((pack) => {
          const lost = lossOf(aheadOf(forecast.data, pack));
          return (
            <li key={pack.id}>
              <span>
                <Link to={accountPath(account.id, `packs/${encodeURIComponent(pack.id)}`)}>
                  {said(titleIn(book.data, 'packProducts', pack.product))}
                </Link>{' '}
                · {say('left', { left: countText(pack.remaining), all: countText(pack.calls) })}
                {lost === undefined ? null : (
                  <strong>
                    {' · '}
                    {say('atRisk', { calls: countText(lost.calls), worth: amountText(lost.worth, account.currency) })}
                  </strong>
                )}
              </span>
              <span>{daysOf(pack) <= 0 ? say('endsToday') : say('endsIn', { days: daysOf(pack) })}</span>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}

function Packs({ account }: { account: Account }) {
  const say = useWords(overviewWords);
  const me = useMe();
  const packs = useActivePacks(account);
  const forecast = useQuery(forecastOf(account.id));
  const book = useBookOf(account.book);
  const more = (
    <span className="bar" style={{ marginBottom: 0 }}>
      {may(me, 'buy') ? <Link to={accountPath(account.id, 'buy')}>{say('buy')}</Link> : null}
      <Link to={accountPath(account.id, 'packs')}>{say('allPacks')}</Link>
    </span>
  );
  return (
    <Part title={say('packs')} more={more}>
      <Loaded of={packs}>
        {({ packs: shown }) =>
          shown.length === 0 ? (
            <p>{say('noPacks')}</p>
          ) : (
            shown
              .toSorted(byExpiry)
              .map((pack) => (
                <PackBar
                  key={pack.id}
                  account={account}
                  pack={pack}
                  book={book.data}
                  ahead={aheadOf(forecast.data, pack)}
                />
              ))
          )
        }
      </Loaded>
    </Part>
  );
}

function Balance({ account }: { account: Account }) {
  const say = useWords(overviewWords);
  return (
    <Part title={say('balance')}>
      <Statistic value={0} valueRender={() => <Amount amount={account.balance} currency={account.currency} />} />
      <p>{say(account.postpaid ? 'postpaidOn' : 'prepaidOnly')}</p>
    </Part>
  );
}

function LastBills({ account }: { account: Account }) {
  const say = useWords(overviewWords);
  const bills = useQuery({
    queryKey: ['/v1/bills', account.id, 'last'],
    queryFn: () => ask<Answer<'billPage'>>('GET', '/v1/bills', { query: { account: account.id, limit: 3 } }),
  });
  return (
    <Part title={say('bills')} more={<Link to={accountPath(account.id, 'bills')}>{say('allBills')}</Link>}>
      <Loaded of={bills}>
        {({ bills: shown }) =>
          shown.length === 0 ? (
            <p>{say('noBills')}</p>
          ) : (
            <ul className="rows">
              {shown.map((bill) => (
                <li key={bill.id}>
                  <Link to={accountPath(account.id, `bills/${encodeURIComponent(bill.id)}`)}>{bill.month}</Link>
                  <Amount amount={bill.total} currency={account.currency} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Part>
  );
}

function LastAlerts({ account }: { account: Account }) {
  const say = useWords(overviewWords);
  const said = useSaid();
  const alerts = useQuery({
    queryKey: ['/v1/alerts', account.id, 'last'],
    queryFn: () => ask<Answer<'alertPage'>>('GET', '/v1/alerts', { query: { account: account.id, limit: 5 } }),
  });
  return (
    <Part title={say('alerts')} more={<Link to={accountPath(account.id, 'alerts')}>{say('allAlerts')}</Link>}>
      <Loaded of={alerts}>
        {({ alerts: shown }) =>
          shown.length === 0 ? (
            <p>{say('noAlerts')}</p>
          ) : (
            <ul className="rows">
              {shown.map((alert) => (
                <li key={alert.id}>
                  <span>{said(alert.subject)}</span>
                  <When at={alert.at} zone={account.timeZone} withTime={false} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Part>
  );
}
