// Through a server: batches as NDJSON, several on their way at once. All events of an account go down one lane, and a lane
// has one batch on its way: so their order is kept.

import { setTimeout as wait } from 'node:timers/promises';
import type { IncomingEvent } from '../../core/event.ts';
import { writeJson } from '../../core/json.ts';
import type { Words } from '../../core/price-book.ts';
import { didNothing, refusalCodes } from '../../core/refusal.ts';
import type { EventResult } from '../../http/contract/events.ts';
import { cliUsageFilesWords } from '../../words/cli/usage-files.ts';
import { refusalTexts } from '../../words/refusals.ts';
import { exitOf, networkWords, neverSent, problemOf, reasonOf, type Server } from '../client.ts';
import { byAccount, type EventColumns } from './batch.ts';
import { type Destination, eventDocument, ImportTrouble } from './destination.ts';
import type { Tally } from './tally.ts';

const mostOfBatch = 2_000;
/** A batch of the longest events allowed stays below what a server takes. */
const mostBytes = 4 * 1024 * 1024;

export interface ServerOptions {
  readonly server: Server;
  readonly tally: Tally;
  readonly language: string;
  readonly lanes?: number;
  /** How long a server that is away or busy is asked again, in milliseconds. */
  readonly patience?: number;
}

/** An event on its way: the line it came from, and the account it is for, if one is named. */
interface SentEvent {
  readonly line: number;
  readonly account: string | undefined;
  readonly event: IncomingEvent;
}

const documentOf = ({ account, event }: SentEvent) => eventDocument(event, account ?? null);

interface Lane {
  readonly queue: SentEvent[];
  busy: boolean;
}

export class ServerDestination implements Destination {
  readonly #options: ServerOptions;
  readonly #lanes: readonly Lane[];
  #waiting = 0;
  #finishing = false;
  #reached = false;
  #wake: (() => void) | undefined;
  #trouble: ImportTrouble | undefined;
  /** Wakes everybody who waits before asking again, once there is trouble. */
  readonly #giveUp = new AbortController();

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#lanes = Array.from({ length: options.lanes ?? 4 }, () => ({ queue: [], busy: false }));
  }

  add(columns: EventColumns): void {
    for (const { account, lines, events } of byAccount(columns)) {
      const lane = this.#lanes[hashOf(account ?? '') % this.#lanes.length];
      events.forEach((event, index) => {
        lane?.queue.push({ line: lines[index] as number, account, event });
      });
    }
    this.#waiting += columns.lines.length;
    this.#pump();
  }

  async room(): Promise<void> {
    while (this.#trouble === undefined && this.#waiting >= mostOfBatch * this.#lanes.length * 4) await this.#change();
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  async finish(drop: boolean): Promise<void> {
    if (drop) for (const { queue } of this.#lanes) this.#waiting -= queue.splice(0).length;
    this.#finishing = true;
    this.#pump();
    const isDone = () =>
      this.#lanes.every(({ busy, queue }) => !busy && (queue.length === 0 || this.#trouble !== undefined));
    while (!isDone()) await this.#change();
    if (this.#trouble !== undefined) throw this.#trouble;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #pump(): void {
    for (const lane of this.#lanes) {
      if (lane.busy || this.#trouble !== undefined) continue;
      if (lane.queue.length >= mostOfBatch || (this.#finishing && lane.queue.length > 0)) void this.#serve(lane);
    }
  }

  async #serve(lane: Lane): Promise<void> {
    lane.busy = true;
    try {
      const { rows, body } = this.#nextBatch(lane);
      const items = await this.#post(body);
      rows.forEach((row, index) => {
        this.#take(row, items[index]);
      });
    } catch (error) {
      this.#trouble ??= error instanceof ImportTrouble ? error : new ImportTrouble(broken(error), 1, { cause: error });
      this.#giveUp.abort();
    }
    lane.busy = false;
    this.#pump();
    this.#wake?.();
  }

  #nextBatch({ queue }: Lane): { rows: SentEvent[]; body: string } {
    const lines: string[] = [];
    let bytes = 0;
    while (lines.length < Math.min(mostOfBatch, queue.length) && bytes < mostBytes) {
      const line = writeJson(documentOf(queue[lines.length] as SentEvent));
      bytes += line.length * 3;
      lines.push(line);
    }
    const rows = queue.splice(0, lines.length);
    this.#waiting -= rows.length;
    return { rows, body: lines.join('\n') };
  }

  /** Sends until it is answered. Sending again is safe: what was recorded before is a duplicate. */
  async #post(body: string): Promise<readonly EventResult[]> {
    const giveUpAt = performance.now() + (this.#options.patience ?? 120_000);
    for (let pause = 250; ; pause = Math.min(pause * 2, 5_000)) {
      const tried = await this.#tryPost(body);
      if ('items' in tried) return tried.items;
      const delay = tried.retryAfter ?? pause;
      if (performance.now() + delay > giveUpAt || this.#giveUp.signal.aborted) throw tried.trouble;
      await wait(delay, undefined, { signal: this.#giveUp.signal }).catch(() => {
        throw tried.trouble;
      });
    }
  }

  async #tryPost(
    body: string,
  ): Promise<{ items: readonly EventResult[] } | { trouble: ImportTrouble; retryAfter: number | undefined }> {
    const { server, language } = this.#options;
    try {
      const response = await fetch(new URL('/v1/events', server.url), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${server.apiKey}`,
          'content-type': 'application/x-ndjson',
          accept: 'application/json, application/problem+json',
          'accept-language': language,
        },
        body,
      });
      this.#reached = true;
      const text = await response.text();
      if (response.ok) return { items: (JSON.parse(text) as { results: EventResult[] }).results };
      const trouble = refusedBatch(text, response.status);
      if (response.status < 500 && response.status !== 429) throw trouble;
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      return { trouble, retryAfter: Number.isFinite(seconds) ? seconds * 1000 : undefined };
    } catch (error) {
      if (error instanceof ImportTrouble) throw error;
      const trouble = new ImportTrouble(unanswered(server.url, networkWords(error)), 6, { cause: error });
      // A server that was there comes back; one that never was is a wrong address.
      if (!this.#reached && neverSent(error)) throw trouble;
      return { trouble, retryAfter: undefined };
    }
  }

  #take(row: SentEvent, item: EventResult | undefined): void {
    const { tally } = this.#options;
    if (item === undefined) throw new Error('the server answered fewer events than it was sent');
    const { status, code, pointer, detail = '' } = item;
    if (status !== 'rejected' && status !== 'conflict') {
      tally.take(status);
      return;
    }
    tally.reject({
      line: row.line,
      status,
      content: documentOf(row),
      code: code ?? 'REJECTED',
      ...(pointer === undefined ? {} : { pointer }),
      ...this.#reason(code, detail),
    });
  }

  /** The server words its reason in the language it is asked in; the other one gets the title of the code. */
  #reason(code: string | undefined, detail: string): Words {
    const known = refusalCodes.find((each) => each === code);
    const { zh, en } = known === undefined ? { zh: detail, en: detail } : refusalTexts[known].title;
    return this.#options.language === 'zh' ? { zh: detail, en } : { zh, en: detail };
  }
}

const broken = (error: unknown): Words => cliUsageFilesWords.importBroke(reasonOf(error));

const unanswered = (url: string, { zh, en }: Words): Words => cliUsageFilesWords.serverDoesNotAnswer(url, zh, en);

/** The server took none of the batch and said why, as a problem document or in whatever words stand before it. */
function refusedBatch(text: string, status: number): ImportTrouble {
  let answer: unknown = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // A gateway's page: the status says enough.
  }
  const { code, words: told } = problemOf(answer, status);
  return new ImportTrouble(told, didNothing(code) ? 6 : exitOf(code, status));
}

/** FNV-1a: the same account always takes the same lane. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
