// The API's description without a server and without a database: the routes are registered, and none is called.

import { instantOf } from '../src/core/units.ts';
import { buildHttp } from '../src/http/app.ts';
import { Ledger } from '../src/ledger/ledger.ts';
import { BookShelf } from '../src/operations/book-shelf.ts';
import { openReader } from '../src/store/connection/connect.ts';
import { Hosts } from '../src/store/connection/hosts.ts';
import { Watch } from '../src/store/connection/watch.ts';
import { MeterNumbers } from '../src/store/ledger/meters.ts';

/** The OpenAPI document as the server gives it at /v1/openapi.json. */
export async function apiDescription(): Promise<string> {
  const pool = openReader({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
  const watch = new Watch({ hosts: new Hosts({}), config: {}, log: () => {}, cut: () => {}, cutAll: () => {} });
  const meters = new MeterNumbers();
  const books = new BookShelf(pool, meters);
  const clock = () => instantOf(0);
  const ledger = new Ledger({ pool, books, meters, clock });
  const app = await buildHttp({ pool, keyPool: pool, watch, books, meters, clock, ledger }, { pepper: '' });
  try {
    return (await app.inject('/v1/openapi.json')).body;
  } finally {
    await app.close();
    await pool.end();
  }
}
