// What accounts are told while a test lives: a clock that goes on, two servers' schedules that look at once, and what is new since.

import { expect } from 'vitest';
import { Schedule } from '../../src/jobs/schedule.ts';
import { instant, type Json, type OpenApp, sending } from './open-app.ts';

interface Told {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly details: Json;
  readonly subject: { readonly zh: string; readonly en: string };
  readonly lines: readonly { readonly zh: string; readonly en: string }[];
}

type Sending = Promise<{ readonly status: number; readonly json: Json; readonly text: string }>;

export class Listener {
  readonly #open: OpenApp;
  readonly #schedules: readonly Schedule[];
  readonly #heard = new Map<string, number>();
  #clock = 0;

  constructor(open: OpenApp, start: string) {
    this.#open = open;
    this.#schedules = [new Schedule(open.suanpan, sending), new Schedule(open.suanpan, sending)];
    this.at(start);
  }

  at(time: string): void {
    this.#clock = instant(time);
    this.#open.setClock(time);
  }

  now = (): string => new Date(this.#clock).toISOString();

  async sent(reply: Sending): Promise<Json> {
    const { status, json, text } = await reply;
    expect(status, text).toBeLessThan(300);
    return json;
  }

  use = (account: string, id: string, calls: number, time: string, more: Json) =>
    this.sent(this.#open.call('POST', '/v1/events', { account, id, calls, time, ...more }));

  /** Two servers look at the same time, a minute later. */
  async look(): Promise<void> {
    this.at(new Date(this.#clock + 60_000).toISOString());
    await Promise.all(this.#schedules.map((schedule) => schedule.runDue()));
  }

  async all(account: string): Promise<Told[]> {
    const { alerts } = await this.sent(this.#open.call('GET', `/v1/alerts?account=${account}&limit=200`));
    for (const { subject, lines } of alerts as Told[]) {
      expect(JSON.stringify([subject, lines]), 'every figure is known').not.toMatch(/\?|undefined|NaN|null/);
    }
    return (alerts as Told[]).toSorted((a, b) => Number(a.id.split(':')[1]) - Number(b.id.split(':')[1]));
  }

  /** What is new since the last time it was asked. */
  async news(account: string): Promise<Told[]> {
    await this.look();
    const all = await this.all(account);
    const fresh = all.slice(this.#heard.get(account) ?? 0);
    this.#heard.set(account, all.length);
    return fresh;
  }

  kinds = async (account: string): Promise<string[]> => (await this.news(account)).map(({ kind }) => kind);
}
