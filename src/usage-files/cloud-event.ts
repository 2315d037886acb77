// A CloudEvent in a file is the same event as over HTTP: named by source and id, its account the subject, the rest its data.

import { eventFields, isEventField } from '../core/event.ts';
import type { Words } from '../core/price-book.ts';
import { isSafeText } from '../core/safe-text.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { about } from '../words/words.ts';
import { shown } from './cells.ts';
import { type RowProblem, rowProblem } from './row-problem.ts';

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= eventFields.id.most && isSafeText(value);

export function plainEvent(
  envelope: Record<string, unknown>,
): { readonly fields: Record<string, unknown>; readonly source: string } | { readonly problem: RowProblem } {
  const { specversion, id, source, type, subject, time, data } = envelope;
  const wrong = (field: string, value: unknown, told: Words) => ({
    problem: rowProblem('WRONG_TYPE', `/${field}`, about(`${field} ${shown(value)}`, told)),
  });
  if (specversion !== '1.0') return wrong('specversion', specversion, usageFilesWords.onlyVersionOne);
  if (!isName(source) || /\s/.test(source)) {
    return wrong('source', source, usageFilesWords.mustBeTextWithoutWhiteSpace);
  }
  if (!isName(type)) return wrong('type', type, usageFilesWords.mustBeTextWithoutInvisibleCharacters);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return wrong('data', data, usageFilesWords.dataIsNoObject);
  }
  const fields: Record<string, unknown> = { id, time, ...(subject === undefined ? {} : { account: subject }) };
  for (const [key, value] of Object.entries(data)) {
    if (key === 'id' || key === 'time' || key === 'account' || !isEventField(key)) {
      return {
        problem: rowProblem('UNKNOWN_FIELD', `/data/${key}`, usageFilesWords.dataMustNotHaveAField(key)),
      };
    }
    fields[key] = value;
  }
  return { fields, source };
}
