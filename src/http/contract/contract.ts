// The only wire types, by noun: what arrives is checked by these schemas, what is answered is promised by them.

export * from './accounts.ts';
export * from './alerts.ts';
export * from './approvals.ts';
export * from './audit.ts';
export * from './authorizations.ts';
export * from './bills.ts';
export * from './book-versions.ts';
export * from './books.ts';
export * from './caps.ts';
export * from './credentials.ts';
export * from './events.ts';
export * from './jobs.ts';
export * from './keys.ts';
export * from './list-exports.ts';
export * from './notes.ts';
export * from './offers.ts';
export * from './orders.ts';
export * from './packs.ts';
export * from './people.ts';
export * from './prices.ts';
export * from './reviews.ts';
export * from './scalars.ts';
export * from './server.ts';
export * from './sweeps.ts';
export * from './webhooks.ts';
