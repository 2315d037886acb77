// Bills and receipts on a terminal, in the reader's language.

import { invariants } from '../verify/invariants.ts';
import type { VerifyReport } from '../verify/verify.ts';
import { demoWords } from '../words/demo.ts';

type Language = 'zh' | 'en';

interface BillJson {
  readonly number?: string;
  readonly account: string;
  readonly month: string;
  readonly state: string;
  readonly prepaid: string;
  readonly postpaid: string | null;
  readonly adjustments: string | null;
  readonly total: string | null;
  readonly estimate: string | null;
  readonly lines: readonly { readonly formula: Record<Language, string>; readonly amount: string | null }[];
  readonly giftsUsed: readonly { readonly pack: string; readonly calls: number; readonly saved: string | null }[];
  readonly forfeited: readonly { readonly pack: string; readonly calls: number; readonly worth: string }[];
  readonly notices: readonly Record<Language, string>[];
}

export function printBill(name: string, json: unknown, language: Language): string[] {
  const bill = json as BillJson;
  const word = demoWords[language];
  return [
    '',
    `── ${bill.number ?? bill.account}  ${bill.month}  ${bill.state}  (${name})`,
    ...bill.lines.map((line) => `   ${(line.amount ?? '?').padStart(12)}  ${line.formula[language]}`),
    ...bill.giftsUsed.map(
      (gift) =>
        `   ${''.padStart(12)}  ${word.gift}: ${gift.pack} ${gift.calls} ${word.calls}, ${word.saved} ${gift.saved ?? '–'}`,
    ),
    ...bill.forfeited.map(
      (lost) =>
        `   ${''.padStart(12)}  ${word.forfeit}: ${lost.pack} ${lost.calls} ${word.calls}, ${word.worth} ${lost.worth}`,
    ),
    ...bill.notices.map((notice) => `   ${'!'.padStart(12)}  ${notice[language]}`),
    `   ${(bill.total ?? `(${bill.estimate ?? '?'})`).padStart(12)}  ${bill.total === null ? word.open : word.total} = ${word.prepaid} ${bill.prepaid} + ${word.postpaid} ${bill.postpaid ?? '?'}`,
  ];
}

interface ReceiptJson {
  readonly event: string;
  readonly time: string;
  readonly meter: string;
  readonly calls: number;
  readonly draws: readonly { readonly pack: string; readonly calls: number }[];
  readonly postpaid: number;
  readonly unused: readonly { readonly pack: string; readonly reason: string }[];
}

export function printReceipt(json: unknown, language: Language): string[] {
  const receipt = json as ReceiptJson;
  return [
    '',
    `── ${demoWords[language].receipt}`,
    `   ${receipt.event}  ${receipt.meter}  ${receipt.time}  ${receipt.calls}`,
    ...receipt.draws.map(({ pack, calls }) => `   ${pack}: ${calls}`),
    `   ${demoWords[language].postpaid}: ${receipt.postpaid}`,
    ...receipt.unused.map(({ pack, reason }) => `   ${pack}: ${reason}`),
  ];
}

export function printVerdict(report: VerifyReport, language: Language): string[] {
  const rows = report.verdicts.map(({ invariant, checked, broken, first }) => {
    const verdict = broken === 0 ? 'ok' : `BROKEN ${first?.table} ${first?.account} ${first?.key}`;
    return `   ${invariant.padEnd(4)} ${String(checked).padStart(8)}  ${invariants[invariant][language]}: ${verdict}`;
  });
  const verdict = report.clean ? 'clean' : 'BROKEN';
  return [
    `── verify: ${report.rows} rows in ${(report.milliseconds / 1_000).toFixed(1)} s`,
    ...rows,
    `verify: ${verdict}`,
  ];
}
