// The API's own description, read back: its operations, and whether an answer is one that it promises.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Json, Method, OpenApp, Reply } from './open-app.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Json;
}

type Content = Readonly<Record<string, { readonly schema: Json }>>;

export interface Operation {
  readonly method: Method;
  /** "/v1/events/{id}/void" */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Schemas of the body by media type; none where the operation takes no body. */
  readonly bodies: Readonly<Record<string, Json>>;
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
  readonly isPublic: boolean;
}

export interface ApiDocument {
  readonly operations: readonly Operation[];
  /** Definitions by name, which schemas refer to as "#/components/schemas/NAME". */
  readonly schemas: Readonly<Record<string, Json>>;
  /** What is wrong with an answer to this operation; undefined when the document promises it. */
  fault(operation: Operation, reply: Reply): string | undefined;
}

export async function readDocument({ call }: Pick<OpenApp, 'call'>): Promise<ApiDocument> {
  const { json } = await call('GET', '/v1/openapi.json', undefined, { authorization: '' });
  const { schemas } = json.components as { schemas: Record<string, Json> };
  const operations = Object.entries(json.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => {
      const { content = {} } = (operation.requestBody ?? {}) as { content?: Content };
      return {
        method: method.toUpperCase() as Method,
        path,
        parameters: (operation.parameters ?? []) as Parameter[],
        bodies: Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema])),
        responses: operation.responses as Operation['responses'],
        isPublic: (operation.security as readonly unknown[]).length === 0,
      };
    }),
  );
  return { operations, schemas, fault: judge(schemas) };
}

function judge(schemas: Readonly<Record<string, Json>>): ApiDocument['fault'] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', components: { schemas } });
  const known = new Map<Json, ValidateFunction>();
  const validatorOf = (schema: Json): ValidateFunction => {
    const validate =
      known.get(schema) ??
      ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')));
    known.set(schema, validate);
    return validate;
  };
  return ({ responses }, { status, headers, json, text }) => {
    const promised = responses[String(status)];
    if (promised === undefined) return `status ${status} is not documented: ${text.slice(0, 300)}`;
    const type = headers['content-type'] ?? '';
    const media = Object.keys(promised.content).find((each) => type === each || type.startsWith(`${each};`));
    if (media === undefined) return `a ${status} of the type "${type}" is not documented`;
    if (status === 500 || headers['x-request-id'] === undefined) return `status ${status}: ${text.slice(0, 300)}`;
    if (!media.endsWith('json') || media.endsWith('ndjson') || text === '') return undefined;
    const validate = validatorOf(promised.content[media]?.schema ?? {});
    return validate(json)
      ? undefined
      : `${status}: ${text.slice(0, 300)} ${JSON.stringify(validate.errors).slice(0, 500)}`;
  };
}
