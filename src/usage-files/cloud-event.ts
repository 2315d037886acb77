// A CloudEvent in a file is the same event as over HTTP: named by source and id, its account the subject, the rest its data.

import { eventFields, isEventField } from '../core/event.ts';
import { isSafeText } from '../core/safe-text.ts';
import { shown } from './cells.ts';
import { type RowProblem, rowProblem } from './row-problem.ts';

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= eventFields.id.most && isSafeText(value);

export function plainEvent(
  envelope: Record<string, unknown>,
): { readonly fields: Record<string, unknown>; readonly source: string } | { readonly problem: RowProblem } {
  const { specversion, id, source, type, subject, time, data } = envelope;
  const wrong = (field: string, value: unknown, zh: string, en: string) => ({
    problem: rowProblem(
      'WRONG_TYPE',
      `/${field}`,
      `${field} ${shown(value)}：${zh}`,
      `${field} ${shown(value)}: ${en}`,
    ),
  });
  if (specversion !== '1.0') return wrong('specversion', specversion, '只支持 "1.0"', 'must be "1.0"');
  if (!isName(source) || /\s/.test(source)) {
    return wrong(
      'source',
      source,
      '应为不含空白和不可见字符的文本',
      'must be text without white space or invisible characters',
    );
  }
  if (!isName(type))
    return wrong('type', type, '应为不含不可见字符的文本', 'must be text without invisible characters');
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return wrong('data', data, '应为 JSON 对象', 'must be a JSON object');
  }
  const fields: Record<string, unknown> = { id, time, ...(subject === undefined ? {} : { account: subject }) };
  for (const [key, value] of Object.entries(data)) {
    if (key === 'id' || key === 'time' || key === 'account' || !isEventField(key)) {
      return {
        problem: rowProblem(
          'UNKNOWN_FIELD',
          `/data/${key}`,
          `data 里不能有字段 ${key}`,
          `data must not have a field ${key}`,
        ),
      };
    }
    fields[key] = value;
  }
  return { fields, source };
}
