// One pack: what is left of it, its life, what it paid for, and giving it back.

import { useQuery } from '@tanstack/react-query';
import { Card, Input, Progress, Skeleton, Steps } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { accountPath, titleIn, useAccount, useAccountId, useBookOf } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { DownloadList } from '../parts/download-list.tsx';
import { amountText, countText, dayText, momentText, When } from '../parts/figures.tsx';
import { dayOf } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { type Pack, percentOf } from '../parts/pack-bar.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useLanguage, useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { packsWords } from '../words/packs.ts';

type Account = Answer<'account'>;
type WholePack = Answer<'packLife'>;

export default function PackPage() {
  const say = useWords(packsWords);
  const said = useSaid();
  const id = useAccountId();
  const { pack: packId = '' } = useParams();
  const { data: account } = useAccount(id);
  const { data: book } = useBookOf(account?.book);
  const path = `/v1/packs/${encodeURIComponent(packId)}`;
  const {
    data: pack,
    error,
    refetch,
  } = useQuery({
    queryKey: [path, id],
    queryFn: () => ask<Answer<'packLife'>>('GET', path, { query: { account: id } }),
  });
  if (error !== null) return <ProblemShown problem={error} onAgain={() => void refetch()} />;
  if (account === undefined || pack === undefined) return <Skeleton active />;
  const { currency, timeZone } = account;
  return (
    <>
      <PageHead
        title={
          <>
            {said(titleIn(book, 'packProducts', pack.product))} · {countText(pack.calls)}
          </>
        }
      />
      <p>
        <code>{pack.id}</code> · {say(pack.state)} · {say(pack.gift ? 'gift' : 'bought')} ·{' '}
        {amountText(pack.price, currency)}
        {pack.scope === undefined ? '' : ` · ${say('onlyFor', pack.scope)}`}
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

/** What happened to it, in order; what has not yet stands at the end. */
function Life({ pack, zone }: { pack: WholePack; zone: string }) {
  const say = useWords(packsWords);
  const language = useLanguage();
  const now = useNow();
  const today = now === undefined ? '' : dayOf(now, zone);
  const moment = (title: string, at: string) => ({
    title,
    day: at.slice(0, 10),
    content: <When at={at} zone={zone} />,
  });
  const stops = [
    moment(say('delivered'), pack.boughtAt),
    moment(say('effective'), pack.effectiveAt),
    ...pack.stages.map(({ day, left }) => ({
      title: left === 100 ? say('firstDraw') : left === 0 ? say('emptied') : say('leftOnly', { left }),
      day,
      content: <span className="nowrap">{dayText(day, language)}</span>,
    })),
    ...(pack.refundableUntil === null ? [] : [moment(say('refundable'), pack.refundableUntil)]),
    pack.refundedAt === null ? moment(say('ended'), pack.expiresAt) : moment(say('refundedAt'), pack.refundedAt),
  ].toSorted((a, b) => a.day.localeCompare(b.day));
  const past = stops.filter(({ day }) => day <= today).length;
  return (
    <Card size="small" title={<h2 className="card-title">{say('life')}</h2>} style={{ marginBottom: 16 }}>
      <Steps
        size="small"
        current={Math.max(0, past - 1)}
        items={stops.map(({ title, content }) => ({ title, content }))}
      />
    </Card>
  );
}

function GiveBack({ pack, account }: { pack: Pack; account: Account }) {
  const say = useWords(packsWords);
  const language = useLanguage();
  const me = useMe();
  const now = useNow();
  const [reason, setReason] = useState('');
  const { refundableUntil, refund } = pack;
  const isInTime = refundableUntil !== null && now !== undefined && Date.parse(now) < Date.parse(refundableUntil);
  const isOpen = isInTime && refund !== null;
  const isPart = refund !== pack.price;
  const path = `/v1/packs/${encodeURIComponent(pack.id)}/refund`;
  const cli = ['pack', 'refund', pack.id, '--account', account.id];
  if (pack.state === 'refunded') return null;
  return (
    <Card size="small" title={<h2 className="card-title">{say('refund')}</h2>} style={{ marginBottom: 16 }}>
      {isOpen ? (
        <>
          <p>
            {say(isPart ? 'refundPartUntil' : 'refundUntil')} <When at={refundableUntil} zone={account.timeZone} />
          </p>
          {may(me, 'buy') ? (
            <ActButton
              label={say('refund')}
              title={say(isPart ? 'refundPartTitle' : 'refundTitle')}
              method="POST"
              path={path}
              body={{ account: account.id }}
              keyed
              cli={cli}
              danger
            >
              <p>
                {say(isPart ? 'refundPartHelp' : 'refundHelp', {
                  price: amountText(pack.price, account.currency),
                  refund: amountText(refund, account.currency),
                  until: momentText(refundableUntil, { language, zone: account.timeZone }),
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

function PaidFor({ pack, account }: { pack: WholePack; account: Account }) {
  const say = useWords(packsWords);
  const said = useSaid();
  const { data: book } = useBookOf(account.book);
  const lines = pack.paidFor;
  return (
    <Card
      size="small"
      title={<h2 className="card-title">{say('usedFor')}</h2>}
      extra={<DownloadList account={account.id} list="draws" query={{ payer: pack.id }} />}
    >
      {lines.length === 0 ? (
        <p>{say('notUsed')}</p>
      ) : (
        <PlainTable
          label={say('usedFor')}
          columns={[say('day'), say('meter'), { title: say('calls'), isNumber: true }]}
          rows={lines.map(({ day, meter, calls }) => ({
            key: `${day} ${meter}`,
            cells: [
              <Link
                key="day"
                to={accountPath(
                  account.id,
                  `calls?month=${day.slice(0, 7)}&day=${day}&payer=${encodeURIComponent(pack.id)}`,
                )}
              >
                {day}
              </Link>,
              said(titleIn(book, 'meters', meter)),
              countText(calls),
            ],
          }))}
        />
      )}
    </Card>
  );
}
