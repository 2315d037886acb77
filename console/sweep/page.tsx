// One day of the provider's own list: what it came to, and what of it could not be matched, with both verdicts.

import { Select } from 'antd';
import { Link, useParams, useSearchParams } from 'react-router';
import { receiptPath } from '../calls/page.tsx';
import { accountPath } from '../parts/account.ts';
import { AsCommand } from '../parts/as-command.tsx';
import { countText, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { type Pages, usePages } from '../parts/pages.ts';
import { PlainTable } from '../parts/plain-table.tsx';
import type { Answer } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { SweepState } from '../sweeps/page.tsx';
import { sweepsWords } from '../words/sweeps.ts';

type Page = Answer<'findingPage'>;
type Finding = Page['findings'][number];
const counts = ['pages', 'attempts', 'metered', 'held', 'findings'] as const;
const told = [
  'UNKNOWN_TOKEN',
  'NO_NUMBER',
  'OTHER_RESULT',
  'OTHER_CHARGE',
  'LIST_TOO_LONG',
  'MORE',
  'NOT_FOUND',
  'EVENT_TOO_OLD',
] as const;

/** A reason in words, or the ledger's code where it has none here. */
function useWhy(): (why: string) => string {
  const say = useWords(sweepsWords);
  return (why) => {
    const known = told.find((each) => each === why);
    return known === undefined ? why : say(known);
  };
}

export default function SweepOfDay() {
  const say = useWords(sweepsWords);
  const { day = '' } = useParams();
  const [asked] = useSearchParams();
  const why = asked.get('why');
  const path = `/v1/sweeps/${encodeURIComponent(day)}/findings`;
  const pages = usePages<Page, Finding>(path, { why }, ({ findings }) => findings);
  const [first] = pages.data?.pages ?? [];
  return (
    <>
      <PageHead title={`${say('title')} ${day}`}>
        <Link to="/sweeps">{say('toDays')}</Link>
        <Link to="/reviews">{say('toReviews')}</Link>
      </PageHead>
      {first === undefined ? null : <Came page={first} />}
      <Findings pages={pages} empty={say(why === null ? 'matched' : 'noneOfKind')} />
      <AsCommand method="GET" path={path} cli={['gateway', 'findings', day, ...(why === null ? [] : ['--why', why])]} />
      <p>{say('again')}</p>
      <pre className="command">suanpan gateway sweep --day {day}</pre>
    </>
  );
}

function Came({ page: { sweep, whys } }: { page: Page }) {
  const say = useWords(sweepsWords);
  const inWords = useWhy();
  const [asked, setAsked] = useSearchParams();
  const numbers = counts.map((name) => ({ title: say(name), isNumber: true }) as const);
  const cells = [
    <SweepState key="state" sweep={sweep} />,
    ...counts.map((name) => countText(sweep[name])),
    <When key="ended" at={sweep.ended} />,
  ];
  return (
    <>
      <PlainTable
        label={say('title')}
        columns={[say('state'), ...numbers, say('ended')]}
        rows={[{ key: sweep.day, cells }]}
      />
      <p>{say('rest')}</p>
      {whys.length === 0 ? null : (
        <div className="bar">
          <Select
            aria-label={say('why')}
            style={{ minWidth: 220, maxWidth: '100%' }}
            value={asked.get('why') ?? ''}
            options={[
              { value: '', label: say('any') },
              ...whys.map(({ why, count }) => ({ value: why, label: `${inWords(why)} (${countText(count)})` })),
            ]}
            onChange={(why) => setAsked(why === '' ? {} : { why }, { replace: true })}
          />
        </div>
      )}
    </>
  );
}

function Findings({ pages, empty }: { pages: Pages<Finding>; empty: string }) {
  const say = useWords(sweepsWords);
  const inWords = useWhy();
  const columns: Column<Finding>[] = [
    { key: 'token', title: say('token'), cell: ({ token }) => <code>{token}</code> },
    { key: 'attempt', title: say('attempt'), cell: ({ attempt, token }) => (token === '*' ? '' : attempt) },
    { key: 'provider', title: say('provider'), cell: (finding) => <Provider finding={finding} /> },
    { key: 'ledger', title: say('ledger'), cell: (finding) => <Ledger finding={finding} /> },
    {
      key: 'why',
      title: say('why'),
      cell: ({ why }) => <div style={{ whiteSpace: 'normal', minWidth: 180, maxWidth: 320 }}>{inWords(why)}</div>,
    },
    {
      key: 'account',
      title: say('account'),
      cell: ({ account }) =>
        account === null ? say('absent') : <Link to={accountPath(account, 'overview')}>{account}</Link>,
    },
    { key: 'time', title: say('time'), cell: ({ time }) => <When at={time} /> },
    { key: 'rule', title: say('rule'), isExtra: true, cell: ({ rule }) => rule ?? say('absent') },
  ];
  return (
    <ListTable
      label={say('findings')}
      name="findings"
      pages={pages}
      columns={columns}
      keyOf={({ token, attempt, time }) => `${token} ${attempt} ${time}`}
      empty={empty}
    />
  );
}

function Provider({ finding: { token, resultCode, charged } }: { finding: Finding }) {
  const say = useWords(sweepsWords);
  return token === '*' ? null : [resultCode, say(charged ? 'charged' : 'not-charged')].filter(Boolean).join(' ');
}

/** Its verdict leads to the receipt, or to where a person decides. */
function Ledger({ finding: { account, recorded } }: { finding: Finding }) {
  const say = useWords(sweepsWords);
  if (recorded === null || account === null) return say('absent');
  const { event, resultCode, outcome, reviewed } = recorded;
  return (
    <>
      <Link to={receiptPath(account, event)}>
        {[resultCode, say(outcome === 'held' ? 'heldWord' : outcome)].filter(Boolean).join(' ')}
      </Link>
      {reviewed ? <div className="quiet">{say('reviewed')}</div> : null}
      {outcome === 'held' ? (
        <div>
          <Link to={`/reviews?account=${encodeURIComponent(account)}`}>{say('toReviews')}</Link>
        </div>
      ) : null}
    </>
  );
}
