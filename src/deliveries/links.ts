// Letters that bring a person the link by which they set a password. A link is good for an hour or a week: it is tried soon or never.

import { formatInstant } from '../core/calendar.ts';
import { instantOf } from '../core/units.ts';
import { linkToken } from '../operations/people.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import type { JobResult } from '../store/ledger/jobs.ts';
import { countWaitingLinks, dueLinks, endLinkTry } from '../store/ledger/people.ts';
import { peopleWords } from '../words/people.ts';
import { nextTry } from './back-off.ts';
import type { Sending } from './deliver.ts';
import { post } from './mail.ts';

const mostAtOnce = 50;

/** Where somebody sets a password: what follows # never leaves the browser for a log. */
export const linkUrl = (publicUrl: string, token: string): string =>
  `${publicUrl.replace(/\/$/, '')}/password#${token}`;

/** Sends what is due, one after the other. */
export async function sendLinks({ pool, clock }: Suanpan, sending: Sending, stop: AbortSignal): Promise<JobResult> {
  const result = { done: 0, failed: 0 };
  const { mail, pepper, publicUrl } = sending;
  const due = mail === null ? [] : await dueLinks(pool, clock(), mostAtOnce);
  for (const { link, person } of due) {
    if (stop.aborted || mail === null) break;
    const isGood = link.expiresAt > clock() && person.disabledAt === null;
    const words = peopleWords[link.purpose](
      person.name,
      linkUrl(publicUrl, linkToken(pepper, link.id)),
      formatInstant('UTC', link.expiresAt),
    );
    const letter = { id: `link-${link.id}`, to: person.email, language: person.language, says: words };
    const tried = isGood ? await post(letter, mail, sending) : { problem: 'expired', gone: true };
    if (tried.problem !== null && stop.aborted) break;
    const now = clock();
    const again = tried.problem === null || tried.gone ? null : nextTry(link.tries + 1, now, Math.random());
    const next = again === null || again >= link.expiresAt ? null : instantOf(again);
    await endLinkTry(pool, link.id, { problem: tried.problem, next });
    result[tried.problem === null ? 'done' : 'failed'] += 1;
  }
  return { ...result, waiting: await countWaitingLinks(pool) };
}
