// What a month will come to, by a file of one's own calls.

import { Button, Card, Skeleton } from 'antd';
import { useState } from 'react';
import { isUsage, typedNumber } from '../calculator/inputs.ts';
import { BookField } from '../parts/book-field.tsx';
import { BookPage, type OfBook } from '../parts/book-page.tsx';
import { ColumnChoice } from '../parts/column-choice.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { useAsked } from '../parts/own-book.ts';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { HeldRows } from '../planner/held.tsx';
import { type HeldRow, heldIn, heldText, isDay } from '../planner/inputs.ts';
import { useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';
import { usageForecastWords } from '../words/usage-forecast.ts';
import type { BookChoice } from '../worker/books.ts';
import type { ShownBook } from '../worker/quote-tasks.ts';
import { useRun } from '../worker/run.ts';
import { exampleFile } from './example.ts';
import { ForecastShown } from './forecast-shown.tsx';

export default function UsageForecast() {
  const say = useWords(usageForecastWords);
  const [asked] = useAsked();
  return (
    <BookPage title={say('title')} lead={say('lead')} asked={asked.get('book')} usual="last">
      {(found) => <Asked {...found} />}
    </BookPage>
  );
}

const wholeRows = (rows: readonly HeldRow[]) =>
  rows.flatMap(({ product, calls, expires }) =>
    product === '' || !isUsage(calls) || typedNumber(calls) === '0'
      ? []
      : [{ product, calls: typedNumber(calls), ...(isDay(expires) ? { expires: expires.trim() } : {}) }],
  );

function Asked({ book, books, choiceOf }: OfBook) {
  const say = useWords(usageForecastWords);
  const [asked, setAsked] = useAsked();
  const [file, setFile] = useState<File>();
  const [account, setAccount] = useState<string>();
  const [columns, setColumns] = useState<readonly string[]>([]);
  const have = asked.getAll('have').map(heldIn);
  const change = (id: string, rows: readonly HeldRow[]) => {
    const search = new URLSearchParams({ book: id });
    for (const row of rows) search.append('have', heldText(row));
    setAsked(search);
  };
  const open = (chosen: File) => {
    setAccount(undefined);
    setFile(chosen);
  };
  return (
    <div className="stack">
      <Card size="small">
        <BookField books={books} book={book} onChange={(id) => change(id, [])} />
        <HeldRows book={book} legend={say('have')} rows={have} onChange={(rows) => change(book.id, rows)} />
        <ColumnChoice of="usage" chosen={columns} onChange={setColumns} />
        <div className="bar" style={{ marginBottom: 0 }}>
          <FileButton label={say('open')} accept=".csv,.tsv,.txt,.ndjson,.jsonl,.json,.xlsx,.gz,.zip" onFile={open} />
          <Button onClick={() => open(exampleFile(book))}>{say('example')}</Button>
        </div>
        <p>{say('openHelp')}</p>
        <p>{say('server')}</p>
      </Card>
      {file === undefined ? (
        <div className="empty">{say('none')}</div>
      ) : (
        <Ahead
          key={`${file.name} ${file.lastModified} ${book.id} ${account ?? ''} ${columns.join(' ')} ${have.map(heldText).join(' ')}`}
          {...{ book, file, account, columns, onAccount: setAccount }}
          choice={choiceOf(book.id)}
          have={wholeRows(have)}
        />
      )}
    </div>
  );
}

interface AheadProps {
  readonly book: ShownBook;
  readonly choice: BookChoice;
  readonly file: File;
  readonly account: string | undefined;
  readonly columns: readonly string[];
  readonly have: ReturnType<typeof wholeRows>;
  readonly onAccount: (account: string | undefined) => void;
}

function Ahead({ book, choice, file, account, columns, have, onAccount }: AheadProps) {
  const say = useWords(usageForecastWords);
  const parts = useWords(partsWords);
  const run = useRun('usageForecast', {
    book: choice,
    file,
    have,
    columns,
    ...(account === undefined ? {} : { account }),
  });
  if (run.problem !== undefined) return <ProblemShown problem={run.problem} onAgain={run.start} />;
  if (run.isStopped) return <Button onClick={run.start}>{parts('again')}</Button>;
  if (run.outcome === undefined) {
    return (
      <>
        <p aria-live="polite">
          {say('reading', { name: file.name })} <Button onClick={run.stop}>{say('stop')}</Button>
        </p>
        <Skeleton active />
      </>
    );
  }
  return <ForecastShown {...{ book, account, onAccount }} name={file.name} outcome={run.outcome} />;
}
