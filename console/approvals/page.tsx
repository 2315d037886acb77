// Acts on money that wait for a second person.

import { Segmented } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { accountPath } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { grouped, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { Who } from '../parts/who.tsx';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { worksWords } from '../words/works.ts';

type Approval = Answer<'approval'>;

export default function Approvals() {
  const say = useWords(worksWords);
  const [asked, setAsked] = useSearchParams();
  const isAll = asked.get('state') === 'all';
  const query = isAll ? {} : { state: 'waiting' };
  const pages = usePages<Answer<'approvalPage'>, Approval>('/v1/approvals', query, ({ approvals }) => approvals);
  const columns: Column<Approval>[] = [
    { key: 'act', title: say('act'), cell: ({ act }) => say(act) },
    {
      key: 'account',
      title: say('account'),
      cell: ({ account }) => <Link to={accountPath(account, 'overview')}>{account}</Link>,
    },
    {
      key: 'amount',
      title: say('amount'),
      isNumber: true,
      cell: ({ amount }) => grouped(amount),
    },
    {
      key: 'details',
      title: say('details'),
      cell: ({ details }) =>
        Object.entries(details)
          .map(([name, value]) => `${name}: ${value}`)
          .join(' · '),
    },
    { key: 'by', title: say('askedBy'), cell: ({ askedBy, askedByName }) => <Who id={askedBy} name={askedByName} /> },
    { key: 'at', title: say('askedAt'), cell: ({ askedAt }) => <When at={askedAt} /> },
    { key: 'state', title: say('state'), cell: ({ state }) => say(state) },
    { key: 'acts', title: '', cell: (approval) => <Acts approval={approval} /> },
  ];
  return (
    <>
      <PageHead title={say('approvals')}>
        <Segmented
          aria-label={say('state')}
          value={isAll ? 'all' : 'waiting'}
          options={(['waiting', 'all'] as const).map((value) => ({ value, label: say(value) }))}
          onChange={(value) => setAsked(value === 'all' ? { state: 'all' } : {}, { replace: true })}
        />
      </PageHead>
      <ListTable
        label={say('approvals')}
        name="approvals"
        pages={pages}
        columns={columns}
        keyOf={({ approval }) => approval}
        empty={say('noApprovals')}
      />
    </>
  );
}

function Acts({ approval: { approval, state } }: { approval: Approval }) {
  const say = useWords(worksWords);
  const me = useMe();
  if (state !== 'waiting' || !may(me, 'money')) return null;
  const path = `/v1/approvals/${encodeURIComponent(approval)}`;
  return (
    <span className="bar" style={{ marginBottom: 0 }}>
      <ActButton
        label={say('approve')}
        method="POST"
        path={`${path}/approve`}
        cli={['approval', 'approve', approval]}
        button={{ size: 'small', type: 'primary' }}
      >
        <p>{say('approveHelp')}</p>
      </ActButton>
      <ActButton
        label={say('reject')}
        method="POST"
        path={`${path}/reject`}
        cli={['approval', 'reject', approval]}
        button={{ size: 'small' }}
        danger
      >
        <p>{say('rejectHelp')}</p>
      </ActButton>
    </span>
  );
}
