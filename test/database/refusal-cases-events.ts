// Refusals about the identity of a call (its id as an event, as a hold, as a CloudEvent), and about times that nobody lives in.

import { basic } from '../http/open-app.ts';
import { type Case, day, event, post, use } from './refusal-cases.ts';

export const eventCases: readonly Case[] = [
  {
    name: 'an event whose hold is open',
    call: event(use('open', 1, day, { account: 'holding' })),
    status: 409,
    code: 'HOLD_OPEN',
    pointer: '/id',
    en: 'capture it, and it becomes this event',
    zh: '先释放（release），再上报此事件',
  },
  {
    name: 'an authorisation under the id of an ended hold',
    call: post('/v1/authorizations', { account: 'acme', id: 'ended', meter: basic }),
    status: 409,
    code: 'HOLD_ENDED',
    en: 'under a new id',
    zh: '用新的编号',
  },
  {
    name: 'an authorisation under the id of an event',
    call: post('/v1/authorizations', { account: 'acme', id: 'e1', meter: basic }),
    status: 409,
    code: 'ID_TAKEN',
    pointer: '/id',
    en: 'choose another',
    zh: '请换一个',
  },
  ...['9999-12-31T23:59:59.999Z', '2200-01-01T00:00:00Z', '1999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'].map(
    (now): Case => ({
      name: `the sandbox's clock at ${now}`,
      call: post('/v1/clock', { now }),
      status: 422,
      code: 'INVALID_TIME',
      pointer: '/now',
      en: 'between 2000-01-01 and 2199-12-31',
      zh: '2000-01-01 与 2199-12-31 之间',
    }),
  ),
  ...['1999-12-31', '2200-01-01'].map(
    (opened): Case => ({
      name: `an account opened on ${opened}`,
      call: post('/v1/accounts', { id: 'ancient', book: 'faceid-legacy', opened }),
      status: 422,
      code: 'INVALID_TIME',
      pointer: '/opened',
      en: 'between 2000-01-01 and 2199-12-31',
      zh: '2000-01-01 与 2199-12-31 之间',
    }),
  ),
];
