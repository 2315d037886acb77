// Long lists as files that are made in the background.

import { z } from 'zod';
import { exportStates, fileFormats, listNames } from '../../core/list-names.ts';
import { eventWish } from './events.ts';
import { type Answered, accountId, next, time } from './scalars.ts';

export const newListExport = z
  .strictObject({
    account: accountId.optional(),
    list: z.enum(listNames),
    format: z.enum(fileFormats).optional(),
    bom: z.boolean().optional().meta({ description: 'A byte order mark, for Excel' }),
    from: time.optional().meta({ description: 'Of calls and draws' }),
    to: time.optional(),
    ...eventWish,
  })
  .meta({ id: 'NewListExport', examples: [{ account: 'acme', list: 'calls', from: '2026-01-01T00:00:00+08:00' }] });

const fields = {
  id: z.string(),
  list: z.enum(listNames),
  format: z.enum(fileFormats),
  state: z.enum(exportStates),
  rows: z.int().meta({ description: 'Written so far' }),
  of: z.int().nullable().meta({ description: 'Rows in all; null: not counted' }),
  askedAt: z.string(),
  askedBy: z.string(),
  endedAt: z.string().nullable(),
  keptUntil: z.string().nullable(),
  problem: z.string().nullable().meta({ description: 'The code of what stood in its way' }),
};

export const listExport = z.object({ account: z.string(), ...fields }).meta({ id: 'ListExport' });
export const listExportPage = z
  .object({ account: z.string(), exports: z.array(z.object(fields)), next })
  .meta({ id: 'ListExportPage' });

export type ListExport = Answered<typeof listExport>;
