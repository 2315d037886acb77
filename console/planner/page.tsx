// What should be bought: the months' calls above, the cheapest purchases below, with what else could be done and the proof.

import { Alert, Button, Card, Skeleton, Typography } from 'antd';
import { useState } from 'react';
import { AsCommand } from '../parts/as-command.tsx';
import { BookField } from '../parts/book-field.tsx';
import { BookPage, type OfBook } from '../parts/book-page.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { bookInCommand, useAsked } from '../parts/own-book.ts';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { SaveText } from '../parts/save-text.tsx';
import { ShareLink } from '../parts/share-link.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { plannerWords } from '../words/planner.ts';
import { inWorker } from '../worker/in-worker.ts';
import { isRefused } from '../worker/outcome.ts';
import { useRun } from '../worker/run.ts';
import { HeldRows } from './held.tsx';
import { bodyOf, cliOf, type Inputs, inputsOf, profileFile, requestOf, searchOf } from './inputs.ts';
import { ofProfile } from './paste.ts';
import { PlanShown } from './plan-shown.tsx';
import { UsageTable } from './table.tsx';

export default function Planner() {
  const say = useWords(plannerWords);
  const [asked, setAsked] = useAsked();
  const inputs = inputsOf(asked);
  const change = (part: Partial<Inputs>) => setAsked(searchOf({ ...inputs, ...part }));
  return (
    <BookPage title={say('title')} lead={say('lead')} asked={inputs.book}>
      {(found) => <Asked {...found} inputs={inputs} change={change} />}
    </BookPage>
  );
}

interface AskedProps extends OfBook {
  readonly inputs: Inputs;
  readonly change: (part: Partial<Inputs>) => void;
}

function Asked({ book, books, choiceOf, inputs, change }: AskedProps) {
  const say = useWords(plannerWords);
  const request = requestOf(inputs);
  const run = useRun('plan', request === undefined ? null : { book: choiceOf(book.id), request });
  const choose = (id: string) => {
    const meters = books.find((other) => other.id === id)?.meters ?? [];
    const known = inputs.meters.map((meter) => meters.find((each) => each.id === meter)?.id ?? meters[0]?.id ?? '');
    change({ book: id, meters: [...new Set(known)], have: [] });
  };
  return (
    <div className="stack">
      <Card size="small">
        <BookField books={books} book={book} onChange={choose} />
        <ProfileFile change={change} />
        <UsageTable {...{ book, inputs, change }} />
        <HeldRows book={book} legend={say('have')} rows={inputs.have} onChange={(have) => change({ have })} />
        <div className="bar" style={{ marginBottom: 0 }}>
          <Button type="primary" disabled={request === undefined || run.isRunning} onClick={run.start}>
            {say(run.isRunning ? 'planning' : 'plan')}
          </Button>
          {run.isRunning ? <Button onClick={run.stop}>{say('stop')}</Button> : null}
          <ShareLink />
          {request === undefined ? <Typography.Text>{say('nothing')}</Typography.Text> : null}
        </div>
        {request === undefined ? null : <Commands {...{ book, choiceOf, inputs, request }} />}
      </Card>
      {run.isStopped ? <Alert type="info" title={say('stopped')} /> : null}
      {run.isStale && run.outcome !== undefined ? <Alert type="info" showIcon title={say('changed')} /> : null}
      <ProblemShown problem={run.problem} onAgain={run.start} />
      {run.isRunning && run.outcome === undefined ? <Skeleton active paragraph={{ rows: 6 }} /> : null}
      {run.outcome === undefined ? null : <PlanShown outcome={run.outcome} books={books} />}
    </div>
  );
}

function ProfileFile({ change }: Pick<AskedProps, 'change'>) {
  const say = useWords(plannerWords);
  const said = useSaid();
  const [problem, setProblem] = useState<unknown>(null);
  const take = (file: File) =>
    inWorker('profile', { file }).then((read) => {
      setProblem(isRefused(read) ? new Error(said(read.refused)) : null);
      if (!isRefused(read)) change(ofProfile(read.rows));
    }, setProblem);
  return (
    <>
      <div className="bar" style={{ marginBottom: 8 }}>
        <FileButton label={say('upload')} accept=".csv,.tsv,.xlsx,.gz,.zip" onFile={(file) => void take(file)} />
        <Typography.Text type="secondary">{say('uploadHelp')}</Typography.Text>
      </div>
      <ProblemShown problem={problem} />
    </>
  );
}

type CommandsProps = Pick<AskedProps, 'book' | 'choiceOf' | 'inputs'> & {
  readonly request: NonNullable<ReturnType<typeof requestOf>>;
};

function Commands({ book, choiceOf, inputs, request }: CommandsProps) {
  const say = useWords(plannerWords);
  const cli = cliOf({ ...inputs, book: bookInCommand(book.id, choiceOf(book.id)) }, request);
  return (
    <>
      <AsCommand method="POST" path="/v1/plans" isPublic cli={cli} body={bodyOf(book.id, request)} />
      {cli.includes('--profile') ? (
        <SaveText name="profile.csv" text={profileFile(request)} label={say('saveProfile')} />
      ) : null}
    </>
  );
}
