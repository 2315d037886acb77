// Cuts off connections on which nothing comes any more: asked something, they hear nothing. The driver's own query_timeout would
// give a connection back with its statement still running on it; here the socket is destroyed, and with it the connection.

import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';
import { type Hosts, PrimaryClient } from './hosts.ts';
import { isUnconfirmed, unconfirmed } from './standby.ts';

/** What the driver knows of a connection and does not declare. */
type Inside = {
  readonly connection: EventEmitter & { readonly stream: Socket };
  readonly readyForQuery?: boolean;
};

const streamOf = (client: pg.ClientBase): Socket => (client as unknown as Inside).connection.stream;

/** Destroys a connection at once; whoever waits on it is told `error`, or that it was terminated. */
export function cutOff(client: pg.ClientBase, error?: Error): void {
  streamOf(client).destroy(error);
}

/** A database that is away: the code is one that callers take for a broken connection. */
export const silentFor = (milliseconds: number): Error =>
  Object.assign(new Error(`The database was silent for ${milliseconds / 1_000} s`), { code: 'ETIMEDOUT' });

/** A new connection that is not ready within this many milliseconds is given up. */
export const longestConnecting = 3_000;
/** A statement that nothing comes of for so long is given up with its connection, milliseconds. */
const longestSilence = 10_000;
const tick = 500;

/** A connection that knows how long it has heard nothing. */
class ListeningClient extends PrimaryClient {
  /** Longest silence while a statement runs. */
  patience = longestSilence;
  /** Silence so far, milliseconds; counted in ticks, so that a process that stood still itself does not blame the network. */
  #silence = 0;
  #heard = -1;

  constructor(hosts: Hosts, config?: pg.ClientConfig) {
    super(hosts, { ...config, connectionTimeoutMillis: longestConnecting });
    this.on('notice', (notice) => {
      if (isUnconfirmed(notice)) this.#doubt();
    });
  }

  /** Before the commit's own success is read, which stands behind the notice: whoever waits for it learns that its fate is unknown. */
  #doubt(): void {
    const error = unconfirmed();
    (this as unknown as Inside).connection.emit('error', error);
    cutOff(this, error);
  }

  get isBusy(): boolean {
    return (this as unknown as Inside).readyForQuery !== true;
  }

  /** How long a running statement has been silent; 0 without one. */
  listen(): number {
    const stream = streamOf(this);
    const heard = stream.bytesRead + stream.bytesWritten;
    // A stream that we have paused ourselves, for a slow reader, is not silent.
    if (!this.isBusy || heard !== this.#heard || stream.isPaused()) this.#silence = 0;
    else this.#silence += tick;
    this.#heard = heard;
    return this.#silence;
  }

  get silence(): number {
    return this.isBusy ? this.#silence : 0;
  }
}

/** Lets a statement of the client's be silent for so long: an export, a check, a migration. Ends with its release to the pool. */
export function allowSilence(client: pg.ClientBase, milliseconds: number): void {
  if (client instanceof ListeningClient) client.patience = milliseconds;
}

/** All connections of one database, each listened to from its making to its end. */
export class Silence {
  /** What the pools make their connections with. */
  readonly Client: new (
    config?: pg.ClientConfig,
  ) => ListeningClient;
  readonly #open = new Set<ListeningClient>();
  readonly #ticks: NodeJS.Timeout;

  constructor(hosts: Hosts) {
    const open = this.#open;
    this.Client = class extends ListeningClient {
      constructor(config?: pg.ClientConfig) {
        super(hosts, config);
        open.add(this);
        this.once('end', () => open.delete(this));
      }
    };
    this.#ticks = setInterval(() => this.#listen(), tick).unref();
  }

  /** Takes back what `allowSilence` gave. */
  readonly released = (_error: Error | undefined, client: pg.ClientBase): void => allowSilence(client, longestSilence);

  /**
   * The network, or the database, is known to be silent: statements that have heard nothing for `least` milliseconds will not hear
   * any more. `patient`: those that may be silent for long too; and who knows what became of idle connections.
   */
  cut(least: number, patient: boolean): void {
    for (const client of this.#open) {
      if (client.isBusy ? client.silence >= least && (patient || client.patience <= longestSilence) : patient) {
        cutOff(client, silentFor(client.silence));
      }
    }
  }

  /** Another server stands in for the one that these lead to. */
  cutAll(): void {
    for (const client of this.#open) cutOff(client, silentFor(client.silence));
  }

  /** Destroys whatever is still open. */
  end(): void {
    clearInterval(this.#ticks);
    for (const client of this.#open) cutOff(client);
  }

  #listen(): void {
    for (const client of this.#open) {
      const silence = client.listen();
      if (silence >= client.patience) cutOff(client, silentFor(silence));
    }
  }
}
