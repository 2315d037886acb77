// What an API key may do, and a credential of the gateway.

/** What a key may be made for. `buy` is an account's word: an operator who may `manage` may buy for any account. */
export const scopes = ['read', 'buy', 'meter', 'manage'] as const;
export type Scope = (typeof scopes)[number];

/** What a credential of the gateway may be made for: `meter` makes calls that are charged, `read` fetches what came of them. */
export const credentialScopes = ['read', 'meter'] as const satisfies readonly Scope[];
export type CredentialScope = (typeof credentialScopes)[number];

/** What a key may do when nobody said otherwise, which is also the most it may. */
export const mostScopes = (account: string | null): readonly Scope[] =>
  account === null ? ['read', 'meter', 'manage'] : ['read', 'buy', 'meter'];
