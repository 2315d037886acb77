// Refusals about the identity of a call: its id as an event, as a hold, as a CloudEvent.

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
];
