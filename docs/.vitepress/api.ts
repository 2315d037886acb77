// The pages of the API, asked of a process of its own: what bundles this file must not bundle the server.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ApiPage } from '../../scripts/api-pages.ts';

export const pagesOfApi = (language: 'en' | 'zh'): ApiPage[] => {
  const script = fileURLToPath(new URL('../../scripts/api-pages.ts', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [script, language], { encoding: 'utf8', maxBuffer: 2 ** 27 }));
};
