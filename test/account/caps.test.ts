// What caps count and refuse, held against a plain recount of the calls: by day and month of zones whose clocks change at midnight, of all,
// of departments, meters and keys, whatever holds, captures, voids and late calls do, and though the head is stored and read back.

import { expect, test } from 'vitest';
import { mostCaps, usedOf } from '../../src/account/caps.ts';
import { buyPack } from '../../src/account/commands.ts';
import { type Cap, type Head, type NamedCap, openHead } from '../../src/account/head.ts';
import { authorize, capture, expireHolds, release } from '../../src/account/hold.ts';
import type { News } from '../../src/account/news.ts';
import { recordUse } from '../../src/account/use.ts';
import { voidUse } from '../../src/account/void.ts';
import { parseInstant } from '../../src/core/instant.ts';
import type { PackFacts } from '../../src/core/pack.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { type Draw, settle } from '../../src/core/settle.ts';
import { type Calls, callsOf, type Instant, instantOf, parseMoney } from '../../src/core/units.ts';
import { decodeHead, encodeFixed, encodeState } from '../../src/store/ledger/head-codec.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { bookNamed } from '../scenarios/story.ts';

const book = bookNamed('faceid-legacy');
const meters = ['liveness.basic.authority', 'liveness.basic.selfie'];
const departments = ['loans', 'cards', null];
const keys = ['11111111', '22222222', null];
const [minute, hour] = [60_000, 3_600_000];

/** An hour or two before a day that is 23 or 25 hours long, or a month that begins with such a day. */
const starts = [
  ['Asia/Shanghai', '2026-01-31T20:00:00+08:00'],
  ['Africa/Cairo', '2026-04-23T22:00:00+02:00'],
  ['Africa/Cairo', '2026-10-29T22:00:00+03:00'],
  ['America/Santiago', '2026-04-04T21:00:00-03:00'],
  ['America/Santiago', '2026-09-05T22:00:00-04:00'],
  ['America/Havana', '2026-03-07T23:00:00-05:00'],
  ['America/Havana', '2026-10-31T23:00:00-04:00'],
] as const;

interface Call {
  readonly id: string;
  readonly at: Instant;
  readonly day: string;
  readonly meter: string;
  readonly department: string | null;
  readonly key: string | null;
  readonly draws: readonly Draw[];
  readonly postpaid: number;
  readonly calls: number;
  state: 'held' | 'counted' | 'voided' | 'gone';
}

type Asked = Pick<Call, 'day' | 'meter' | 'department' | 'key' | 'calls' | 'postpaid'>;

const cut = (cap: Cap, day: string): string => (cap.per === 'day' ? day : day.slice(0, 7));
const fits = (cap: Cap, call: Asked): boolean =>
  [cap.meter ?? call.meter, cap.department ?? call.department, cap.key ?? call.key].join() ===
  [call.meter, call.department, call.key].join();
const counts = (cap: Cap, call: Asked): number => {
  if (!fits(cap, call)) return 0;
  return cap.of === 'all' ? call.calls : call.postpaid;
};

/** An account, and every call of it in a list. */
class Life {
  readonly #random: () => number;
  readonly #format: Intl.DateTimeFormat;
  readonly #caps: readonly Cap[];
  readonly #packs = new Map<number, PackFacts>();
  readonly #calls: Call[] = [];
  #head: Head;
  #now: Instant;

  constructor(seed: number) {
    this.#random = mulberry32(seed);
    const [zone, start] = this.#pick(starts);
    this.#now = parseInstant(start) as Instant;
    this.#format = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
    const own = this.#random() < 0.5 ? callsOf(200 + this.#below(400)) : null;
    this.#head = openHead({ id: 'a', book, timeZone: zone, cap: own });
    this.#head.balance = parseMoney('100000.00', 'CNY') ?? this.#head.balance;
    this.#head.caps = Array.from({ length: this.#below(mostCaps + 1) }, (_, n) => this.#cap(n + 1));
    const bare = { department: null, meter: null, key: null };
    const ofOwn: Cap[] = own === null ? [] : [{ no: 0, name: null, per: 'month', of: 'postpaid', most: own, ...bare }];
    this.#caps = [...ofOwn, ...this.#head.caps];
  }

  #below = (n: number): number => Math.floor(this.#random() * n);
  #pick = <T>(from: readonly T[]): T => from[this.#below(from.length)] as T;
  #day = (at: number): string => this.#format.format(at);

  #cap(no: number): NamedCap {
    const or = <T>(some: T): T | null => (this.#random() < 0.6 ? null : some);
    return {
      ...{ no, name: `cap ${no}`, per: this.#pick(['day', 'month']), of: this.#pick(['all', 'postpaid']) },
      ...{ most: callsOf(50 + this.#below(500)), meter: or(this.#pick(meters)) },
      ...{ department: or(this.#pick(departments)), key: or(this.#pick(keys)) },
    };
  }

  live(steps: number): void {
    for (let step = 0; step < steps; step += 1) {
      this.#now = instantOf(this.#now + this.#below(this.#random() < 0.2 ? 5 * hour : 20 * minute));
      for (const { ended } of expireHolds(this.#head, book, this.#now)) this.#called(ended.hold.id).state = 'gone';
      this.#step(`${step}`);
      if (this.#random() < 0.1) this.#head = decodeHead('a', encodeFixed(this.#head), encodeState(this.#head));
      this.#compare();
    }
  }

  #step(id: string): void {
    const roll = this.#below(20);
    if (roll === 0) this.#buy(id);
    else if (roll < 8) this.#record(id);
    else if (roll < 13) this.#ask(id);
    else if (roll < 18) this.#end();
    else this.#void();
  }

  #buy(id: string): void {
    const bought = buyPack(this.#head, book, { id, product: 'basic_authority', size: callsOf(1_000) }, this.#now);
    if (!isRefusal(bought)) this.#packs.set(bought.pack.no, bought.pack);
  }

  #asked() {
    const [meter, department] = [this.#pick(meters), this.#pick(departments)];
    return { meter, department, key: this.#pick(keys), calls: callsOf(1 + this.#below(60)) };
  }

  /** Up to five minutes ahead, or up to two days late. */
  #record(id: string): void {
    const ahead = this.#random() < 0.5 ? this.#below(5 * minute + 1) : -this.#below(this.#pick([hour, 48 * hour]));
    const event = { ...this.#asked(), id, at: instantOf(this.#now + ahead), outcome: 'charged' as const };
    const record = recordUse(this.#head, book, event, this.#now);
    if (isRefusal(record)) throw new Error(record.refused);
    this.#enter({ ...event, draws: record.draws, postpaid: record.postpaid }, 'counted', record.news);
  }

  #ask(id: string): void {
    const asked = this.#asked();
    const at = this.#now;
    const { postpaid } = settle({ ...asked, at }, this.#head.packs, book);
    const call = { ...asked, calls: Number(asked.calls), postpaid: Number(postpaid), day: this.#day(at) };
    const exceeded = this.#caps.find((cap) => {
      const more = counts(cap, call);
      return more > 0 && this.#used(cap, call.day) + more > cap.most;
    });
    const request = { ...asked, id, milliseconds: this.#pick([hour, 30 * hour]), byOperator: true, review: false };
    const hold = authorize(this.#head, book, request, at);
    if (!isRefusal(hold)) {
      expect(exceeded).toBeUndefined();
      this.#enter({ ...asked, id, at, draws: hold.draws, postpaid }, 'held', []);
      return;
    }
    const { name, used, until = '' } = hold.facts;
    expect(hold.refused).toBe('CAP_REACHED');
    expect([name ?? null, used]).toEqual([exceeded?.name, exceeded && String(this.#used(exceeded, call.day))]);
    const end = parseInstant(String(until)) as Instant;
    const [last, next] = [end - 1, end].map((moment) => exceeded && cut(exceeded, this.#day(moment)));
    expect(last).toBe(exceeded && cut(exceeded, call.day));
    expect(next).not.toBe(last);
  }

  #end(): void {
    const hold = this.#pick(this.#head.holds);
    if (hold === undefined) return;
    const call = this.#called(hold.id);
    call.state = 'gone';
    if (this.#random() < 0.3) {
      release(this.#head, hold);
      return;
    }
    const { news } = capture(this.#head, book, hold, this.#now).record;
    this.#told(call, news);
    call.state = 'counted';
  }

  #void(): void {
    const call = this.#pick(this.#calls.filter(({ state }) => state === 'counted'));
    if (call === undefined) return;
    const { id, meter, at, department, key, draws } = call;
    const use = { id, meter, at, department, key, draws, calls: callsOf(call.calls), postpaid: callsOf(call.postpaid) };
    voidUse(this.#head, book, { ...use, outcome: 'charged' }, this.#packs, this.#now);
    call.state = 'voided';
  }

  #enter(
    {
      calls,
      postpaid,
      ...call
    }: Omit<Call, 'calls' | 'postpaid' | 'day' | 'state'> & { calls: Calls; postpaid: Calls },
    state: Call['state'],
    news: readonly News[],
  ): void {
    const entered = { ...call, calls: Number(calls), postpaid: Number(postpaid), day: this.#day(call.at), state };
    if (state === 'counted') this.#told(entered, news);
    this.#calls.push(entered);
  }

  #called(id: string): Call {
    const call = this.#calls.find((each) => each.id === id);
    if (call === undefined) throw new Error(`no call ${id}`);
    return call;
  }

  #used(cap: Cap, day: string, states: readonly Call['state'][] = ['held', 'counted']): number {
    return this.#calls
      .filter((call) => states.includes(call.state) && cut(cap, call.day) === cut(cap, day))
      .reduce((sum, call) => sum + counts(cap, call), 0);
  }

  /** Once at four fifths and once at the whole; nothing of a named cap's days and months that are over. */
  #told(call: Call, news: readonly News[]): void {
    const expected = this.#caps.flatMap((cap) => {
      const more = counts(cap, call);
      if (more === 0 || (cap.name !== null && cut(cap, call.day) < cut(cap, this.#day(this.#now)))) return [];
      const before = this.#used(cap, call.day, ['counted']);
      const [after, most] = [before + more, Number(cap.most)];
      const which = `${cap.name ?? 'own'} of ${cut(cap, call.day)}: ${after} of ${most}`;
      if (before < most && after >= most) return [`cap-reached ${which}`];
      return before < most * 0.8 && after >= most * 0.8 ? [`cap-near ${which}`] : [];
    });
    const told = news.filter(({ kind }) => kind.startsWith('cap-'));
    const texts = told.map(({ kind, details: { name = 'own', month, window, postpaid, used, cap, most } }) => {
      return `${kind} ${name} of ${month ?? window}: ${postpaid ?? used} of ${cap ?? most}`;
    });
    expect(texts).toEqual(expected);
  }

  #compare(): void {
    const day = this.#day(this.#now);
    const found = this.#caps.map((cap) => `${cap.name}: ${usedOf(this.#head, cap, this.#now)}`);
    expect(found).toEqual(this.#caps.map((cap) => `${cap.name}: ${this.#used(cap, day)}`));
  }
}

test('200 random accounts count, refuse and tell what a plain recount does', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    try {
      new Life(seed).live(80);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
});
