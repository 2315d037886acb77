// One row of an event file → a usage event, or what is wrong with it. Shape only: whether a meter exists is the book's business.
// Source: contracts "Event", billing rules 5.

import { type CallFacts, type EventField, eventFields, type IncomingEvent } from '../core/event.ts';
import { ledgerIdOf } from '../core/event-name.ts';
import { isSafeText } from '../core/safe-text.ts';
import { type Calls, callsOf, type Instant, mostCalls } from '../core/units.ts';
import { columnsWords } from '../words/columns.ts';
import { cellFlaw } from '../words/name-flaws.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { words } from '../words/words.ts';
import { readWhole, shown } from './cells.ts';
import type { Charge } from './faceid/charge.ts';
import { readMoment } from './moment.ts';
import { FileTrouble, type RowProblem, rowProblem } from './row-problem.ts';

/** A usage event as a file gives it. `account` null: the account of whoever sends the file. */
export interface FileEvent extends IncomingEvent {
  readonly account: string | null;
}

/** A row of the file: exactly one of `event` and `problem` is there. `line` counts from 1, the header of a CSV file included. */
export interface UsageRow {
  readonly line: number;
  readonly event?: FileEvent;
  /** Where the source itself says whether it charges the event. */
  readonly charge?: Charge;
  readonly problem?: RowProblem;
  /** Beside a problem: the row as it stood, where it was text at all; its beginning if it is long. */
  readonly text?: string;
}

const longestKept = 4_000;

/** A row with a problem keeps its text, so that whoever sent it sees what was refused. */
export const keepText = (row: UsageRow, text: () => string): UsageRow =>
  row.problem === undefined ? row : { ...row, text: text().slice(0, longestKept) };

/** The fields that are texts. */
type TextField = Exclude<EventField, 'calls' | 'time'>;

export type RawFields = { readonly [Field in EventField]?: unknown };

const oneCall = callsOf(1);
const mostSafeCalls = Number(mostCalls);
const wholeNumber = /^[1-9]\d{0,12}$/;
/**
 * What a spreadsheet makes of a long number: 202601060000123456 becomes 2.02601E+17, or with a comma where that is the decimal
 * sign, and so do a thousand others. Without a fraction and a plus it may be anything: 3e12 is the beginning of many a hash.
 */
const scientific = /^\d{1,3}(?:(?:[.,]\d+)?[eE]\+|[.,]\d+[eE])\d+$/;

/** Reads the rows of one file, one at a time. */
export class EventReader {
  readonly #path: string;
  /** Of times without an offset; undefined: they are refused. */
  readonly #zone: string | undefined;
  readonly #rounded = new RoundedIds();
  /** The first problem of the row that is read. */
  #found: RowProblem | undefined;

  constructor(path: string, zone: string | undefined) {
    this.#path = path;
    this.#zone = zone;
  }

  /**
   * Reads the fields of a row: JSON values, or the trimmed cells of a table, where an empty cell is a field left out.
   * Throws FileTrouble where a spreadsheet has rewritten the ids: what they were, nobody can say.
   */
  read(line: number, fields: RawFields, source: string | null = null): UsageRow {
    this.#found = undefined;
    const id = this.#required('id', this.#text('id', fields.id));
    if (source !== null && !isSource(source)) {
      this.#blame(rowProblem('WRONG_TYPE', '/source', columnsWords.sourceIsNone(shown(source))));
    }
    const meter = this.#text('meter', fields.meter);
    const event: FileEvent = {
      id: ledgerIdOf({ id, source }),
      account: this.#text('account', fields.account),
      meter,
      facts: this.#facts(fields, meter),
      calls: this.#calls(fields.calls),
      at: this.#time(fields.time),
      department: this.#text('department', fields.department),
    };
    if (scientific.test(id)) throw rewritten(this.#path, line, id);
    if (this.#found !== undefined) return { line, problem: this.#found };
    if (this.#rounded.isSpent(event)) throw rewritten(this.#path, line, event.id);
    return { line, event };
  }

  #blame(problem: RowProblem): void {
    this.#found ??= problem;
  }

  #text(field: TextField, value: unknown): string | null {
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string') {
      this.#blame(rowProblem('WRONG_TYPE', `/${field}`, usageFilesWords.mustBeText(field, shown(value))));
      return null;
    }
    if (value === '') this.#blame(rowProblem('MISSING', `/${field}`, usageFilesWords.isEmpty(field)));
    const { most } = eventFields[field];
    if (value.length > most) {
      this.#blame(rowProblem('OUT_OF_RANGE', `/${field}`, usageFilesWords.isOverCharacters(field, most)));
    }
    this.#checkLetters(field, value);
    return value;
  }

  #checkLetters(field: EventField, value: string): void {
    const flaw = cellFlaw(value);
    if (flaw === undefined) return;
    const at = `${field} ${shown(value)}`;
    this.#blame(rowProblem('UNSAFE_TEXT', `/${field}`, words(`${at} ${flaw.zh}`, `${at} ${flaw.en}`)));
  }

  #required(field: EventField, value: string | null): string {
    if (value === null) this.#blame(rowProblem('MISSING', `/${field}`, usageFilesWords.isMissing(field)));
    return value ?? '';
  }

  /** Result codes are texts; many files write them as whole numbers. */
  #code(value: unknown): string | null {
    return this.#text('resultCode', typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value);
  }

  #calls(value: unknown): Calls {
    if (value === undefined || value === 1 || value === null) return oneCall;
    const number = typeof value === 'string' ? numberIn(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 1 && number <= mostSafeCalls) {
      return callsOf(number);
    }

    this.#blame(rowProblem('OUT_OF_RANGE', '/calls', usageFilesWords.calls(shown(value))));
    return oneCall;
  }

  #time(value: unknown): Instant {
    const at =
      value === undefined || value === null
        ? rowProblem('MISSING', '/time', usageFilesWords.timeIsMissing)
        : readMoment(value, this.#zone);
    if (typeof at === 'number') return at;
    this.#blame(at);
    return noTime;
  }

  #facts(fields: RawFields, meter: string | null): CallFacts | null {
    const action = this.#text('action', fields.action);
    const facts = {
      channel: this.#text('channel', fields.channel),
      library: this.#text('library', fields.library),
      resultCode: this.#code(fields.resultCode),
    };
    if (meter === null && action === null) {
      this.#blame(rowProblem('MISSING', '/meter', usageFilesWords.meter));
    }
    const first = action ?? facts.channel ?? facts.library ?? facts.resultCode;
    if (meter !== null && first !== null) {
      this.#blame(rowProblem('METER_AND_ACTION', '/meter', usageFilesWords.giveMeter));
    }
    return action === null ? null : { action, ...facts };
  }
}

/** Of a CloudEvent, a name of the space that its id belongs to. */
export const isSource = (text: string): boolean =>
  text !== '' && text.length <= eventFields.id.most && isSafeText(text) && !/\s/.test(text);

const noTime = 0 as Instant;

function numberIn(text: string): number | undefined {
  if (wholeNumber.test(text)) return Number(text);
  const found = readWhole(text);
  return found === undefined ? undefined : Number(found);
}

const mostRemembered = 10_000;
/** So many ids do not end with zeros by chance. */
const fewestRounded = 20;

/**
 * Spreadsheets keep fifteen digits of a number and write zeros for the rest. Ids of other programs may look like that too; only
 * rounded ones are the same again and again with other content.
 */
class RoundedIds {
  readonly #contents = new Map<string, string>();
  #again = 0;
  /** Some long id has digits where spreadsheets leave zeros. */
  #isWhole = false;

  isSpent({ id, at, calls, account }: FileEvent): boolean {
    if (id.length < 16 || !/^[1-9]\d{15,}$/.test(id)) return false;
    if (!/^\d{15}0+$/.test(id)) {
      this.#isWhole = true;
      return false;
    }
    const content = `${at} ${calls} ${account ?? ''}`;
    const known = this.#contents.get(id);
    if (known === undefined && this.#contents.size < mostRemembered) this.#contents.set(id, content);
    if (known === undefined || known === content) return false;
    this.#again += 1;
    return this.#again * 2 >= this.#contents.size || (!this.#isWhole && this.#contents.size >= fewestRounded);
  }
}

const rewritten = (path: string, line: number, id: string): FileTrouble =>
  new FileTrouble('ID_REWRITTEN', usageFilesWords.idRewritten(path, line, shown(id)));
