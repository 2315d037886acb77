// Calls that wait for a person to say whether they are charged: in bulk by result code, or one by one.

import { useQuery } from '@tanstack/react-query';
import { Card, Skeleton } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { isUnread } from '../../src/core/code-table.ts';
import { receiptPath } from '../calls/page.tsx';
import { ActButton } from '../parts/act-button.tsx';
import { countText, When } from '../parts/figures.tsx';
import { type Column, ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { usePages } from '../parts/pages.ts';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { worksWords } from '../words/works.ts';

type Code = Answer<'heldCodes'>['codes'][number];
type Held = Answer<'heldPage'>['held'][number];

const filterOf = ({ action, resultCode, reason, verdicts }: Code) => ({
  ...(action === null ? {} : { action }),
  ...(resultCode === null ? {} : { resultCode }),
  reason,
  ...verdicts,
});

/** Why a call waits, and what was said of it where the provider disagrees. */
function Why({ reason, verdicts, resultCode }: Pick<Held, 'reason' | 'verdicts'> & Pick<Code, 'resultCode'>) {
  const say = useWords(worksWords);
  if (reason === undefined) return null;
  if (resultCode !== null && isUnread(resultCode)) {
    const provider = verdicts === undefined ? '' : say('providerSays', { provider: say(`says-${verdicts.provider}`) });
    return `${say('unread')}${provider}`;
  }
  if (verdicts === undefined) return say(reason);
  return say('disagree', { table: say(`says-${verdicts.table}`), provider: say(`says-${verdicts.provider}`) });
}

export default function Reviews() {
  const say = useWords(worksWords);
  return (
    <>
      <PageHead title={say('reviews')} />
      <div className="stack" style={{ marginTop: 16 }}>
        <Codes />
        <OneByOne />
      </div>
    </>
  );
}

function Codes() {
  const say = useWords(worksWords);
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/reviews/codes'],
    queryFn: () => ask<Answer<'heldCodes'>>('GET', '/v1/reviews/codes'),
  });
  if (error !== null) return <ProblemShown problem={error} onAgain={() => void refetch()} />;
  if (data === undefined) return <Skeleton active />;
  if (data.codes.length === 0) return <div className="empty">{say('noHeld')}</div>;
  const heads = ['action', 'resultCode', 'reason'] as const;
  const numbers = ['events', 'accounts', 'calls'] as const;
  return (
    <Card size="small" title={<h2 className="card-title">{say('codes')}</h2>}>
      <Scroll label={say('codes')}>
        <table className="plain-table list">
          <thead>
            <tr>
              {heads.map((head) => (
                <th scope="col" key={head}>
                  {say(head)}
                </th>
              ))}
              {numbers.map((head) => (
                <th scope="col" className="number" key={head}>
                  {say(head)}
                </th>
              ))}
              <th scope="col">{say('oldest')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {data.codes.map((code) => (
              <tr key={JSON.stringify(filterOf(code))}>
                <td>{code.action ?? say('none')}</td>
                <td>{code.resultCode ?? say('none')}</td>
                <td>
                  <Why {...code} />
                </td>
                {numbers.map((head) => (
                  <td className="number" key={head}>
                    {countText(code[head])}
                  </td>
                ))}
                <td>
                  <When at={code.oldest} />
                </td>
                <td>
                  <Decide code={code} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Card>
  );
}

function Decide({ code }: { code: Code }) {
  const say = useWords(worksWords);
  const me = useMe();
  if (!may(me, 'support')) return null;
  const cli = Object.entries(filterOf(code)).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ]);
  return (
    <span className="bar" style={{ marginBottom: 0 }}>
      {([true, false] as const).map((charge) => (
        <ActButton<Answer<'bulkDecided'>>
          key={String(charge)}
          label={say(charge ? 'charge' : 'waive')}
          method="POST"
          path="/v1/reviews"
          body={{ ...filterOf(code), charge }}
          cli={['review', 'decide', ...cli, '--charge', charge ? 'yes' : 'no']}
          button={{ size: 'small' }}
          done={({ decided, refused, more }) => (
            <>
              <p>{say('decided', { decided })}</p>
              {refused.length === 0 ? null : (
                <>
                  <p>{say('refusedOf', { count: refused.length })}</p>
                  <ul>
                    {refused.slice(0, 20).map(({ account, event, detail }) => (
                      <li key={`${account} ${event}`}>
                        {account} {event}: {detail}
                      </li>
                    ))}
                  </ul>
                </>
              )}
              {more ? <p>{say('more')}</p> : null}
            </>
          )}
        >
          <p>
            {say('decideHelp', {
              events: countText(code.events),
              calls: countText(code.calls),
              how: say(charge ? 'charge' : 'waive'),
            })}
          </p>
        </ActButton>
      ))}
    </span>
  );
}

function OneByOne() {
  const say = useWords(worksWords);
  const [asked] = useSearchParams();
  const account = asked.get('account');
  const pages = usePages<Answer<'heldPage'>, Held>('/v1/reviews', { account }, ({ held }) => held);
  const columns: Column<Held>[] = [
    {
      key: 'event',
      title: say('event'),
      cell: ({ event, account: of, source }) => <Link to={receiptPath(of, event, source)}>{event}</Link>,
    },
    { key: 'account', title: say('account'), cell: (held) => held.account },
    { key: 'time', title: say('time'), cell: ({ time }) => <When at={time} /> },
    { key: 'calls', title: say('calls'), isNumber: true, cell: ({ calls }) => countText(calls) },
    {
      key: 'code',
      title: say('resultCode'),
      cell: ({ facts, reason, verdicts }) => (
        <>
          {[facts?.action, facts?.resultCode].filter((part) => part != null).join(' ')}
          <div className="quiet">
            <Why reason={reason} verdicts={verdicts} resultCode={facts?.resultCode ?? null} />
          </div>
        </>
      ),
    },
    { key: 'acts', title: '', cell: (held) => <DecideOne held={held} /> },
  ];
  return (
    <Card size="small" title={<h2 className="card-title">{say('list')}</h2>}>
      <ListTable
        label={say('list')}
        name="held"
        pages={pages}
        columns={columns}
        keyOf={({ account: of, event }) => `${of} ${event}`}
        empty={say('noHeld')}
      />
    </Card>
  );
}

function DecideOne({ held }: { held: Held }) {
  const say = useWords(worksWords);
  const me = useMe();
  if (!may(me, 'support')) return null;
  const { account, event, source, calls } = held;
  return (
    <span className="bar" style={{ marginBottom: 0 }}>
      {([true, false] as const).map((charge) => (
        <ActButton
          key={String(charge)}
          label={say(charge ? 'charge' : 'waive')}
          method="POST"
          path={`/v1/events/${encodeURIComponent(event)}/review`}
          {...(source === undefined ? {} : { query: { source } })}
          body={{ account, charge }}
          cli={['usage', 'review', event, '--account', account, '--charge', charge ? 'yes' : 'no']}
          button={{ size: 'small' }}
        >
          <p>{say('decideHelp', { events: 1, calls: countText(calls), how: say(charge ? 'charge' : 'waive') })}</p>
        </ActButton>
      ))}
    </span>
  );
}
