// What a month costs, while one types. Left what is asked, right the answer, below how the cost grows with the calls.

import { Card, Form, Select } from 'antd';
import { AsCommand } from '../parts/as-command.tsx';
import { BookPage, type OfBook } from '../parts/book-page.tsx';
import { bookInCommand, useAsked } from '../parts/own-book.ts';
import { ShareLink } from '../parts/share-link.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { calculatorWords } from '../words/calculator.ts';
import { useInWorker } from '../worker/in-worker.ts';
import { AnswerShown } from './answer.tsx';
import { CostCurve } from './cost-curve.tsx';
import { cliOf, firstInputs, type Inputs, inputsOf, requestOf, searchOf } from './inputs.ts';
import { GiftRows, PackRows, UseRows } from './rows.tsx';

export default function Calculator() {
  const say = useWords(calculatorWords);
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
  const say = useWords(calculatorWords);
  const said = useSaid();
  const request = requestOf(inputs);
  const isAsked = request.use.length + request.packs.length + request.gifts.length > 0;
  const answer = useInWorker('quote', isAsked ? { book: choiceOf(book.id), request } : null);
  const choose = (id: string) => {
    const chosen = books.find((other) => other.id === id);
    const of = chosen?.tariffs[0]?.id ?? '';
    change({ ...firstInputs, book: id, use: [{ of, calls: inputs.use[0]?.calls ?? '', days: '' }] });
  };
  return (
    <>
      <div className="two-columns">
        <Card size="small">
          <Form layout="vertical" component="div">
            <Form.Item label={say('book')} htmlFor="book">
              <Select
                id="book"
                value={book.id}
                onChange={choose}
                options={books.map((other) => ({ value: other.id, label: said(other) }))}
              />
            </Form.Item>
            <UseRows book={book} rows={inputs.use} onChange={(use) => change({ use })} />
            <PackRows book={book} rows={inputs.packs} onChange={(packs) => change({ packs })} />
            <GiftRows book={book} rows={inputs.gifts} onChange={(gifts) => change({ gifts })} />
          </Form>
          <ShareLink />
          <AsCommand
            method="POST"
            path="/v1/quotes"
            isPublic
            cli={cliOf({ ...inputs, book: bookInCommand(book.id, choiceOf(book.id)) })}
            body={{
              book: book.id,
              use: request.use.map((use) => ({ ...use, calls: Number(use.calls) })),
              packs: request.packs.map(({ product, size, count }) => ({ product, size: Number(size), count })),
              gifts: request.gifts.map(({ product, calls }) => ({ product, calls: Number(calls) })),
            }}
          />
        </Card>
        {isAsked ? <AnswerShown answer={answer} currency={book.currency} /> : <p>{say('nothing')}</p>}
      </div>
      {request.use.length === 0 ? null : (
        <CostCurve book={book} choice={choiceOf(book.id)} request={request} answer={answer.data} />
      )}
    </>
  );
}
