// The packs of an account in all their states.

import { useQuery } from '@tanstack/react-query';
import { Button, Progress, Segmented } from 'antd';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { packStates } from '../../src/core/pack.ts';
import { accountCall, accountPath, titleIn, useAccount, useAccountId, useBookOf } from '../parts/account.ts';
import { DownloadList } from '../parts/download-list.tsx';
import { amountText, countText, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { daysUntil } from '../parts/month.tsx';
import { useNow } from '../parts/now.ts';
import { aheadOf, forecastOf, lossOf, type Pack, percentOf } from '../parts/pack-bar.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import type { Answer } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { packsWords } from '../words/packs.ts';

export default function Packs() {
  const say = useWords(packsWords);
  const said = useSaid();
  const me = useMe();
  const go = useNavigate();
  const id = useAccountId();
  const [asked, setAsked] = useSearchParams();
  const state = asked.get('state') ?? '';
  const { data: account } = useAccount(id);
  const { data: book } = useBookOf(account?.book);
  const pages = usePages<Answer<'packPage'>, Pack>(accountCall(id, '/packs'), { state }, ({ packs }) => packs);
  const now = useNow();
  const { data: forecast } = useQuery(forecastOf(id));
  const zone = account?.timeZone;
  const currency = account?.currency ?? '';
  const columns: Column<Pack>[] = [
    {
      key: 'product',
      title: say('product'),
      cell: (pack) => (
        <Link to={accountPath(id, `packs/${encodeURIComponent(pack.id)}`)}>
          {said(titleIn(book, 'packProducts', pack.product))}
        </Link>
      ),
    },
    { key: 'state', title: say('state'), cell: ({ state: now }) => say(now) },
    { key: 'left', title: say('left'), isNumber: true, cell: (pack) => <Left pack={pack} label={say('left')} /> },
    { key: 'size', title: say('size'), isNumber: true, cell: ({ calls }) => countText(calls) },
    { key: 'kind', title: say('kind'), cell: ({ gift }) => say(gift ? 'gift' : 'bought') },
    { key: 'price', title: say('price'), isNumber: true, cell: ({ price }) => amountText(price, currency) },
    {
      key: 'expires',
      title: say('expires'),
      cell: ({ expiresAt, state: its }) => (
        <>
          <When at={expiresAt} zone={zone} withTime={false} />
          {its === 'active' && now !== undefined && zone !== undefined ? (
            <div>{say('inDays', { days: daysUntil(now, expiresAt, zone) })}</div>
          ) : null}
        </>
      ),
    },
    {
      key: 'risk',
      title: say('atRisk'),
      isNumber: true,
      cell: (pack) => {
        const lost = lossOf(aheadOf(forecast, pack));
        if (lost === undefined) return '–';
        return (
          <>
            {countText(lost.calls)}
            <div>{amountText(lost.worth, currency)}</div>
          </>
        );
      },
    },
    {
      key: 'refundable',
      title: say('refundable'),
      cell: ({ refundableUntil }) => <When at={refundableUntil} zone={zone} />,
    },
    {
      key: 'bought',
      title: say('boughtAt'),
      isExtra: true,
      cell: ({ boughtAt }) => <When at={boughtAt} zone={zone} />,
    },
    { key: 'id', title: say('id'), isExtra: true, cell: (pack) => <code>{pack.id}</code> },
  ];
  const counts = pages.data?.pages[0]?.counts;
  const all = counts === undefined ? undefined : packStates.reduce((sum, each) => sum + counts[each], 0);
  const labelOf = (text: string, count: number | undefined) =>
    count === undefined ? text : `${text} ${countText(count)}`;
  const options = [
    { value: '', label: labelOf(say('all'), all) },
    ...packStates.map((value) => ({ value, label: labelOf(say(value), counts?.[value]) })),
  ];
  return (
    <>
      <PageHead title={say('title')}>
        <DownloadList account={id} list="packs" />
        {may(me, 'buy') ? (
          <Button type="primary" onClick={() => void go(accountPath(id, 'buy'))}>
            {say('buy')}
          </Button>
        ) : null}
      </PageHead>
      <div className="bar scroll-x">
        <Segmented
          aria-label={say('state')}
          options={options}
          value={state}
          onChange={(value) => setAsked(value === '' ? {} : { state: value }, { replace: true })}
        />
      </div>
      <ListTable
        label={say('title')}
        name="packs"
        pages={pages}
        columns={columns}
        keyOf={(pack) => pack.id}
        empty={say(state === '' ? 'none' : 'noneInState')}
      />
    </>
  );
}

function Left({ pack, label }: { pack: Pack; label: string }) {
  return (
    <>
      {countText(pack.remaining)}
      <div style={{ minWidth: 88 }}>
        <Progress percent={percentOf(pack.remaining, pack.calls)} showInfo={false} aria-label={label} size="small" />
      </div>
    </>
  );
}
