// What an account is told of, and how, where it asked for something else than all others.

import type { AlertKind } from './alerts.ts';

export type Language = 'zh' | 'en';

export interface MailRecipient {
  readonly address: string;
  readonly language: Language;
}

export interface AlertSettings {
  /** Percent of a pack that is left, falling; 0: when it is used up. */
  readonly packThresholds: readonly number[];
  /** Days before a pack expires, falling. */
  readonly daysBefore: readonly number[];
  /** Kinds that nobody is told of. */
  readonly off: readonly AlertKind[];
  readonly language: Language;
  readonly mail: readonly MailRecipient[];
}

/** What an account's head keeps of its thresholds: null where they are as usual. That nothing is left is news of every pack. */
export function headThresholds({ packThresholds }: Pick<AlertSettings, 'packThresholds'>): readonly number[] | null {
  const above = packThresholds.filter((percent) => percent > 0);
  return above.length === 1 && above[0] === 20 ? null : above;
}

export const usualAlertSettings: AlertSettings = {
  packThresholds: [20, 0],
  daysBefore: [30, 7, 1],
  off: [],
  language: 'zh',
  mail: [],
};
