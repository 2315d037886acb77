// One pack: what is left of it, its life, what it paid for, and giving it back.

import { useQuery } from '@tanstack/react-query';
import { Card, Input, Progress, Skeleton, Steps, Typography } from 'antd';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { accountCall, titleIn, useAccount, useAccountId, useBookOf } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { amountText, countText, When } from '../parts/figures.tsx';
import { MonthInput, monthOf } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { type Pack, percentOf } from '../parts/pack-bar.tsx';
import { usePages } from '../parts/pages.ts';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { packsWords } from '../words/packs.ts';

type Account = Answer<'account'>;

export default function PackPage() {
  const say = useWords(packsWords);
  const said = useSaid();
  const id = useAccountId();
  const { pack: packId = '' } = useParams();
  const { data: account } = useAccount(id);
  const { data: book } = useBookOf(account?.book);
  const { items, error, refetch, hasNextPage, isFetching, fetchNextPage } = usePages<Answer<'packPage'>, Pack>(
    accountCall(id, '/packs'),
    {},
    ({ packs }) => packs,
    200,
  );
  const pack = items?.find((each) => each.id === packId);
  if (error !== null) return <ProblemShown problem={error} onAgain={() => void refetch()} />;
  if (pack === undefined && hasNextPage && !isFetching) void fetchNextPage();
  if (account === undefined || items === undefined || (pack === undefined && hasNextPage)) return <Skeleton active />;
  if (pack === undefined) return <Typography.Title level={1}>{say('missing')}</Typography.Title>;
  const { currency, timeZone } = account;
  return (
    <>
      <Typography.Title level={1} className="page-title">
        {said(titleIn(book, 'packProducts', pack.product))} · {countText(pack.calls)}
      </Typography.Title>
      <p>
        <code>{pack.id}</code> · {say(pack.state)} · {say(pack.gift ? 'gift' : 'bought')} ·{' '}
        {amountText(pack.price, currency)}
      </p>
      <Progress percent={percentOf(pack.remaining, pack.calls)} showInfo={false} aria-label={say('left')} />
      <p>
        {say('left')} {countText(pack.remaining)} / {countText(pack.calls)}
        {pack.held > 0 ? ` · ${say('held')} ${countText(pack.held)}` : ''}
        {pack.forfeited > 0 ? ` · ${say('lost')} ${countText(pack.forfeited)}` : ''}
      </p>
      <Life pack={pack} zone={timeZone} />
      <GiveBack pack={pack} account={account} />
      <PaidFor pack={pack} account={account} />
    </>
  );
}

function Life({ pack, zone }: { pack: Pack; zone: string }) {
  const say = useWords(packsWords);
  const now = useNow() ?? '';
  const stops: { readonly title: string; readonly at: string | null }[] = [
    { title: say('delivered'), at: pack.boughtAt },
    { title: say('effective'), at: pack.effectiveAt },
    ...(pack.refundableUntil === null ? [] : [{ title: say('refundable'), at: pack.refundableUntil }]),
    pack.refundedAt === null
      ? { title: say('ended'), at: pack.expiresAt }
      : { title: say('refundedAt'), at: pack.refundedAt },
  ];
  const past = stops.filter(({ at }) => at !== null && Date.parse(at) <= Date.parse(now)).length;
  return (
    <Card size="small" title={<h2 className="card-title">{say('life')}</h2>} style={{ marginBottom: 16 }}>
      <Steps
        size="small"
        current={Math.max(0, past - 1)}
        items={stops.map(({ title, at }) => ({ title, content: <When at={at} zone={zone} /> }))}
      />
    </Card>
  );
}

function GiveBack({ pack, account }: { pack: Pack; account: Account }) {
  const say = useWords(packsWords);
  const me = useMe();
  const now = useNow();
  const [reason, setReason] = useState('');
  const { refundableUntil } = pack;
  const isOpen = refundableUntil !== null && now !== undefined && Date.parse(now) < Date.parse(refundableUntil);
  const path = `/v1/packs/${encodeURIComponent(pack.id)}/refund`;
  const cli = ['pack', 'refund', pack.id, '--account', account.id];
  if (pack.state === 'refunded') return null;
  return (
    <Card size="small" title={<h2 className="card-title">{say('refund')}</h2>} style={{ marginBottom: 16 }}>
      {isOpen ? (
        <>
          <p>
            {say('refundUntil')} <When at={refundableUntil} zone={account.timeZone} />
          </p>
          {may(me, 'buy') ? (
            <ActButton
              label={say('refund')}
              title={say('refundTitle')}
              method="POST"
              path={path}
              body={{ account: account.id }}
              keyed
              cli={cli}
              danger
            >
              <p>
                {say('refundHelp', {
                  price: amountText(pack.price, account.currency),
                  until: new Date(refundableUntil).toLocaleString(undefined, { timeZone: account.timeZone }),
                })}
              </p>
            </ActButton>
          ) : null}
        </>
      ) : (
        <p>{say(pack.gift ? 'noRefundGift' : 'noRefundUsed')}</p>
      )}
      {!isOpen && !pack.gift && may(me, 'money') ? (
        <ActButton
          label={say('exceptionRefund')}
          method="POST"
          path={path}
          body={reason.trim() === '' ? null : { account: account.id, exception: reason.trim() }}
          keyed
          cli={[...cli, '--exception', reason]}
          danger
        >
          <p>{say('exceptionHelp')}</p>
          <Input
            aria-label={say('exception')}
            placeholder={say('exception')}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </ActButton>
      ) : null}
    </Card>
  );
}

function PaidFor({ pack, account }: { pack: Pack; account: Account }) {
  const say = useWords(packsWords);
  const said = useSaid();
  const now = useNow();
  const [asked, setAsked] = useSearchParams();
  const { data: book } = useBookOf(account.book);
  const month = asked.get('month') ?? (now === undefined ? undefined : monthOf(now, account.timeZone));
  const path = accountCall(account.id, '/usage');
  const usage = useQuery({
    queryKey: [path, month],
    queryFn: () => ask<Answer<'usage'>>('GET', path, { query: { month } }),
    enabled: month !== undefined,
  });
  const lines = usage.data?.lines.filter(({ payer }) => payer === pack.id);
  return (
    <Card
      size="small"
      title={<h2 className="card-title">{say('usedFor')}</h2>}
      extra={
        <MonthInput
          label={say('month')}
          month={month ?? ''}
          onChange={(value) => setAsked({ month: value }, { replace: true })}
        />
      }
    >
      <ProblemShown problem={usage.error} onAgain={() => void usage.refetch()} />
      {lines === undefined ? <Skeleton active /> : lines.length === 0 ? <p>{say('notUsed')}</p> : null}
      {lines === undefined || lines.length === 0 ? null : (
        <PlainTable
          label={say('usedFor')}
          columns={[say('day'), say('meter'), { title: say('calls'), isNumber: true }]}
          rows={lines.map(({ day, meter, calls }) => ({
            key: `${day} ${meter}`,
            cells: [day, said(titleIn(book, 'meters', meter)), countText(calls)],
          }))}
        />
      )}
    </Card>
  );
}
