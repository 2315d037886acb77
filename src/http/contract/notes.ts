// Notes of the operator's people on an account.

import { z } from 'zod';
import { safeText } from '../../book/names.ts';
import { type Answered, byName, next } from './scalars.ts';

export const newNote = z
  .strictObject({ note: safeText(2_000) })
  .meta({ id: 'NewNote', examples: [{ note: 'agreed by phone: prices of 2026 from March on' }] });

export const note = z
  .object({ account: z.string(), no: z.int(), at: z.string(), by: z.string(), byName, note: z.string() })
  .meta({ id: 'Note' });

export const notePage = z.object({ account: z.string(), notes: z.array(note), next }).meta({ id: 'NotePage' });

export type Note = Answered<typeof note>;
export type NotePage = Answered<typeof notePage>;
