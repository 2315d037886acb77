// The build of the console: `scripts/console`. The same files are served by the server and, with `npm run site`, by any file host,
// in any folder: so addresses of files are relative to each other, and the pages' are made when they are served.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Beside each text file the same packed; browsers take brotli over TLS alone. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle)) {
      const file = join(dir, name);
      const source = readFileSync(file);
      if (!/\.(js|css|wasm|svg)$/.test(name) || source.length < 1_000) continue;
      writeFileSync(`${file}.br`, brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      writeFileSync(`${file}.gz`, gzipSync(source, { level: 9 }));
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // Replaced by the server, a new one for each page that it sends.
  html: { cspNonce: '%NONCE%' },
  plugins: [react(), compressed],
  worker: { format: 'es' },
  // Event files are read by the same code as on the command line: what it takes of Node stands in `worker/node`.
  resolve: {
    alias: {
      'node:buffer': join(import.meta.dirname, 'worker/node/buffer.ts'),
      'node:zlib': join(import.meta.dirname, 'worker/node/zlib.ts'),
      'csv-parse/sync': 'csv-parse/browser/esm/sync',
    },
  },
  build: {
    target: 'es2024',
    outDir: 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 1_500,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    // Hot reload: `npm start` beside it answers for the API.
    proxy: {
      '/v1': 'http://127.0.0.1:8080',
      '/docs': 'http://127.0.0.1:8080',
      '/sign-in/oidc': 'http://127.0.0.1:8080',
    },
  },
});
