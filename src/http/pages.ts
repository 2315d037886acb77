// The few pages for browsers: a start page in both languages and the API's documentation, all from local assets.

import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { pageWords } from '../words/pages.ts';
import { passwordPage, peopleScript, signInPage } from './people-pages.ts';
import { languageOf } from './problem.ts';

const styles = `body{font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;max-width:44rem;margin:4rem auto;padding:0 1.5rem;color:#1b1f24;background:#fff}
h1{font-size:2rem;margin-bottom:.25rem}ul{padding-left:1.2rem}a{color:#0b5cad}pre{background:#f3f5f7;padding:1rem;border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
nav{float:right}label{font-weight:600}input{font:inherit;padding:.4rem .6rem;width:100%;max-width:24rem;box-sizing:border-box;border:1px solid #8b949e;border-radius:6px}
button{font:inherit;padding:.4rem 1rem;border:1px solid #0b5cad;border-radius:6px;background:#0b5cad;color:#fff}button[type=button]{background:none;color:#0b5cad}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#79b8ff}pre{background:#161b22}input{background:#161b22;color:inherit}button[type=button]{color:#79b8ff}}`;

function page(language: 'zh' | 'en'): string {
  const text = pageWords[language];
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title}</title><link rel="stylesheet" href="/style.css"></head><body>
<nav><a href="/?lang=${text.otherTag}" lang="${text.otherTag}">${text.other}</a></nav><h1>${text.title}</h1><p>${text.lead}</p>
<ul><li><a href="/sign-in">${text.signIn}</a></li><li><a href="/docs">${text.docs}</a></li><li><a href="/v1/price-books">${text.books}</a></li>
<li><a href="/v1/openapi.json">${text.spec}</a></li></ul>
<h2>${text.start}</h2><pre>./bin/suanpan quote --book faceid-legacy --use liveness_verification=15000 --pack basic_authority:10000</pre>
</body></html>`;
}

function askedLanguage({ query, headers }: FastifyRequest): 'zh' | 'en' {
  const { lang } = query as { readonly lang?: unknown };
  return lang === 'zh' || lang === 'en' ? lang : languageOf(headers['accept-language']);
}

export async function registerPages(app: FastifyInstance, document: object, oidc: boolean): Promise<void> {
  await app.register(async (pages) => {
    await pages.register(helmet, {
      contentSecurityPolicy: {
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
      },
      strictTransportSecurity: false,
    });
    pages.get('/', async (request, reply) => {
      const html = page(askedLanguage(request));
      return reply.type('text/html; charset=utf-8').header('vary', 'accept-language').send(html);
    });
    for (const [path, pageOf] of Object.entries({ '/sign-in': signInPage, '/password': passwordPage })) {
      pages.get(path, async (request, reply) => {
        const html = pageOf(askedLanguage(request), oidc);
        return reply
          .type('text/html; charset=utf-8')
          .header('vary', 'accept-language')
          .header('cache-control', 'no-store')
          .send(html);
      });
    }
    pages.get('/people.js', async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(peopleScript));
    pages.get('/style.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(styles));
    await pages.register(swagger, { mode: 'static', specification: { document: document as never } });
    await pages.register(swaggerUi, { routePrefix: '/docs', staticCSP: false });
  });
}
