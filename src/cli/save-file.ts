// A file of the server's, to disk or to standard output. Streamed: it may be millions of lines.

import { cliBillWords } from '../words/cli/bill.ts';
import { openApi, reasonOf } from './client.ts';
import { exitCodes, type Output } from './output.ts';
import { cell } from './show.ts';

/** `out`: a path, or `-`. */
export async function saveFile(call: Parameters<typeof openApi>[0], out: string, output: Output): Promise<void> {
  const response = await openApi(call, output);
  if (response?.body == null) return;
  const [{ pipeline }, { createWriteStream }] = await Promise.all([import('node:stream/promises'), import('node:fs')]);
  try {
    if (out === '-') await pipeline(response.body, process.stdout, { end: false });
    else await pipeline(response.body, createWriteStream(out));
  } catch (error) {
    const ofFile = error instanceof Error && 'syscall' in error && error.syscall !== 'read';
    output.fail(ofFile ? exitCodes.failure : exitCodes.network, cliBillWords.exportIsNotComplete(reasonOf(error)));
    return;
  }
  if (out !== '-') output.tell(output.say(cliBillWords.writtenTo(cell(out))));
}
