// A portal token: a key for a while that reads one account and does nothing else. This tab keeps it, and no other.

const place = 'suanpan.portal';

/** Storage may be switched off: then it lasts as long as the page. */
let held: string | null = null;

export function portalToken(): string | null {
  try {
    return sessionStorage.getItem(place) ?? held;
  } catch {
    return held;
  }
}

/** Null: it is given back. */
export function keepPortalToken(token: string | null): void {
  held = token;
  try {
    if (token === null) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, token);
  } catch {
    // The page has it.
  }
}
