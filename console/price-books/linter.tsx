// A price book of one's own: what is wrong with it, what is likely a slip, and on to the calculator when it is fine.

import { Alert, Button, Card, Tag } from 'antd';
import { Link } from 'react-router';
import { hashOfBook } from '../parts/own-book.ts';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { TextIn } from '../parts/text-in.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { priceBookWords } from '../words/price-books.ts';
import { inWorker, useInWorker } from '../worker/in-worker.ts';

interface Props {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export function Linter({ text, onChange }: Props) {
  const say = useWords(priceBookWords);
  const checked = useInWorker('lint', text.trim() === '' ? null : { text });
  const example = () => void inWorker('shippedText', { book: 'faceid-2021' }).then(onChange);
  return (
    <div className="two-columns">
      <Card size="small">
        <TextIn
          label={say('document')}
          placeholder={say('drop')}
          open={say('openFile')}
          rows={22}
          text={text}
          onChange={onChange}
        />{' '}
        <Button onClick={example}>{say('example')}</Button>
      </Card>
      <section aria-live="polite" aria-label={say('check')} className="stack">
        <ProblemShown problem={checked.error} />
        {text.trim() === '' ? <div className="empty">{say('notYet')}</div> : null}
        {text.trim() === '' || checked.data === undefined ? null : <Found {...checked.data} />}
      </section>
    </div>
  );
}

interface Finding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly pointer: string;
  readonly zh: string;
  readonly en: string;
}

function Found({ findings, document }: { readonly findings: readonly Finding[]; readonly document: unknown }) {
  const say = useWords(priceBookWords);
  const said = useSaid();
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return (
    <>
      {findings.length === 0 ? (
        <Alert type="success" showIcon title={say('none')} />
      ) : (
        <Card
          size="small"
          title={<h2 className="card-title">{say('found', { errors, warnings: findings.length - errors })}</h2>}
        >
          <PlainTable
            label={say('check')}
            columns={[say('severity'), say('place'), say('what')]}
            rows={findings.map((finding, index) => ({
              key: String(index),
              cells: [
                <Tag key="severity" color={finding.severity === 'error' ? 'red' : 'gold'}>
                  {say(finding.severity)}
                </Tag>,
                <code key="place" className="break-anywhere">
                  {finding.pointer === '' ? '/' : finding.pointer}
                </code>,
                said(finding),
              ],
            }))}
          />
        </Card>
      )}
      {document === null ? null : <OpenWith document={document} />}
    </>
  );
}

interface Parts {
  readonly id: string;
  readonly tariffs: readonly { readonly id: string }[];
  readonly meters: readonly { readonly id: string }[];
}

function OpenWith({ document }: { readonly document: unknown }) {
  const say = useWords(priceBookWords);
  const hash = hashOfBook(document);
  // The linter found no error: it is a book.
  const { id, tariffs, meters } = document as Parts;
  if (hash === undefined) return <p>{say('tooLarge')}</p>;
  const first = tariffs[0]?.id ?? meters[0]?.id ?? '';
  const calculator = new URLSearchParams({ book: id, use: `${first}=1000` });
  const planner = new URLSearchParams({ book: id, meter: meters[0]?.id ?? '', month: '2026-01;1000' });
  const compared = new URLSearchParams({ view: 'compare', book: 'faceid-2021', with: id });
  return (
    <p>
      <Link to={{ pathname: '/calculator', search: calculator.toString(), hash }}>{say('openCalculator')}</Link>
      {' · '}
      <Link to={{ pathname: '/planner', search: planner.toString(), hash }}>{say('openPlanner')}</Link>
      {' · '}
      <Link to={{ pathname: '/price-books', search: compared.toString(), hash }}>{say('compareOwn')}</Link>
    </p>
  );
}
