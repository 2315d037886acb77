// A network between servers and their database, in this process: it forwards bytes, and swallows them when it is told to.

import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export class Network {
  readonly #server: Server;
  readonly #socket: string;
  readonly #database: string;
  readonly #user: string;
  readonly #ends = new Set<Socket>();
  /** Nothing comes through in either direction, and nobody is told. New connections are accepted and hear nothing. */
  isSilent = false;
  /** Each connection that carries a message like this has its answer swallowed, once, as often as `losses` says. */
  loseAnswersOf: RegExp | undefined;
  losses = 0;

  /** Leads to the database of this connection string, which names a socket's folder. */
  constructor(connectionString: string) {
    const address = new URL(connectionString.replace('@/', '@localhost/'));
    this.#socket = `${address.searchParams.get('host')}/.s.PGSQL.${address.searchParams.get('port') ?? 5432}`;
    this.#database = address.pathname;
    this.#user = address.username;
    this.#server = createServer((ours) => this.#join(ours));
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** For `DATABASE_URL`. */
  get connectionString(): string {
    const { port } = this.#server.address() as { readonly port: number };
    return `postgresql://${this.#user}@127.0.0.1:${port}${this.#database}`;
  }

  close(): void {
    this.#server.close();
    for (const end of this.#ends) end.destroy();
  }

  #join(ours: Socket): void {
    const theirs = createConnection(this.#socket);
    let isDeaf = false;
    const part = () => {
      ours.destroy();
      theirs.destroy();
    };
    for (const end of [ours, theirs]) {
      this.#ends.add(end);
      end.on('error', part).on('close', () => {
        this.#ends.delete(end);
        // In a silent network nobody hears of the other's end.
        if (!this.isSilent) part();
      });
    }
    ours.on('data', (chunk) => {
      if (this.isSilent || isDeaf) return;
      if (this.losses > 0 && this.loseAnswersOf?.test(chunk.toString('latin1')) === true) {
        this.losses -= 1;
        isDeaf = true;
      }
      theirs.write(chunk);
    });
    theirs.on('data', (chunk) => {
      if (!this.isSilent && !isDeaf) ours.write(chunk);
    });
  }
}
