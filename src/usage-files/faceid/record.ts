// FaceID's own answers, as its API gives them: what in them counts calls. Shapes: API faceid 2018-03-01, documents 1007/41957
// (GetDetectInfoEnhanced), 1007/51442 (GetWeChatBillDetails), 1007/41958 (their types); how to reckon by them: 1007/103602.
// Names, numbers and images in the answers are never looked at.

type Fields = Readonly<Record<string, unknown>>;

/** Ids of FaceID's are shorter; two of them make the id of an event. */
export const longestName = 99;

/** One attempt of a flow, as it stands in an answer. */
export interface RawAttempt {
  readonly seq: unknown;
  readonly time: unknown;
  readonly isNeeded: unknown;
  readonly code: unknown;
}

/** The answer about one token; `errCode` is that of the whole flow where the answer tells. */
export interface TokenAnswer {
  readonly kind: 'token';
  readonly action: 'GetDetectInfoEnhanced' | 'GetEidResult';
  readonly token: unknown;
  readonly rule: unknown;
  /** When it was asked. */
  readonly time: unknown;
  readonly errCode: unknown;
  readonly attempts: readonly RawAttempt[] | null;
  /** How many of the attempts are charged, where the answer says so itself. */
  readonly chargeCount: unknown;
  /** From a page of the provider's own list, which has tokens in their last state. */
  readonly isListed: boolean;
}

/** A token that was made. */
export interface TokenMade {
  readonly kind: 'made';
  readonly token: unknown;
  readonly time: unknown;
}

export interface BillPage {
  readonly kind: 'page';
  readonly answers: readonly TokenAnswer[];
  readonly hasNext: boolean;
}

/** An answer without what is looked for in it: encrypted, or asked for images alone. */
export interface TextlessAnswer {
  readonly kind: 'textless';
}

/** The provider answered with an error. */
export interface FailedAnswer {
  readonly kind: 'failed';
  readonly code: string;
}

export type FaceidRecord = TokenAnswer | TokenMade | BillPage | FailedAnswer | TextlessAnswer;

/** Whether a text that cannot be read may hold an answer, and so a person's name and number. */
export const looksLikeFaceid = (text: string): boolean =>
  /"(?:LivenessDetail|ChargeDetails|WeChatBillDetails|IdCard|Idcard|OcrIdCard|OcrName|BestFrame)"/.test(text);

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an object of a file is, if it is an answer of FaceID: as it came, without its `Response`, or with what was asked beside it. */
export function faceidRecord(value: Fields): FaceidRecord | undefined {
  const { Response: response } = value;
  const answer = isObject(response) ? response : value;
  const { Request: request } = value;
  const asked: Fields = isObject(request) ? { ...value, ...request } : value;
  if (Array.isArray(answer.WeChatBillDetails)) return pageOf(answer.WeChatBillDetails, answer.HasNextPage === true);
  if (Array.isArray(answer.ChargeDetails)) return listed(answer);
  if (isObject(answer.Text) || 'LivenessDetail' in answer) return detectInfo(answer, asked);
  const isBare = !isObject(response);
  if (isBare && !('RequestId' in value)) return undefined;
  if (isObject(answer.Error)) return { kind: 'failed', code: String(answer.Error.Code).slice(0, longestName) };
  const { BizToken: token = answer.EidToken } = answer;
  if (token !== undefined) return { kind: 'made', token, time: asked.Time };
  return isBare ? undefined : { kind: 'textless' };
}

const pageOf = (details: readonly unknown[], hasNext: boolean): BillPage => ({
  kind: 'page',
  answers: details.map((detail) => listed(isObject(detail) ? detail : {})),
  hasNext,
});

function listed(detail: Fields): TokenAnswer {
  const { ChargeDetails: details } = detail;
  const attempts = Array.isArray(details)
    ? details
        .filter(isObject)
        .map(({ Seq, ReqTime, IsNeedCharge, ErrorCode }) => rawAttempt(Seq, ReqTime, IsNeedCharge, ErrorCode))
    : null;
  return {
    kind: 'token',
    action: 'GetDetectInfoEnhanced',
    token: detail.BizToken,
    rule: detail.RuleId,
    time: undefined,
    errCode: undefined,
    attempts,
    chargeCount: detail.ChargeCount,
    isListed: true,
  };
}

function detectInfo(answer: Fields, asked: Fields): TokenAnswer {
  const text = isObject(answer.Text) ? answer.Text : answer;
  const { LivenessDetail: details } = text;
  const attempts = Array.isArray(details)
    ? details
        .filter(isObject)
        .map(({ Seq, ReqTime, IsNeedCharge, Errcode }) => rawAttempt(Seq, ReqTime, IsNeedCharge, Errcode))
    : null;
  const isEid = asked.BizToken === undefined && asked.EidToken !== undefined;
  return {
    kind: 'token',
    action: isEid ? 'GetEidResult' : 'GetDetectInfoEnhanced',
    token: isEid ? asked.EidToken : asked.BizToken,
    rule: asked.RuleId,
    time: asked.Time,
    errCode: text.ErrCode,
    attempts,
    chargeCount: undefined,
    isListed: false,
  };
}

const rawAttempt = (seq: unknown, time: unknown, isNeeded: unknown, code: unknown): RawAttempt => ({
  seq,
  time,
  isNeeded,
  code,
});
