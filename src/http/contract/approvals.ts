// Acts that wait for a second person.

import { z } from 'zod';
import { safeText } from '../../book/names.ts';
import { type Answered, amount, byName, money, next } from './scalars.ts';

export const approval = z
  .object({
    approval: z.string().meta({ description: 'Its id' }),
    account: z.string(),
    act: z.enum(['credit', 'refund', 'top-up', 'confirm']),
    amount,
    details: z.record(z.string(), z.string()),
    state: z.enum(['waiting', 'approved', 'rejected', 'lapsed']),
    askedBy: z.string(),
    askedByName: byName,
    askedAt: z.string(),
    expiresAt: z.string(),
    decidedBy: z.string().nullable(),
    decidedByName: byName,
    decidedAt: z.string().nullable(),
  })
  .meta({ id: 'Approval', description: 'An act that waits for a second person, or did' });

export const approvalPage = z.object({ approvals: z.array(approval), next }).meta({ id: 'ApprovalPage' });

const reason = safeText(200).meta({ description: 'For whoever reads the balance, and the audit' });

export const newCredit = z
  .strictObject({ amount: money, reason })
  .meta({ id: 'NewCredit', examples: [{ amount: '120.00', reason: 'outage of 2026-01-10' }] });

export type Approval = Answered<typeof approval>;
export type ApprovalPage = Answered<typeof approvalPage>;
