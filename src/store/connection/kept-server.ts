// Keeps the embedded PostgreSQL running: a server process that ends by itself is started again at the same place, so that the
// connections of the pools come back by themselves.

import { setTimeout as sleep } from 'node:timers/promises';
import { databaseWords } from '../../words/database.ts';
import { both } from '../../words/words.ts';
import { DiskFull } from './disk-full.ts';
import { clearAway, endServer, type Place, type Server, startServer, waitUntilReady } from './postmaster.ts';
import { DatabaseUnavailable } from './server-lock.ts';

/** Between one try and the next, in milliseconds: doubled each time. */
const [firstPause, longestPause] = [100, 5_000];
/** Tries in a row, over about half a minute, after which waiting is no use. A full disk is waited for as long as it takes. */
const mostFailures = 10;
/** A server that ran for so long was well; what ends it then is counted anew. */
const steady = 60_000;
/** The same words are not said again within this time. */
const sameWords = 60_000;

export class KeptServer {
  readonly #place: Place;
  readonly #log: (line: string) => void;
  readonly #stopping = new AbortController();
  #server: Server;
  #stopped: Promise<void> | undefined;
  #said = { words: '', at: 0 };
  readonly #givenUp = Promise.withResolvers<DatabaseUnavailable>();

  private constructor(place: Place, log: (line: string) => void, server: Server) {
    this.#place = place;
    this.#log = log;
    this.#server = server;
  }

  /** Resolves when it takes connections; a first start that fails is not repeated. */
  static async start(place: Place, log: (line: string) => void): Promise<KeptServer> {
    const kept = new KeptServer(place, log, startServer(place));
    try {
      await waitUntilReady(kept.#server, place);
    } catch (error) {
      await kept.stop();
      throw error;
    }
    void kept.#keep();
    return kept;
  }

  /** Resolves, with words for the operator, when it cannot be started again and no waiting helps. */
  get givenUp(): Promise<DatabaseUnavailable> {
    return this.#givenUp.promise;
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopped ??= endServer(this.#server, this.#place.cluster);
    return this.#stopped;
  }

  /** Our process leaves without a stop: the server gets its signal and ends by itself. */
  leave(): void {
    this.#stopping.abort();
    this.#server.child.kill('SIGINT');
  }

  async #keep(): Promise<void> {
    for (let pause: number | undefined = firstPause; pause !== undefined; ) {
      const since = performance.now();
      const how = await this.#server.ended;
      if (this.#stopping.signal.aborted) return;
      this.#say(both(databaseWords.endedByItself(how)));
      pause = await this.#startAgain(performance.now() - since > steady ? firstPause : pause);
    }
  }

  /** Tries until it runs. Gives the next pause, or undefined when we are stopping or it is no use. */
  async #startAgain(first: number): Promise<number | undefined> {
    let pause = first;
    for (let failures = 0; failures < mostFailures; ) {
      const failure = await this.#try(pause);
      if (this.#stopping.signal.aborted) return undefined;
      pause = Math.min(pause * 2, longestPause);
      if (failure === undefined) return pause;
      this.#say(failure.message);
      if (!(failure instanceof DiskFull)) failures += 1;
    }
    this.#givenUp.resolve(
      new DatabaseUnavailable(databaseWords.postgresqlCouldNotBeStartedAgain(mostFailures, this.#place.logFile)),
    );
    return undefined;
  }

  /** Tries once, after the pause. Gives why not. */
  async #try(pause: number): Promise<Error | undefined> {
    try {
      await sleep(pause, undefined, { signal: this.#stopping.signal });
      await clearAway(this.#place.cluster, this.#log);
      if (this.#stopping.signal.aborted) return undefined;
      this.#server = startServer(this.#place);
      await waitUntilReady(this.#server, this.#place);
      this.#say(both(databaseWords.runsAgain));
      return undefined;
    } catch (error) {
      await endServer(this.#server, this.#place.cluster);
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #say(words: string): void {
    const now = performance.now();
    if (words === this.#said.words && now - this.#said.at < sameWords) return;
    this.#said = { words, at: now };
    this.#log(words);
  }
}
