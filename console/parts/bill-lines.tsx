// The lines of a bill: each opens "why this amount?".

import { Link } from 'react-router';
import type { Answer } from '../server/ask.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { billWords } from '../words/bill.ts';
import { accountPath, type BookDocument, chargeTitleIn, titleIn } from './account.ts';
import { Amount, countText } from './figures.tsx';
import { Scroll } from './scroll.tsx';

export type BillLine = Answer<'billLine'>;

/** What the line is for: the title of its pack or tariff. */
function titleOfLine(line: BillLine, book: BookDocument | undefined): { zh: string; en: string } {
  if ('product' in line) return titleIn(book, 'packProducts', line.product);
  return chargeTitleIn(book, line);
}

const callsOfLine = (line: BillLine): number | bigint | null =>
  'size' in line ? line.size : 'calls' in line ? line.calls : null;

/** Of a line of one day. */
const dayOfLine = (line: BillLine): string | undefined => ('day' in line ? line.day : undefined);

/** The calls behind a line: those of its month, or of its day. */
function callsOf(line: BillLine, month: string): string {
  const day = dayOfLine(line);
  return `calls?month=${line.kind === 'adjustment' ? line.month : month}${day === undefined ? '' : `&day=${day}`}`;
}

interface Props {
  readonly lines: readonly BillLine[];
  readonly account: string;
  readonly month: string;
  readonly currency: string;
  readonly book: BookDocument | undefined;
}

export function BillLines({ lines, account, month, currency, book }: Props) {
  const say = useWords(billWords);
  const said = useSaid();
  return (
    <Scroll label={say('line')}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{say('line')}</th>
            <th scope="col" className="number">
              {say('calls')}
            </th>
            <th scope="col" className="number">
              {say('amount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const calls = callsOfLine(line);
            return (
              <tr key={`${line.kind} ${'tariff' in line ? line.tariff : ''} ${line.formula.en}`}>
                <td>
                  <details>
                    <summary>
                      {say(line.kind === 'fee' ? `${line.reason}Fee` : line.kind)} · {said(titleOfLine(line, book))}
                      {dayOfLine(line) === undefined ? '' : ` · ${dayOfLine(line)}`}
                    </summary>
                    <p>{said(line.formula)}</p>
                    <p>
                      {'pack' in line ? (
                        <Link to={accountPath(account, `packs/${encodeURIComponent(line.pack)}`)}>
                          {say('openPack')}
                        </Link>
                      ) : (
                        <Link to={accountPath(account, callsOf(line, month))}>{say('callsBehind')}</Link>
                      )}
                    </p>
                  </details>
                </td>
                <td className="number">{calls === null ? '' : countText(calls)}</td>
                <td className="number">
                  <Amount amount={line.amount} currency={currency} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
