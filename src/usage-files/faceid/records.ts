// FaceID's own answers → events: an attempt is one, named by its token and `Seq`, at `ReqTime`, charged by `IsNeedCharge`. The code
// table of its day is asked too; where the two disagree, that is said and nothing is chosen in silence.

import { classify } from '../../core/code-table.ts';
import type { CallFacts, Outcome } from '../../core/event.ts';
import type { PriceBook } from '../../core/price-book.ts';
import { isRefusal } from '../../core/refusal.ts';
import { callsOf, type Instant, instantOf } from '../../core/units.ts';
import { faceidWords } from '../../words/faceid.ts';
import { shown } from '../cells.ts';
import { readMoment } from '../moment.ts';
import { type FileNotes, passOver } from '../notes.ts';
import type { UsageRow } from '../row.ts';
import { FileTrouble, type RowProblem, rowProblem } from '../row-problem.ts';
import { disagrees } from './charge.ts';
import { codeIn, momentIn, nameIn } from './fields.ts';
import { type FaceidRecord, faceidRecord, type RawAttempt, type TokenAnswer } from './record.ts';
import type { FaceidRules } from './rules.ts';
import { Tokens } from './token.ts';

/** What is needed to read FaceID's answers. */
export interface FaceidReading {
  readonly rules: FaceidRules;
  /** Whose code table is asked. */
  readonly book: PriceBook;
}

export class FaceidRecords {
  readonly #path: string;
  readonly #reading: FaceidReading | undefined;
  readonly #notes: FileNotes;
  readonly #tokens = new Tokens();
  /** Line of a page that says that another follows. */
  #openPage: number | undefined;

  constructor(path: string, reading: FaceidReading | undefined, notes: FileNotes) {
    this.#path = path;
    this.#reading = reading;
    this.#notes = notes;
  }

  /** The rows of an answer; undefined where the object is none of FaceID's. Throws FileTrouble where rules and book are not given. */
  read(line: number, value: object): readonly UsageRow[] | undefined {
    const record = faceidRecord(value as Record<string, unknown>);
    if (record === undefined) return undefined;
    if (this.#reading === undefined) {
      throw new FileTrouble('FACEID_RECORDS', faceidWords.needsRulesAndBook(this.#path, line));
    }
    return this.#rowsOf(line, record, this.#reading);
  }

  /** The file has ended. Throws FileTrouble where pages are missing. */
  end(): void {
    if (this.#openPage !== undefined) {
      throw new FileTrouble('CUT_SHORT', faceidWords.pageIsMissing(this.#path, this.#openPage));
    }
    const states = this.#tokens.states();
    if (states.tokens > 0) this.#notes.tokens = states;
  }

  #rowsOf(line: number, record: FaceidRecord, reading: FaceidReading): readonly UsageRow[] {
    if (record.kind === 'page') {
      this.#openPage = record.hasNext ? line : undefined;
      return record.answers.flatMap((answer) => this.#answer(line, answer, reading));
    }
    if (record.kind === 'token') return this.#answer(line, record, reading);
    if (record.kind === 'failed') {
      return [refused(line, 'FAILED_ANSWER', '/Response/Error', faceidWords.answerIsAnError(shown(record.code)))];
    }
    if (record.kind === 'textless') {
      return [refused(line, 'FAILED_ANSWER', '/Response/Text', faceidWords.answerWithoutText)];
    }
    const token = nameIn(record.token);
    if (token === undefined) return [noToken(line, record.token)];
    const at = record.time === undefined ? null : readMoment(record.time, undefined);
    if (at !== null && typeof at !== 'number') return [{ line, problem: { ...at, pointer: '/Time' } }];
    this.#tokens.mention(token, { made: at });
    return [];
  }

  #answer(line: number, answer: TokenAnswer, reading: FaceidReading): readonly UsageRow[] {
    const token = nameIn(answer.token);
    if (token === undefined) return [noToken(line, answer.token)];
    const at = answer.time === undefined ? null : readMoment(answer.time, undefined);
    if (at !== null && typeof at !== 'number') return [{ line, problem: { ...at, pointer: '/Time' } }];
    const attempts = answer.attempts ?? [];
    const times = attempts.flatMap(({ time }) => momentIn(time) ?? []);
    this.#tokens.mention(token, {
      read: at,
      isPassed: answer.isListed || String(answer.errCode) === '0',
      firstAttempt: times.length === 0 ? null : instantOf(Math.min(...times)),
    });
    const counted = attempts.filter(({ isNeeded }) => isNeeded === true).length;
    if (answer.chargeCount !== undefined && answer.chargeCount !== counted) {
      const told = faceidWords.chargeCountDiffers(token, shown(answer.chargeCount), counted);
      return [refused(line, 'CHARGE_COUNT', '/ChargeCount', told)];
    }
    return attempts.flatMap((attempt) => this.#attempt(line, token, answer, attempt, reading) ?? []);
  }

  #attempt(
    line: number,
    token: string,
    { action, rule }: TokenAnswer,
    attempt: RawAttempt,
    { rules, book }: FaceidReading,
  ): UsageRow | undefined {
    const { seq, time, isNeeded, code } = attempt;
    if (typeof isNeeded !== 'boolean') {
      return refused(line, 'MISSING', '/IsNeedCharge', faceidWords.mustBeTrueOrFalse(token, shown(isNeeded)));
    }
    const name = nameIn(seq);
    if (!isNeeded && [seq, time, code].some((each) => each === null || each === undefined)) {
      // Some attempts end before they have a number or a result; they are free.
      passOver(this.#notes, line);
      return undefined;
    }
    if (name === undefined) return refused(line, 'MISSING', '/Seq', faceidWords.seqIsMissing(token));
    const at = momentIn(time);
    if (at === undefined) return refused(line, 'INVALID_TIME', '/ReqTime', faceidWords.reqTime(token, shown(time)));
    const resultCode = codeIn(code);
    if (resultCode === undefined) return refused(line, 'MISSING', '/ErrorCode', faceidWords.code(token, shown(code)));
    const flow = rules.get(rule === undefined || rule === null ? '' : String(rule));
    if (flow === undefined && action !== 'GetEidResult') {
      return refused(line, 'UNKNOWN_RULE', '/RuleId', faceidWords.unknownRule(shown(rule ?? null)));
    }
    const facts = { action, channel: flow?.channel ?? null, library: flow?.library ?? null, resultCode };
    const id = `${token}:${name}`;
    const event = { id, account: null, meter: null, facts, calls: callsOf(1), at, department: null };
    return { line, event, charge: { isNeeded, byTable: outcomeOf(book, facts, at, isNeeded) } };
  }
}

/** What no meter takes is refused later, with the other rows of which that is so. */
function outcomeOf(book: PriceBook, facts: CallFacts, at: Instant, isNeeded: boolean): Outcome {
  const classified = classify(book, facts, at);
  if (isRefusal(classified)) return isNeeded ? 'charged' : 'not-charged';
  return classified.outcome;
}

const refused = (
  line: number,
  code: RowProblem['code'],
  pointer: string,
  told: { zh: string; en: string },
): UsageRow => ({
  line,
  problem: rowProblem(code, pointer, told),
});

const noToken = (line: number, found: unknown): UsageRow =>
  refused(line, 'MISSING', '/BizToken', faceidWords.tokenIsMissing(shown(found ?? null)));

/** For whoever can only take what the code table will say: the row's problem where the two disagree. */
export function disagreement({ event, charge }: UsageRow): RowProblem | undefined {
  if (charge === undefined || event?.facts == null || !disagrees(charge)) return undefined;
  const { resultCode } = event.facts;
  return rowProblem('CHARGE_DISAGREES', '/IsNeedCharge', faceidWords.disagrees(event.id, resultCode ?? '', charge));
}
