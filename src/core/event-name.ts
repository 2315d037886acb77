// What an event is called. A plain event has an id; a CloudEvent has an id of its source, a space of its own (billing rules 5.1). The
// ledger keeps either as one text, so that one unique key guards both.

export interface EventName {
  readonly id: string;
  /** Null: a plain event. */
  readonly source: string | null;
}

/** A character that neither an id nor a source may hold. */
const separator = '\u001f';

/** The id under which the ledger keeps an event. */
export const ledgerIdOf = ({ id, source }: EventName): string => (source === null ? id : `${source}${separator}${id}`);

export function nameOf(ledgerId: string): EventName {
  const end = ledgerId.indexOf(separator);
  return end < 0 ? { id: ledgerId, source: null } : { id: ledgerId.slice(end + 1), source: ledgerId.slice(0, end) };
}

/** For sentences: "e1", or "e1 (source /gateway/1)". */
export function eventWords(ledgerId: string): string {
  const { id, source } = nameOf(ledgerId);
  return source === null ? id : `${id} (source ${source})`;
}
