// What the browser keeps from one visit to the next. Storage may be switched off: it lasts as long as the page, then.

const placeOf = (name: string): string => `suanpan.${name}`;

export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(placeOf(name));
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(placeOf(name), value);
  } catch {
    // Nothing is kept.
  }
}
