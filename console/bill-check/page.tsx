// Is a provider's bill right? Its files are chosen above, the verdict with its causes stands below.

import { Button, Card, Checkbox, Collapse, Input, Select, Skeleton, Typography } from 'antd';
import { useState } from 'react';
import { parsePeriod } from '../../src/core/calendar.ts';
import { shellWord } from '../parts/as-command.tsx';
import { BookField } from '../parts/book-field.tsx';
import { BookPage, type OfBook } from '../parts/book-page.tsx';
import { ColumnChoice } from '../parts/column-choice.tsx';
import { Field } from '../parts/field.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { bookInCommand, useAsked } from '../parts/own-book.ts';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { useWords } from '../shell/language.ts';
import { billCheckWords } from '../words/bill-check.ts';
import type { BillCheckWish } from '../worker/bill-check.ts';
import type { BookChoice } from '../worker/books.ts';
import { useRun } from '../worker/run.ts';
import { BillChecked } from './bill-checked.tsx';
import { exampleBook, exampleFiles } from './example.ts';

export default function BillCheck() {
  const say = useWords(billCheckWords);
  const [asked] = useAsked();
  return (
    <BookPage title={say('title')} lead={say('lead')} asked={asked.get('book')} usual="last">
      {(found) => <Asked {...found} />}
    </BookPage>
  );
}

const tables = '.csv,.tsv,.txt,.xlsx,.gz,.zip';
const calls = `${tables},.ndjson,.jsonl,.json`;

const slots = ['usage', 'bill', 'packs'] as const;
const rareSlots = ['rules', 'second', 'ownColumns'] as const;
type Slot = (typeof slots)[number] | (typeof rareSlots)[number];
type Files = { readonly [Name in Slot]?: File };

const accepted: Readonly<Record<Slot, string>> = {
  usage: calls,
  bill: tables,
  packs: tables,
  rules: tables,
  second: calls,
  ownColumns: '.json,application/json',
};

interface Options {
  readonly columns: readonly string[];
  readonly account: string;
  readonly month: string;
  readonly timeZone: string;
  readonly skipUnread: boolean;
}

const noOptions: Options = { columns: [], account: '', month: '', timeZone: '', skipUnread: false };
const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());

function wishOf({ usage, bill, ...files }: Files, options: Options): BillCheckWish | undefined {
  if (usage === undefined || bill === undefined) return undefined;
  return {
    ...{ usage, bill, ...files },
    columns: options.columns,
    account: given(options.account),
    month: given(options.month),
    timeZone: given(options.timeZone),
    skipUnread: options.skipUnread,
  };
}

/** What was asked for; `no` tells one time from the next. */
interface Order {
  readonly no: number;
  readonly wish: BillCheckWish;
}

function Asked({ book, books, choiceOf }: OfBook) {
  const say = useWords(billCheckWords);
  const [, setAsked] = useAsked();
  const [files, setFiles] = useState<Files>({});
  const [options, setOptions] = useState(noOptions);
  const [order, setOrder] = useState<Order>();
  const [last, setLast] = useState(0);
  const wish = wishOf(files, options);
  const isMonthWrong = given(options.month) !== undefined && parsePeriod(options.month.trim()) === undefined;
  const start = (what: BillCheckWish) => {
    setLast(last + 1);
    setOrder({ no: last + 1, wish: what });
  };
  const put = (slot: Slot, file: File | undefined) => {
    setOrder(undefined);
    setFiles({ ...files, [slot]: file });
  };
  const change = (part: Partial<Options>) => {
    setOrder(undefined);
    setOptions({ ...options, ...part });
  };
  const chooseBook = (id: string) => {
    setOrder(undefined);
    setAsked(new URLSearchParams({ book: id }));
  };
  const tryExample = () => {
    chooseBook(exampleBook);
    setFiles(exampleFiles());
    setOptions(noOptions);
    start({ ...exampleFiles(), columns: [], skipUnread: false });
  };
  return (
    <div className="stack">
      <Card size="small">
        <BookField books={books} book={book} onChange={chooseBook} />
        <FileSlots of={slots} files={files} put={put} />
        <Typography.Paragraph type="secondary">{say('help')}</Typography.Paragraph>
        <More {...{ options, change, files, put, isMonthWrong }} />
        <div className="bar" style={{ marginBottom: 0 }}>
          <Button
            type="primary"
            disabled={wish === undefined || isMonthWrong}
            onClick={() => wish !== undefined && start(wish)}
          >
            {say('check')}
          </Button>
          <Button onClick={tryExample}>{say('example')}</Button>
          {wish === undefined ? <Typography.Text>{say('need')}</Typography.Text> : null}
        </div>
      </Card>
      {order === undefined ? null : (
        <Checked key={order.no} choice={choiceOf(book.id)} currency={book.currency} {...order} />
      )}
    </div>
  );
}

interface SlotsProps {
  readonly of: readonly Slot[];
  readonly files: Files;
  readonly put: (slot: Slot, file: File | undefined) => void;
}

const FileSlots = ({ of, files, put }: SlotsProps) =>
  of.map((slot) => <FileSlot key={slot} slot={slot} file={files[slot]} onFile={(file) => put(slot, file)} />);

interface SlotProps {
  readonly slot: Slot;
  readonly file: File | undefined;
  readonly onFile: (file: File | undefined) => void;
}

function FileSlot({ slot, file, onFile }: SlotProps) {
  const say = useWords(billCheckWords);
  return (
    <div className="bar" style={{ marginBottom: 8 }}>
      <FileButton label={say(slot)} accept={accepted[slot]} onFile={onFile} />
      {file === undefined ? (
        <Typography.Text type="secondary">{say('none')}</Typography.Text>
      ) : (
        <Typography.Text>{file.name}</Typography.Text>
      )}
      {file === undefined ? null : (
        <Button size="small" aria-label={say('removeFile', { name: file.name })} onClick={() => onFile(undefined)}>
          {say('remove')}
        </Button>
      )}
    </div>
  );
}

interface MoreProps {
  readonly options: Options;
  readonly change: (part: Partial<Options>) => void;
  readonly files: Files;
  readonly put: (slot: Slot, file: File | undefined) => void;
  readonly isMonthWrong: boolean;
}

function More(props: MoreProps) {
  const say = useWords(billCheckWords);
  return (
    <Collapse
      size="small"
      ghost
      style={{ marginBottom: 8 }}
      items={[{ key: 'more', label: say('more'), children: <MoreFields {...props} /> }]}
    />
  );
}

const zones = [
  'Asia/Shanghai',
  'UTC',
  'Asia/Hong_Kong',
  'Asia/Singapore',
  'Asia/Tokyo',
  'Europe/London',
  'America/New_York',
];

function MoreFields({ options, change, files, put, isMonthWrong }: MoreProps) {
  const say = useWords(billCheckWords);
  const wide = { display: 'flex', maxWidth: 480 };
  return (
    <>
      <ColumnChoice chosen={options.columns} onChange={(columns) => change({ columns })} />
      <Field label={say('account')}>
        <Input style={wide} value={options.account} onChange={({ target }) => change({ account: target.value })} />
      </Field>
      <Field label={say('month')}>
        <Input
          style={wide}
          value={options.month}
          {...(isMonthWrong ? { status: 'error' as const } : {})}
          onChange={({ target }) => change({ month: target.value })}
        />
      </Field>
      {isMonthWrong ? <Typography.Text type="danger">{say('monthWrong')}</Typography.Text> : null}
      <Field label={say('zone')}>
        <Select
          style={wide}
          value={options.timeZone}
          onChange={(timeZone: string) => change({ timeZone })}
          options={[{ value: '', label: say('zoneNone') }, ...zones.map((zone) => ({ value: zone, label: zone }))]}
        />
      </Field>
      <Typography.Paragraph type="secondary">{say('faceidHelp')}</Typography.Paragraph>
      <FileSlots of={rareSlots} files={files} put={put} />
      <Checkbox checked={options.skipUnread} onChange={({ target }) => change({ skipUnread: target.checked })}>
        {say('skip')}
      </Checkbox>
    </>
  );
}

function commandOf(book: string, wish: BillCheckWish): string {
  const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  const columns = [...wish.columns, ...(wish.ownColumns === undefined ? [] : [wish.ownColumns.name])];
  const line = [
    ...['suanpan', 'reconcile', '--book', book, '--usage', wish.usage.name, '--bill', wish.bill.name],
    ...option('--packs', wish.packs?.name),
    ...(columns.length === 0 ? [] : ['--columns', ...columns]),
    ...option('--faceid-rules', wish.rules?.name),
    ...option('--second', wish.second?.name),
    ...option('--account', wish.account),
    ...option('--month', wish.month),
    ...option('--time-zone', wish.timeZone),
    ...(wish.skipUnread ? ['--skip-unread'] : []),
  ];
  return line.map(shellWord).join(' ');
}

type CheckedProps = Order & { readonly choice: BookChoice; readonly currency: string };

function Checked({ choice, wish, currency }: CheckedProps) {
  const say = useWords(billCheckWords);
  const run = useRun('billCheck', { book: choice, ...wish });
  if (run.problem !== undefined) return <ProblemShown problem={run.problem} onAgain={run.start} />;
  if (run.isStopped) return <Button onClick={run.start}>{say('check')}</Button>;
  if (run.outcome === undefined) {
    return (
      <>
        <p aria-live="polite">
          {say('checking')} <Button onClick={run.stop}>{say('stop')}</Button>
        </p>
        <Skeleton active />
      </>
    );
  }
  const book = typeof choice === 'string' ? choice : String((choice.document as { id?: unknown }).id ?? '');
  return (
    <>
      <BillChecked outcome={run.outcome} currency={currency} />
      <Typography.Paragraph>
        {say('command')}
        <code>{commandOf(bookInCommand(book, choice), wish)}</code>
      </Typography.Paragraph>
    </>
  );
}
