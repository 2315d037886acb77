// What the ledger answers a gateway.

/** What the ledger said; `code` of a refusal, `pointer` to the field that it is for. `away`: it said nothing, and may have done what it was asked; `isCutOff`: its connection ended. */
export type Told =
  | { readonly kind: 'done'; readonly body: { readonly [field: string]: unknown } }
  | { readonly kind: 'refused'; readonly code: string; readonly pointer: string | undefined }
  | { readonly kind: 'away'; readonly isCutOff?: true };
