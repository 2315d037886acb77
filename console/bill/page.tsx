// One bill as printed: each line opens its formula; what was used and who paid; by department; files to keep.

import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Skeleton, Tag } from 'antd';
import { Link, useParams } from 'react-router';
import { accountPath, type BookDocument, titleIn, useAccountId, useBookOf } from '../parts/account.ts';
import { AmountRows } from '../parts/amount-rows.tsx';
import { BillLines } from '../parts/bill-lines.tsx';
import { Download } from '../parts/download.tsx';
import { Amount, amountText, countText } from '../parts/figures.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { type Answer, ask } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { billWords } from '../words/bill.ts';

type Bill = Answer<'bill'>;

export default function BillPage() {
  const say = useWords(billWords);
  const said = useSaid();
  const account = useAccountId();
  const { bill: id = '' } = useParams();
  const path = `/v1/bills/${encodeURIComponent(id)}`;
  const { data: bill, error, refetch } = useQuery({ queryKey: [path], queryFn: () => ask<Bill>('GET', path) });
  const { data: book } = useBookOf(bill?.book);
  if (error !== null) return <ProblemShown problem={error} onAgain={() => void refetch()} />;
  if (bill === undefined) return <Skeleton active />;
  const isDraft = bill.state === 'draft';
  return (
    <>
      <PageHead
        title={
          <>
            {say('title')} {bill.month} <Tag>{say(bill.state)}</Tag>
          </>
        }
      />
      <p>
        {bill.number === undefined ? bill.account : <code>{bill.number}</code>} · {say('book')}{' '}
        {book === undefined ? bill.book : said(book.title)}
        {bill.contract === undefined ? '' : ` · ${say('contract', { number: bill.contract })}`}
      </p>
      {isDraft ? <Alert type="info" showIcon title={say('draftHelp')} style={{ marginBottom: 16 }} /> : null}
      {bill.notices.map((notice) => (
        <Alert key={notice.en} type="warning" showIcon title={said(notice)} style={{ marginBottom: 8 }} />
      ))}
      <div className="stack">
        <Card size="small">
          <BillLines lines={bill.lines} account={account} month={bill.month} currency={bill.currency} book={book} />
          <Totals bill={bill} />
        </Card>
        <Downloads id={id} isDraft={isDraft} />
        <Usage bill={bill} book={book} account={account} />
        <GiftsAndLosses bill={bill} book={book} />
        <Departments id={id} currency={bill.currency} />
        {bill.digest === undefined ? null : (
          <p>
            {say('digest')} <code className="command">{bill.digest}</code>
          </p>
        )}
      </div>
    </>
  );
}

function Totals({ bill }: { bill: Bill }) {
  const say = useWords(billWords);
  const { prepaid, postpaid, adjustments, total, estimate, currency } = bill;
  const rows = [
    [say('prepaid'), prepaid],
    [say('postpaidSum'), postpaid],
    [say('adjustments'), adjustments],
    [say('total'), total],
    ...(total === null && estimate !== null ? [[say('estimate'), estimate] as const] : []),
  ] as const;
  return <AmountRows rows={rows} currency={currency} className="totals" />;
}

function Downloads({ id, isDraft }: { id: string; isDraft: boolean }) {
  const say = useWords(billWords);
  const path = `/v1/bills/${encodeURIComponent(id)}/export`;
  const files: readonly (readonly [string, Record<string, string>])[] = [
    [`PDF`, { format: 'pdf' }],
    [`CSV · ${say('lines')}`, { format: 'csv' }],
    [`CSV · ${say('lines')} · ${say('withBom')}`, { format: 'csv', bom: '1' }],
    [`Excel · ${say('lines')}`, { format: 'xlsx' }],
    [`JSON`, { format: 'json' }],
    ['FOCUS (CSV)', { format: 'focus' }],
    [`CSV · ${say('callsFile')}`, { format: 'csv', detail: 'calls' }],
    [`CSV · ${say('callsFile')} · ${say('withBom')}`, { format: 'csv', detail: 'calls', bom: '1' }],
  ];
  return (
    <Card size="small" title={<h2 className="card-title">{say('downloads')}</h2>}>
      <ul className="files">
        {files.map(([label, query]) => (
          <li key={label}>
            <Download path={path} query={query}>
              {label}
            </Download>
          </li>
        ))}
      </ul>
      {isDraft ? <p>{say('draftHelp')}</p> : null}
    </Card>
  );
}

interface OfBill {
  readonly bill: Bill;
  readonly book: BookDocument | undefined;
}

function Usage({ bill, book, account }: OfBill & { account: string }) {
  const say = useWords(billWords);
  const said = useSaid();
  if (bill.usage.length === 0) return null;
  const sum = (draws: Bill['usage'][number]['draws']) => draws.reduce((all, { calls }) => all + BigInt(calls), 0n);
  return (
    <Card
      size="small"
      title={<h2 className="card-title">{say('usage')}</h2>}
      extra={<Link to={accountPath(account, `calls?month=${bill.month}`)}>{say('callsBehind')}</Link>}
    >
      <PlainTable
        label={say('usage')}
        columns={[
          say('meter'),
          ...(['calls', 'paidByPacks', 'postpaidSum', 'notCharged'] as const).map((word) => ({
            title: say(word),
            isNumber: true as const,
          })),
        ]}
        rows={bill.usage.map(({ meter, calls, postpaid, notCharged, draws }) => ({
          key: meter,
          cells: [
            said(titleIn(book, 'meters', meter)),
            ...[calls, sum(draws), postpaid, notCharged].map((count) => countText(count)),
          ],
        }))}
      />
    </Card>
  );
}

function GiftsAndLosses({ bill, book }: OfBill) {
  const say = useWords(billWords);
  const said = useSaid();
  const { giftsUsed, forfeited, currency } = bill;
  const lists = [
    [
      say('gifts'),
      say('saved'),
      giftsUsed.map(({ pack, product, calls, saved }) => ({ pack, product, calls, money: saved })),
    ],
    [
      say('forfeited'),
      say('worth'),
      forfeited.map(({ pack, product, calls, worth }) => ({ pack, product, calls, money: worth })),
    ],
  ] as const;
  return lists.map(([title, moneyTitle, rows]) =>
    rows.length === 0 ? null : (
      <Card key={title} size="small" title={<h2 className="card-title">{title}</h2>}>
        <ul className="rows">
          {rows.map(({ pack, product, calls, money }) => (
            <li key={pack}>
              <span>
                {said(titleIn(book, 'packProducts', product))} <code>{pack}</code>
              </span>
              <span>
                {countText(calls)}
                {money === null ? '' : ` · ${moneyTitle} ${amountText(money, currency)}`}
              </span>
            </li>
          ))}
        </ul>
      </Card>
    ),
  );
}

function Departments({ id, currency }: { id: string; currency: string }) {
  const say = useWords(billWords);
  const path = `/v1/bills/${encodeURIComponent(id)}/departments`;
  const { data, error } = useQuery({
    queryKey: [path],
    queryFn: () => ask<Answer<'departments'>>('GET', path),
    retry: false,
  });
  // An archived month has none, and a bill without a price cannot be split: the bill says why.
  if (error !== null || data === undefined || data.departments.length < 2) return null;
  return (
    <Card size="small" title={<h2 className="card-title">{say('departments')}</h2>}>
      <ul className="rows">
        {data.departments.map(({ department, calls, amount }) => (
          <li key={department}>
            <span>{department === '' ? say('noDepartment') : department}</span>
            <span>
              {countText(calls)} · <Amount amount={amount} currency={currency} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
