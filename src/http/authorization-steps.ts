// Many steps of authorisation in one request: what a gateway has waiting at a moment. Each is done, or refused, by itself.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { refusalTexts, refusalWords } from '../words/refusals.ts';
import { accountFor } from './access.ts';
import { capture, hold } from './authorizations.ts';
import type { Caller } from './caller.ts';
import * as contract from './contract/contract.ts';
import { invalidInput, type Language, languageOf, sendProblem } from './problem.ts';
import { type RouteParts, routeByHand, sendText } from './route.ts';

/** Each step is read by itself, so that a malformed one spoils no other. */
const sent = z.strictObject({ steps: z.array(z.unknown()).min(1).max(contract.mostSteps) });

export function registerAuthorizationSteps(parts: RouteParts): void {
  const spec = {
    method: 'POST',
    url: '/v1/authorizations/steps',
    answer: contract.authorizationResults,
    access: { scope: 'meter', of: 'items' },
    summary: 'Up to 100 holds, captures and releases, of any accounts, each done or refused by itself',
    body: contract.authorizationSteps,
  } as const;
  routeByHand(parts, spec, {}, (request, reply) => {
    answer(parts, request, reply).catch((error: unknown) => reply.send(error));
  });
}

async function answer(parts: RouteParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { caller } = request;
  if (caller === null) throw new Error('nobody asked for the key');
  const language = languageOf(request.headers['accept-language']);
  const read = sent.safeParse(request.body ?? {});
  if (!read.success) {
    const { refusal, fields } = invalidInput(read.error, language);
    sendProblem(request, reply, refusal, fields);
    return;
  }
  const results = await Promise.all(read.data.steps.map((step) => resultOf(parts, caller, step, language)));
  sendText(reply, 200, JSON.stringify({ results }));
}

type Step = z.output<typeof contract.authorizationStep>;
type Result = z.output<typeof contract.authorizationResults>['results'][number];

const done = { hold: 'held', capture: 'captured', release: 'released' } as const;

async function resultOf(parts: RouteParts, caller: Caller, step: unknown, language: Language): Promise<Result> {
  const read = contract.authorizationStep.safeParse(step);
  if (!read.success) return refused(nameOf(step), invalidInput(read.error, language).refusal, language);
  const { data } = read;
  const account = accountFor(caller, data.account);
  const told = isRefusal(account) ? account : await take(parts, caller, account, data);
  return isRefusal(told) ? refused(data.id, told, language) : { id: data.id, status: done[data.step] };
}

function take(parts: RouteParts, caller: Caller, account: string, step: Step): Promise<object | Refusal> {
  switch (step.step) {
    case 'hold':
      return hold(parts, caller, account, step);
    case 'capture':
      return capture(parts, caller, account, step);
    case 'release':
      return parts.suanpan.ledger.release(account, step.id, caller.account === null);
  }
}

function refused(id: string, refusal: Refusal, language: Language): Result {
  const { refused: code, pointer } = refusal;
  const { status } = refusalTexts[code];
  const detail = refusalWords(refusal)[language];
  return { id, status: 'refused', refusal: { status, code, ...(pointer === undefined ? {} : { pointer }), detail } };
}

function nameOf(step: unknown): string {
  const named = typeof step === 'object' && step !== null && 'id' in step ? step.id : undefined;
  return typeof named === 'string' ? named.slice(0, 200).toWellFormed() : '';
}
