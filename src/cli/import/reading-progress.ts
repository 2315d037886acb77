// The progress of reading a file: rows by the share of its bytes.

import type { ByteCount } from '../../usage-files/bytes.ts';
import { progressBar } from '../progress.ts';

export function importProgress(bytes: Readonly<ByteCount>, say: (zh: string, en: string) => string) {
  const { show, stop } = progressBar(bytes.total, { zh: '行', en: 'rows' }, say);
  return { show: (rows: number) => show(rows, bytes.read), stop };
}
