// Which calls are charged, and by which meter: the code table of the published pages, row by row, code by code.

import { describe, expect, it } from 'vitest';
import { isBook, loadCatalog, readBook, shelve } from '../../src/book/shelf.ts';
import { classify, unnumberedCode, unreadCode } from '../../src/core/code-table.ts';
import type { CallFacts } from '../../src/core/event.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import type { Instant } from '../../src/core/units.ts';

const bookOf = (id: string) => loadCatalog().get(id)!.book;
const legacy = bookOf('faceid-legacy');
const at = (time: string) => parseInstant(time)!;
const before = at('2021-07-18T23:59:59+08:00');
const after = at('2021-07-19T00:00:00+08:00');

const span = (from: number, to: number): string[] => {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  return Array.from({ length: high - low + 1 }, (_, index) => `${low + index}`);
};
const codes = (...parts: (number | readonly [number, number])[]): string[] =>
  parts.flatMap((part) => (typeof part === 'number' ? [`${part}`] : span(part[0], part[1])));

type Call = { readonly at: Instant; readonly action: string } & {
  readonly [Fact in keyof CallFacts]?: CallFacts[Fact] | undefined;
};

const outcome = ({ at, action, channel = null, library = null, resultCode = null }: Call, book = legacy): string => {
  const found = classify(book, { action, channel, library, resultCode }, at);
  return isRefusal(found) ? `${found.refused} ${found.pointer}` : `${found.meter} ${found.outcome}`;
};

interface Row {
  readonly actions: string;
  readonly meter: string;
  readonly charged: readonly string[];
  readonly notCharged: readonly string[];
  readonly at?: typeof before;
  readonly facts?: Partial<CallFacts>;
  /** Every code in neither list is not charged. */
  readonly rest?: true;
}

const wechat = { channel: 'wechat_h5', library: 'authority' };
const never = codes([1, 17], [201, 204], [301, 303], [1000, 1999], [2001, 2005], 2008);
const flows = 'GetDetectInfo GetDetectInfoEnhanced';
const faces = ['Success', 'FailedOperation.IdNameMisMatch', 'FailedOperation.CompareLowSimilarity'];
const appSdk = codes(0, 2006, 2007, 2009, [2011, 2016]);
const otherCodes = ['FailedOperation.LifePhotoDetectFake', 'InvalidParameter', '0', '-1'];

const table: Row[] = [
  {
    actions: 'LivenessRecognition',
    meter: 'liveness.basic.authority',
    charged: faces,
    notCharged: otherCodes,
    rest: true,
  },
  { actions: 'LivenessCompare', meter: 'liveness.basic.selfie', charged: faces, notCharged: otherCodes, rest: true },
  {
    actions: 'ImageRecognition ImageRecognitionV2 CheckIdCardInformation',
    meter: 'photo.authority',
    charged: faces,
    notCharged: otherCodes,
    rest: true,
  },
  {
    actions: 'IdCardVerification IdCardOCRVerification',
    meter: 'identity',
    charged: codes(0, -1),
    notCharged: codes([-2, -7]),
  },
  {
    actions: 'BankCard2EVerification',
    meter: 'bank_card',
    charged: codes(0, -1, [-4, -15], -18),
    notCharged: codes(-2, -3, -16, -17),
  },
  {
    actions: 'BankCardVerification',
    meter: 'bank_card',
    charged: codes(0, -1, [-5, -16], -20),
    notCharged: codes(-2, -3, -4, -17, -18, -19),
  },
  {
    actions: 'BankCard4EVerification',
    meter: 'bank_card',
    charged: codes(0, -1, [-6, -17], -21),
    notCharged: codes([-2, -5], -18, -19, -20),
  },
  { actions: 'MobileStatus', meter: 'phone_status', charged: codes(0), notCharged: codes(-1, -2, -3, -4, -13) },
  {
    actions: 'MobileNetworkTimeVerification',
    meter: 'phone_status',
    charged: codes(0, -2, -3),
    notCharged: codes(-1, -4, -5, -13),
  },
  {
    actions: 'CheckBankCardInformation',
    meter: 'bank_card_info',
    charged: codes(0, -1, -5),
    notCharged: codes(-2, -3, -4, -6),
  },
  {
    actions: flows,
    meter: 'liveness.wechat.authority',
    at: before,
    facts: wechat,
    charged: codes(0, 2006, 2007, [2009, 2016]),
    notCharged: never,
  },
  {
    actions: flows,
    meter: 'liveness.wechat.authority',
    at: after,
    facts: wechat,
    charged: codes(0, 2006, 2016),
    notCharged: [...never, ...codes(2007, [2009, 2015])],
  },
  { actions: 'GetEidResult', meter: 'eid', at: before, charged: codes(0, 2006, 2007, [2009, 2016]), notCharged: never },
  {
    actions: 'GetEidResult',
    meter: 'eid',
    at: after,
    charged: codes(0, 2006, 2016),
    notCharged: [...never, ...codes(2007, [2009, 2015])],
  },
  {
    actions: flows,
    meter: 'liveness.basic.selfie',
    at: after,
    facts: { channel: 'pc_h5', library: 'selfie' },
    charged: codes(0, 2006, 2016),
    notCharged: never,
  },
  {
    actions: 'GetFaceIdResult',
    meter: 'liveness.basic.authority',
    facts: { library: 'authority' },
    charged: appSdk,
    notCharged: codes(2010, 1, 2008, 1005, -1),
    rest: true,
  },
  {
    actions: 'GetFaceIdResult',
    meter: 'liveness.basic.selfie',
    facts: { library: 'selfie', channel: 'app_sdk' },
    charged: appSdk,
    notCharged: codes(2010),
    rest: true,
  },
  {
    actions: 'DetectAuth GetEidToken GetFaceIdToken GetLiveCode GetActionSequence CheckEidTokenStatus',
    meter: 'null',
    charged: [],
    notCharged: ['0', 'Success', 'anything'],
    rest: true,
  },
];

const named = table.flatMap((row) => row.actions.split(' ').map((action) => ({ action, row })));

describe('code table of faceid-legacy', () => {
  it.each(named)('$action', ({ action, row }) => {
    const call = (resultCode: string) => outcome({ action, ...row.facts, resultCode, at: row.at ?? after });
    for (const code of row.charged) expect(`${code} ${call(code)}`).toBe(`${code} ${row.meter} charged`);
    for (const code of row.notCharged) expect(`${code} ${call(code)}`).toBe(`${code} ${row.meter} not-charged`);
    const listed = new Set([...row.charged, ...row.notCharged]);
    for (const code of [...span(-30, 30), '2017', '9999', 'Unheard', '01', '-0', '+1', ' 0', '0.0']) {
      if (listed.has(code)) continue;
      expect(`${code} ${call(code)}`).toBe(`${code} ${row.meter} ${row.rest ? 'not-charged' : 'held'}`);
    }
  });

  it('gives the three books the same codes', () => {
    expect(bookOf('faceid-2019').codeTable).toEqual(legacy.codeTable);
    expect(bookOf('faceid-2021').codeTable).toEqual(legacy.codeTable);
  });
});

describe('facts → meter', () => {
  it.each([
    ['faceid-legacy', 'GetDetectInfo wechat_h5 authority', 'liveness.wechat.authority charged'],
    ['faceid-legacy', 'GetDetectInfoEnhanced wechat_mini_program selfie', 'liveness.wechat.selfie charged'],
    ['faceid-legacy', 'GetDetectInfo h5 authority', 'liveness.basic.authority charged'],
    ['faceid-legacy', 'GetDetectInfo standalone_h5 selfie', 'liveness.basic.selfie charged'],
    ['faceid-legacy', 'GetFaceIdResult app_sdk authority', 'liveness.basic.authority charged'],
    ['faceid-2021', 'GetFaceIdResult app_sdk authority', 'liveness.app.authority charged'],
    ['faceid-2021', 'GetFaceIdResult - selfie', 'liveness.app.selfie charged'],
    ['faceid-2021', 'PhoneVerification - -', 'phone_info held'],
    ['faceid-legacy', 'PhoneVerification - -', 'UNKNOWN_ACTION /action'],
    ['faceid-legacy', 'Detectauth - -', 'UNKNOWN_ACTION /action'],
    ['faceid-legacy', 'GetDetectInfo - authority', 'UNKNOWN_ACTION /channel'],
    ['faceid-legacy', 'GetDetectInfo app_sdk authority', 'UNKNOWN_ACTION /channel'],
    ['faceid-legacy', 'GetDetectInfo wechat_h5 -', 'UNKNOWN_ACTION /library'],
    ['faceid-legacy', 'GetFaceIdResult app_sdk -', 'UNKNOWN_ACTION /library'],
  ])('%s: %s → %s', (book, facts, expected) => {
    const [action = '', channel, library] = facts.split(' ').map((fact) => (fact === '-' ? undefined : fact));
    expect(outcome({ action, channel, library, resultCode: '0', at: after }, bookOf(book))).toBe(expected);
  });

  it('holds a call without a result code, unless no code of the action is ever charged', () => {
    expect(outcome({ action: 'LivenessCompare', at: after })).toBe('liveness.basic.selfie held');
    expect(outcome({ action: 'DetectAuth', at: after })).toBe('null not-charged');
  });
});

describe('a book of one’s own', () => {
  const example = readBook('catalog/examples/sms-gateway.json');
  if (!isBook(example)) throw new Error(JSON.stringify(example));
  const { document } = example;
  const [general, special] = [{ actions: ['SendSms'] }, { actions: ['SendSms'], channels: ['marketing'] }];
  const always = { actions: ['SendSms'], from: null, until: null };
  const own = shelve({
    ...document,
    meters: document.meters.map((meter) => ({
      ...meter,
      facts: meter.id === 'sms.notice' ? [general] : meter.id === 'sms.marketing' ? [special] : [],
    })),
    codeTable: [
      { ...always, charged: 'rest', notCharged: ['BLOCKED'] },
      { ...always, channels: ['marketing'], charged: 'rest', notCharged: [] },
    ],
  });
  if (!isBook(own)) throw new Error(JSON.stringify(own));

  it.each([
    ['a fact left out matches any', { channel: 'notice', resultCode: 'DELIVERED' }, 'sms.notice charged'],
    ['… or none', { resultCode: 'DELIVERED' }, 'sms.notice charged'],
    ['the more specific meter and rule win', { channel: 'marketing', resultCode: 'BLOCKED' }, 'sms.marketing charged'],
    ['a listed code goes before the rest', { channel: 'notice', resultCode: 'BLOCKED' }, 'sms.notice not-charged'],
    ['no code, and every code is charged', { channel: 'marketing' }, 'sms.marketing charged'],
    ['no code, and codes differ', { channel: 'notice' }, 'sms.notice held'],
  ])('%s', (_, facts, expected) => {
    expect(outcome({ action: 'SendSms', ...facts, at: after }, own.book)).toBe(expected);
  });
});

it('what a gateway could not read is held, also where a column has all the rest', () => {
  for (const resultCode of [unreadCode, unnumberedCode('0'), unnumberedCode('1001')]) {
    expect(outcome({ at: after, action: 'GetFaceIdResult', library: 'authority', resultCode })).toMatch(/ held$/);
    expect(outcome({ at: after, action: 'LivenessRecognition', resultCode })).toBe('liveness.basic.authority held');
  }
  expect(outcome({ at: after, action: 'LivenessRecognition', resultCode: 'UNREAD' })).toMatch(/ not-charged$/);
});
