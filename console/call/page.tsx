// The receipt of one call: who paid, and why nobody else did.

import { useQuery } from '@tanstack/react-query';
import { Card, Descriptions, Skeleton } from 'antd';
import { Link, useParams, useSearchParams } from 'react-router';
import { Payers } from '../calls/page.tsx';
import { accountPath, titleIn, useAccount, useAccountId, useBookOf } from '../parts/account.ts';
import { ActButton } from '../parts/act-button.tsx';
import { AsCommand } from '../parts/as-command.tsx';
import { countText, When } from '../parts/figures.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, addressOf, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { may, useMe } from '../shell/session.ts';
import { callsWords } from '../words/calls.ts';

type Receipt = Answer<'wholeReceipt'>;

export default function Call() {
  const say = useWords(callsWords);
  const account = useAccountId();
  const { event = '' } = useParams();
  const [asked] = useSearchParams();
  const source = asked.get('source');
  const path = `/v1/events/${encodeURIComponent(event)}/receipt`;
  const {
    data: receipt,
    error,
    refetch,
  } = useQuery({
    queryKey: [path, account, source],
    queryFn: () => ask<Receipt>('GET', path, { query: { account, source } }),
  });
  const title = (
    <PageHead
      title={
        <>
          {say('receipt')} <code>{event}</code>
        </>
      }
    />
  );
  if (error !== null) {
    return (
      <>
        {title}
        <ProblemShown problem={error} onAgain={() => void refetch()} />
      </>
    );
  }
  return (
    <>
      {title}
      {receipt === undefined ? <Skeleton active /> : <ReceiptShown receipt={receipt} account={account} />}
      <AsCommand
        method="GET"
        path={addressOf(path, { account, source })}
        cli={['receipt', event, '--account', account, ...(source === null ? [] : ['--source', source])]}
      />
    </>
  );
}

function ReceiptShown({ receipt, account }: { receipt: Receipt; account: string }) {
  const say = useWords(callsWords);
  const said = useSaid();
  const { data: owner } = useAccount(account);
  const { data: book } = useBookOf(owner?.book);
  const zone = owner?.timeZone;
  const { meter, facts, reason, verdicts, voided, voidedBy, reviewedAt, reviewedBy, department } = receipt;
  const rows: { readonly label: string; readonly children: React.ReactNode }[] = [
    { label: say('time'), children: <When at={receipt.time} zone={zone} /> },
    { label: say('received'), children: <When at={receipt.receivedAt} zone={zone} /> },
    { label: say('meter'), children: meter === null ? '–' : said(titleIn(book, 'meters', meter)) },
    { label: say('calls'), children: countText(receipt.calls) },
    { label: say('outcome'), children: `${say(receipt.outcome)}${reason === undefined ? '' : ` · ${say(reason)}`}` },
    ...(verdicts === undefined
      ? []
      : [
          {
            label: say('verdicts'),
            children: say('disagree', {
              table: say(`says-${verdicts.table}`),
              provider: say(`says-${verdicts.provider}`),
            }),
          },
        ]),
    { label: say('payer'), children: <Payers account={account} zone={zone} receipt={receipt} /> },
    { label: say('number'), children: receipt.seq },
    ...(department === undefined ? [] : [{ label: say('department'), children: department }]),
  ];
  return (
    <div className="stack" style={{ marginTop: 16 }}>
      <Card size="small">
        <Descriptions size="small" column={1} items={rows.map((row) => ({ key: row.label, ...row }))} />
        {facts === undefined ? null : (
          <p>
            {say('facts', {
              action: facts.action,
              channel: facts.channel ?? '–',
              library: facts.library ?? '–',
              code: facts.resultCode ?? '–',
            })}
          </p>
        )}
        {receipt.stopped === true ? <p>{say('stopped')}</p> : null}
        {voided === undefined ? null : (
          <p>
            {say('voided')} <When at={voided} zone={zone} /> {voidedBy === undefined ? '' : say('by', { by: voidedBy })}
          </p>
        )}
        {reviewedAt === undefined ? null : (
          <p>
            {say('reviewed')} <When at={reviewedAt} zone={zone} />{' '}
            {reviewedBy === undefined ? '' : say('by', { by: reviewedBy })}
          </p>
        )}
      </Card>
      <Unused receipt={receipt} account={account} />
      <VoidButton receipt={receipt} account={account} />
    </div>
  );
}

function Unused({ receipt, account }: { receipt: Receipt; account: string }) {
  const say = useWords(callsWords);
  const { unused, draws } = receipt;
  return (
    <Card size="small" title={<h2 className="card-title">{say(draws.length === 0 ? 'why' : 'whyOthers')}</h2>}>
      {unused.length === 0 ? <p>{say('noOther')}</p> : null}
      <ul className="rows">
        {unused.map(({ pack, reason }) => (
          <li key={pack}>
            <Link to={accountPath(account, `packs/${encodeURIComponent(pack)}`)}>{pack}</Link>
            <span>{say(reason)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function VoidButton({ receipt, account }: { receipt: Receipt; account: string }) {
  const say = useWords(callsWords);
  const me = useMe();
  const { event, source, voided } = receipt;
  if (!may(me, 'support') || voided !== undefined) return null;
  const ofSource = source === undefined ? {} : { source };
  return (
    <div>
      <ActButton
        label={say('void')}
        title={say('voidTitle')}
        method="POST"
        path={`/v1/events/${encodeURIComponent(event)}/void`}
        {...(source === undefined ? {} : { query: ofSource })}
        body={{ account }}
        cli={['usage', 'void', event, '--account', account, ...(source === undefined ? [] : ['--source', source])]}
        danger
      >
        <p>{say('voidHelp')}</p>
      </ActButton>
    </div>
  );
}
