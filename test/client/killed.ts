// A program that sends events through a queue until it is killed; started again with the same words it sends the same events.
// In: URL, key, meter, how many. Out: a line for each event that is settled.

import { Suanpan } from '../../src/client/client.ts';

const [url = '', apiKey = '', meter = '', count = '0'] = process.argv.slice(2);
const queue = new Suanpan({ url, apiKey }).queue({ together: 20 });
for (let at = 0; at < Number(count); at += 1) {
  const { result } = await queue.put({ id: `k-${at}`, meter, time: '2026-01-12T09:00:00+08:00' });
  void result.then(({ status }) => process.stdout.write(`${status}\n`));
}
await queue.close();
