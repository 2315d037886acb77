// What browsers are sent: the console's one page under each of its addresses, its files, and the API's documentation. All of it is local.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import helmet from '@fastify/helmet';
import files from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { pageWords } from '../words/pages.ts';
import { sessionTokenOf } from './cookie.ts';
import { languageOf } from './problem.ts';

/** What `scripts/console` builds. */
const builtFolder = new URL('../../console/dist/', import.meta.url);

/** First parts of the addresses of the console's pages; what stands behind them is the page's business. */
export const consolePaths = [
  ...['calculator', 'planner', 'usage-forecast', 'bill-check', 'price-books', 'scenarios', 'sign-in', 'password'],
  'new-prices',
  ...['home', 'accounts', 'close', 'reviews', 'orders', 'approvals', 'jobs', 'audit', 'health', 'people', 'keys'],
  'sweeps',
  ...['webhooks', 'alerts', 'me', 'portal'],
];

const policyOfDocs = {
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    upgradeInsecureRequests: null,
  },
};

/** What a worker may do, the file says that it is started from: the core's thread runs the solver. */
const policyOfAssets = {
  useDefaults: false,
  directives: { defaultSrc: ["'none'"], scriptSrc: ["'self'", "'wasm-unsafe-eval'"], connectSrc: ["'self'"] },
};

/** Scripts and styles of ours alone; the solver of the planner is WebAssembly. */
const policyOf = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

function askedLanguage({ query, headers }: FastifyRequest): 'zh' | 'en' {
  const { lang } = query as { readonly lang?: unknown };
  return lang === 'zh' || lang === 'en' ? lang : languageOf(headers['accept-language']);
}

/** The page as built; one that says how to build it where that was not done. */
function builtPage(language: 'zh' | 'en'): string {
  try {
    return readFileSync(new URL('index.html', builtFolder), 'utf8');
  } catch {
    const { title, notBuilt, docs } = pageWords[language];
    return `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1><p>${notBuilt}</p><pre>npm start</pre><p><a href="/docs">${docs}</a></p></body></html>`;
  }
}

function pageFor(request: FastifyRequest, nonce: string, oidc: boolean): string {
  const language = askedLanguage(request);
  // A page that nobody has signed in to need not ask who it is.
  const signedIn = sessionTokenOf(request.headers.cookie) === undefined ? '' : ' data-session';
  return builtPage(language)
    .replaceAll('%NONCE%', nonce)
    .replaceAll('"./assets/', '"/assets/')
    .replace('<html lang="zh"', `<html lang="${language}"${oidc ? ' data-oidc' : ''}${signedIn}`);
}

export async function registerPages(app: FastifyInstance, document: object, oidc: boolean): Promise<void> {
  await app.register(async (pages) => {
    await pages.register(helmet, { contentSecurityPolicy: policyOfDocs, strictTransportSecurity: false });
    for (const path of ['/', ...consolePaths.flatMap((first) => [`/${first}`, `/${first}/*`])]) {
      pages.get(path, async (request, reply) => {
        const nonce = randomBytes(16).toString('base64');
        return reply
          .type('text/html; charset=utf-8')
          .header('vary', 'accept-language')
          .header('cache-control', 'no-store')
          .header('content-security-policy', policyOf(nonce))
          .send(pageFor(request, nonce, oidc));
      });
    }
    await pages.register(swagger, { mode: 'static', specification: { document: document as never } });
    await pages.register(swaggerUi, { routePrefix: '/docs', staticCSP: false });
  });
  await app.register(async (assets) => {
    await assets.register(helmet, { contentSecurityPolicy: policyOfAssets, strictTransportSecurity: false });
    // Names of files have a digest of what is in them.
    await assets.register(files, {
      root: fileURLToPath(new URL('assets/', builtFolder)),
      prefix: '/assets/',
      preCompressed: true,
      immutable: true,
      maxAge: '365d',
      index: false,
      decorateReply: false,
    });
  });
}
