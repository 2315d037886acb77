// An answer that comes line by line: how far the server is, at last the answer itself.

import { readJson } from '../core/json.ts';
import { cliOutputWords } from '../words/cli/output.ts';
import { type ApiCall, exitOf, openApi, problemOf, reasonOf } from './client.ts';
import { exitCodes, type Output } from './output.ts';
import { type Progress, progressBar } from './progress.ts';

/** Like `callApi`, with a progress bar of accounts meanwhile. */
export async function callInLines(call: ApiCall, output: Output): Promise<unknown> {
  const response = await openApi({ ...call, accept: 'application/x-ndjson' }, output);
  if (response?.body == null) return undefined;
  let bar: Progress | undefined;
  let answer: unknown;
  try {
    for await (const text of linesOf(response.body)) {
      answer = readJson(text);
      if (output.json || !isStep(answer)) continue;
      const { done, of } = answer;
      bar ??= progressBar(of, cliOutputWords.accounts, output.say);
      bar.show(done, done);
    }
    if (answer === undefined || isStep(answer)) throw new Error('the last line is missing');
  } catch (error) {
    bar?.stop();
    output.fail(exitCodes.network, cliOutputWords.answerOfIsCutShort(response.url, reasonOf(error)));
    return undefined;
  }
  bar?.stop();
  if (!isProblem(answer)) return answer;
  const { code, words, pointer } = problemOf(answer, answer.status);
  output.fail(exitOf(code, answer.status), words, code, pointer);
  return undefined;
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const isStep = (line: unknown): line is { readonly done: number; readonly of: number } =>
  typeof line === 'object' && line !== null && 'done' in line;

const isProblem = (line: unknown): line is { readonly status: number } =>
  typeof line === 'object' && line !== null && 'status' in line;
