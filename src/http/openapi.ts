// OpenAPI 3.1 from the very schemas that validate.

import { z } from 'zod';
import { type RefusalCode, refusalCodes } from '../core/refusal.ts';
import { apiWords } from '../words/pages.ts';
import { refusalTexts } from '../words/refusals.ts';
import { type Access, dutyOf, isForOperators } from './access.ts';
import * as contract from './contract/contract.ts';
import { refusalsOf } from './refusals.ts';
import type { Documented } from './route.ts';

type SchemaOf = (schema: z.ZodType, io?: 'input' | 'output') => unknown;

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The document for these routes. */
export function openApiDocument(routes: readonly Documented[], version: string) {
  const schemas: Record<string, unknown> = {};
  const schemaOf: SchemaOf = (schema, io = 'input') => {
    const { $defs, $schema: _, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    for (const [name, definition] of Object.entries($defs ?? {})) schemas[name] = moved(definition);
    return moved(own);
  };
  schemaOf(z.object({ problem: contract.problem }));
  const paths: Record<string, Record<string, unknown>> = {};
  for (const documented of routes) {
    const path = documented.url.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][documented.method.toLowerCase()] = operation(documented, schemaOf);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: apiWords.title,
      version,
      description: apiWords.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that gives this document' }],
    paths,
    components: {
      schemas: { ...schemas, RefusalCode: { type: 'string', enum: [...refusalCodes] } },
      securitySchemes: { key: { type: 'http', scheme: 'bearer' }, session, signature },
    },
  };
}

/** Definitions live under components, not under the schema that first used them. */
function moved(definition: unknown): unknown {
  return JSON.parse(JSON.stringify(definition).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

function operation(documented: Documented, schemaOf: SchemaOf) {
  const { method, url, access, summary, query, body, once } = documented;
  const parameters = [
    ...[...url.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...(query === undefined ? [] : queryParameters(schemaOf(query))),
    ...(once === undefined
      ? []
      : [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: once === 'required',
            schema: { type: 'string', maxLength: 200 },
          },
        ]),
  ];
  return {
    operationId: operationId(method, url),
    tags: [/^\/v1\/([a-z-]+)/.exec(url)?.[1] ?? 'operations'],
    summary,
    ...auditedOf(documented),
    ...securityOf(access),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(documented, schemaOf) }),
    responses: {
      ...successesOf(documented, schemaOf),
      ...problemsOf(documented),
    },
  };
}

/** What each success is answered with; nothing where there is none. */
function successesOf(documented: Documented, schemaOf: SchemaOf): Record<string, unknown> {
  const { statuses = [200], answer, answerType, answerMedia = {}, links = {} } = documented;
  if (answer === undefined && answerType === undefined) return {};
  const schema = answer === undefined ? { type: 'string' } : schemaOf(answer, 'output');
  const success = {
    description: 'Done',
    content: {
      [answerType ?? 'application/json']: { schema },
      ...contentOf(answerMedia, (each) => schemaOf(each, 'output')),
    },
    ...(Object.keys(links).length === 0 ? {} : { links: linksOf(links) }),
  };
  return Object.fromEntries(statuses.map((status) => [String(status), success]));
}

const linksOf = (links: NonNullable<Documented['links']>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(links).map(([operation, parameters]) => {
      const [method = '', url = ''] = operation.split(' ');
      const id = operationId(method, url);
      return [id, { operationId: id, parameters }];
    }),
  );

/** Each status that the operation may refuse with, and the codes that come with it. */
function problemsOf(documented: Documented): Record<string, unknown> {
  const byStatus = Map.groupBy(refusalsOf(documented), (code) => refusalTexts[code].status);
  const problem = (codes: readonly RefusalCode[]) => ({
    description: codes.join(', '),
    content: {
      'application/problem+json': { schema: { ...reference('Problem'), properties: { code: { enum: codes } } } },
    },
  });
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), problem(codes)]));
}

/** Standard Webhooks, with `webhook-id` and `webhook-timestamp` beside it. */
const signature = {
  type: 'apiKey',
  in: 'header',
  name: 'webhook-signature',
  description:
    'HMAC-SHA256 in the form of Standard Webhooks, with webhook-id and webhook-timestamp: SUANPAN_PAYMENT_SECRET',
};

/** Of a person who has signed in; what changes something by it says where it comes from: Origin, or Sec-Fetch-Site. */
const session = { type: 'apiKey', in: 'cookie', name: '__Host-suanpan', description: 'POST /v1/sessions sets it' };

function securityOf(access: Access) {
  if (access === 'public') return { security: [] };
  if (access === 'anyone') return { security: [{}, { key: [] }, { session: [] }] };
  const { scope, of, signed } = access;
  if (of === 'self') return { security: [{ session: [] }] };
  return {
    security: [{ key: [] }, { session: [] }, ...(signed === true ? [{ signature: [] }] : [])],
    ...(scope === 'any' ? {} : { 'x-scope': scope, 'x-duty': dutyOf(access) }),
    ...(isForOperators(access) ? { 'x-role': 'operator' } : {}),
  };
}

/** Kept in the audit: by a command in its own transaction, by others before they begin. */
const auditedOf = ({ audited, keptFirst }: Documented) =>
  audited === true || keptFirst !== undefined ? { 'x-audited': true } : {};

function requestBody({ body, media = {} }: Documented, schemaOf: SchemaOf) {
  const types = { ...(body === undefined ? {} : { 'application/json': body }), ...media };
  return { required: true, content: contentOf(types, schemaOf) };
}

const contentOf = (media: Readonly<Record<string, z.ZodType>>, schemaOf: (schema: z.ZodType) => unknown) =>
  Object.fromEntries(Object.entries(media).map(([type, schema]) => [type, { schema: schemaOf(schema) }]));

const operationId = (method: string, url: string): string =>
  `${method.toLowerCase()}_${url.replace(/^\/(v1\/)?/, '').replace(/[^A-Za-z0-9]+/g, '_')}`;

function queryParameters(schema: unknown): { name: string; in: string; required: boolean; schema: unknown }[] {
  const { properties = {}, required = [] } = schema as {
    readonly properties?: Record<string, unknown>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: property,
  }));
}
