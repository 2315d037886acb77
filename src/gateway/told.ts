// What the ledger answers a gateway.

import type { Wired } from './wire.ts';

/** What the ledger said; `code` of a refusal, `pointer` to the field that it is for. `away`: it said nothing, and may have done what it was asked; `isCutOff`: its connection ended. */
export type Told =
  | { readonly kind: 'done'; readonly body: { readonly [field: string]: unknown } }
  | { readonly kind: 'refused'; readonly code: string; readonly pointer: string | undefined }
  | { readonly kind: 'away'; readonly isCutOff?: true };

export function toldBy(passed: Wired): Told {
  if (passed.kind !== 'answer') return { kind: 'away', isCutOff: true };
  const { status } = passed;
  try {
    const read = JSON.parse(passed.body.toString()) as { readonly [field: string]: unknown };
    if (status >= 200 && status < 300) return { kind: 'done', body: read };
    if (status >= 500) return { kind: 'away' };
    const [first] = (read.errors ?? []) as readonly { readonly pointer?: string }[];
    return { kind: 'refused', code: String(read.code), pointer: first?.pointer };
  } catch {
    return { kind: 'away' };
  }
}
