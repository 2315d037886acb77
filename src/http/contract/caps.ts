// Caps of an account: how many calls may be authorised.

import { z } from 'zod';
import { safeText } from '../../book/names.ts';
import { type Answered, calls, count, department } from './scalars.ts';

const per = z.enum(['day', 'month']).meta({ description: 'Of the account’s own calendar' });
const of = z.enum(['all', 'postpaid']).meta({ description: 'all: in front of packs too; postpaid: what no pack pays' });

export const newCap = z
  .strictObject({
    name: safeText(64).meta({ description: 'A cap of the same name is replaced' }),
    per,
    of,
    most: calls,
    department: department.optional().meta({ description: 'Of its calls alone' }),
    meter: safeText(100).optional().meta({ description: 'Of its calls alone' }),
    key: z
      .string()
      .regex(/^[0-9a-f]{8}$/)
      .optional()
      .meta({ description: 'Of what this key sends alone, or the keys that it was rotated into; by its id' }),
  })
  .meta({
    id: 'NewCap',
    examples: [
      { name: 'trial key', per: 'day', of: 'all', most: 1_000, key: '1a2b3c4d' },
      { name: 'loans', per: 'month', of: 'postpaid', most: 50_000, department: 'loans' },
    ],
  });

const capFields = {
  name: z.string().nullable().meta({ description: 'null: the account’s own, set with the account' }),
  per,
  of,
  most: count,
  department: z.string().nullable(),
  meter: z.string().nullable(),
  key: z.string().nullable(),
  used: count.meta({ description: 'Called and held in the running day or month' }),
  left: count,
  resetsAt: z.string(),
};

export const cap = z.object({ account: z.string(), ...capFields }).meta({ id: 'Cap' });
export const capList = z.object({ account: z.string(), caps: z.array(z.object(capFields)) }).meta({ id: 'CapList' });
export const removedCap = z.object({ account: z.string(), name: z.string() }).meta({ id: 'RemovedCap' });

export type CapAnswer = Answered<typeof cap>;
export type CapList = Answered<typeof capList>;
