// A real mail server for tests: what it was given, and whom it refuses.

import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly to: string;
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export class Mailbox {
  readonly got: Mail[] = [];
  /** What the server says of a recipient, by the name before the @. */
  readonly refusals: Record<string, number | undefined> = {};
  readonly #server: SMTPServer;

  constructor() {
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      onRcptTo: ({ address }, _session, done) => {
        const code = this.refusals[address.split('@')[0] ?? ''];
        done(code === undefined ? undefined : Object.assign(new Error('refused'), { responseCode: code }));
      },
      onData: (stream, session, done) => {
        simpleParser(stream).then((mail) => {
          this.got.push({
            to: session.envelope.rcptTo.map(({ address }) => address).join(' '),
            id: mail.messageId ?? '',
            from: mail.from?.text ?? '',
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            html: mail.html || '',
          });
          done();
        }, done);
      },
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = this.#server.server.address() as { port: number };
    return `smtp://127.0.0.1:${port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
