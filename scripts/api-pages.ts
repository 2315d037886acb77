// The reference of the API as pages, a noun each, from its own description: `node scripts/api-pages.ts en` prints them as JSON.

import { apiDescription } from './api-description.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly examples?: readonly unknown[];
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}
interface Operation {
  readonly tags: readonly [string];
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly 'x-scope'?: string;
  readonly 'x-duty'?: string;
  readonly 'x-role'?: string;
  readonly 'x-audited'?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const words = {
  en: {
    lead: 'Written from the description that the server gives at `/v1/openapi.json`. [What holds for every request](/reference/http.md).',
    who: 'Who may',
    everybody: 'everybody',
    person: 'a person who has signed in',
    key: (scope: string, duty: string) => `keys with the scope \`${scope}\`, people with the duty \`${duty}\``,
    anyKey: 'every key, every person',
    operators: 'operators only',
    signed: 'or the signature of the payment system',
    audited: 'kept in the audit',
    parameter: 'parameter',
    field: 'field',
    place: 'in',
    type: 'type',
    meaning: 'meaning',
    required: 'required',
    body: 'Body',
    answers: 'Answers',
    status: 'status',
    refusals: 'Refusals',
    codes: 'codes',
    schemas: 'Schemas',
  },
  zh: {
    lead: '由服务器在 `/v1/openapi.json` 给出的描述生成，摘要与字段说明为英文原文。[所有请求共同的规则](/reference/http.md)（英文）。',
    who: '谁可以',
    everybody: '任何人',
    person: '已登录的人员',
    key: (scope: string, duty: string) => `有 \`${scope}\` 范围的密钥、有 \`${duty}\` 职责的人员`,
    anyKey: '任何密钥、任何人员',
    operators: '仅运营方',
    signed: '或支付系统的签名',
    audited: '记入审计',
    parameter: '参数',
    field: '字段',
    place: '位置',
    type: '类型',
    meaning: '含义',
    required: '必填',
    body: '请求体',
    answers: '应答',
    status: '状态码',
    refusals: '拒绝',
    codes: '代码',
    schemas: '结构',
  },
} as const;
export type Language = keyof typeof words;

const nameOf = (schema: Schema): string | undefined => schema.$ref?.split('/').at(-1);

/** Nothing in a cell may end it, and nothing may be taken for the site's own marks. */
const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;').replaceAll('{', '&#123;');

function typeOf(schema: Schema, linked: (name: string) => string): string {
  const name = nameOf(schema);
  if (name !== undefined) return linked(name);
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${String(each)}\``).join(', ');
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return several.map((each) => typeOf(each, linked)).join(' / ');
  if (schema.items !== undefined) return `${typeOf(schema.items, linked)}[]`;
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(([field, each]) => `${field}: ${typeOf(each, linked)}`);
    return cell(`{ ${fields.join('; ')} }`);
  }
  if (typeof schema.additionalProperties === 'object') return `→ ${typeOf(schema.additionalProperties, linked)}`;
  return [schema.type ?? 'any'].flat().join(' / ');
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? ''
    : [head, head.map(() => '---'), ...rows]
        .map((row) => `| ${row.join(' | ')} |`)
        .join('\n')
        .concat('\n\n');

/** The operations of one noun, then the schemas that they name, and those that these name. */
class Page {
  readonly #schemas: Readonly<Record<string, Schema>>;
  readonly #language: Language;
  readonly #named = new Set<string>();

  constructor(schemas: Readonly<Record<string, Schema>>, language: Language) {
    this.#schemas = schemas;
    this.#language = language;
  }

  readonly #linked = (name: string): string => {
    this.#named.add(name);
    return `[${name}](#schema-${name.toLowerCase()})`;
  };

  operation(method: string, path: string, operation: Operation): string {
    const say = words[this.#language];
    const { parameters = [], requestBody, responses } = operation;
    const answers = Object.entries(responses);
    const rows = parameters.map((each) => [
      `\`${each.name}\``,
      each.in,
      typeOf(each.schema, this.#linked),
      this.#meaning(each.schema, each.required),
    ]);
    const bodies = Object.entries(requestBody?.content ?? {}).map(
      ([type, { schema }]) => `- \`${type}\`: ${typeOf(schema, this.#linked)}${said(schema)}`,
    );
    const successes = answers
      .filter(([status]) => status < '400')
      .flatMap(([status, { content }]) =>
        Object.entries(content).map(
          ([type, { schema }]) => `- ${status} \`${type}\`: ${typeOf(schema, this.#linked)}${said(schema)}`,
        ),
      );
    const refused = answers
      .filter(([status]) => status >= '400')
      .map(([status, { description }]) => [
        status,
        description
          .split(', ')
          .map((code) => `\`${code}\``)
          .join(', '),
      ]);
    return [
      `## ${method.toUpperCase()} \`${path}\` {#${method}${path.replaceAll(/[^a-z0-9]+/gi, '-').replace(/-$/, '')}}`,
      cell(operation.summary),
      `**${say.who}**: ${this.#who(operation)}`,
      table([say.parameter, say.place, say.type, say.meaning], rows).trim(),
      bodies.length === 0 ? '' : `**${say.body}**\n\n${bodies.join('\n')}`,
      successes.length === 0 ? '' : `**${say.answers}**\n\n${successes.join('\n')}`,
      `\`\`\`sh\n${this.#example(method, path, operation)}\n\`\`\``,
      `**${say.refusals}**\n\n${table([say.status, say.codes], refused).trim()}`,
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  }

  schemas(): string {
    const say = words[this.#language];
    const parts: string[] = [];
    for (const name of this.#named) {
      const schema = this.#schemas[name] ?? {};
      const fields = Object.entries(schema.properties ?? {}).map(([field, each]) => [
        `\`${field}\``,
        typeOf(each, this.#linked),
        this.#meaning(each, schema.required?.includes(field) === true),
      ]);
      const own = fields.length === 0 ? typeOf(schema, this.#linked) : '';
      const text = [cell(schema.description ?? ''), own, table([say.field, say.type, say.meaning], fields).trim()];
      parts.push(`### ${name} {#schema-${name.toLowerCase()}}`, ...text.filter((part) => part !== ''));
    }
    return [`## ${say.schemas}`, ...parts].join('\n\n');
  }

  #meaning(schema: Schema, required: boolean): string {
    const parts = [required ? words[this.#language].required : '', cell(schema.description ?? '')];
    return parts.filter((part) => part !== '').join('. ');
  }

  #who(operation: Operation): string {
    const say = words[this.#language];
    const ways = operation.security.flatMap((way) => Object.keys(way));
    const { 'x-scope': scope, 'x-duty': duty = '' } = operation;
    const isOpen = operation.security.length === 0 || operation.security.some((way) => Object.keys(way).length === 0);
    const whom = isOpen
      ? say.everybody
      : scope !== undefined
        ? say.key(scope, duty)
        : ways.includes('key')
          ? say.anyKey
          : say.person;
    return [
      whom,
      operation['x-role'] === 'operator' ? say.operators : '',
      ways.includes('signature') ? say.signed : '',
      operation['x-audited'] === true ? say.audited : '',
    ]
      .filter((part) => part !== '')
      .join('; ');
  }

  #example(method: string, path: string, { parameters = [], requestBody, security }: Operation): string {
    const asked = parameters.filter((each) => each.in === 'query' && each.required).map(({ name }) => `${name}=…`);
    const schema = requestBody?.content['application/json']?.schema;
    const body = schema === undefined ? undefined : this.#exampleOf(schema);
    const once = parameters.some(({ name, required }) => name === 'Idempotency-Key' && required);
    const url = `$SUANPAN_URL${path}${asked.length === 0 ? '' : `?${asked.join('&')}`}`;
    return [
      `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}"${url}"`,
      ...(security.some((way) => 'key' in way) ? ['-H "Authorization: Bearer $SUANPAN_API_KEY"'] : []),
      ...(once ? ['-H "Idempotency-Key: $(uuidgen)"'] : []),
      ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(body)}'`]),
    ].join(' \\\n  ');
  }

  #exampleOf(schema: Schema): unknown {
    const name = nameOf(schema);
    if (name !== undefined) return this.#exampleOf(this.#schemas[name] ?? {});
    return schema.examples?.[0] ?? (schema.anyOf?.[0] === undefined ? undefined : this.#exampleOf(schema.anyOf[0]));
  }
}

const said = ({ description }: Schema): string => (description === undefined ? '' : ` (${cell(description)})`);

export interface ApiPage {
  readonly params: { readonly noun: string };
  readonly content: string;
}

export function apiPages(description: Description, language: Language): ApiPage[] {
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  return [...Map.groupBy(operations, ({ operation }) => operation.tags[0])].map(([noun, all]) => {
    const page = new Page(description.components.schemas, language);
    const parts = all.map(({ method, path, operation }) => page.operation(method, path, operation));
    return { params: { noun }, content: [`# ${noun}`, words[language].lead, ...parts, page.schemas()].join('\n\n') };
  });
}

if (import.meta.main) {
  const language = process.argv[2] === 'zh' ? 'zh' : 'en';
  process.stdout.write(JSON.stringify(apiPages(JSON.parse(await apiDescription()), language)));
}
