// Where one is in a JSON text that is read letter by letter: how deep, and whether in a text.

export const [quote, backslash, lineFeed] = [34, 92, 10];
export const [comma, openArray, closeArray, openObject, closeObject] = [44, 91, 93, 123, 125];
export const isBlank = (code: number): boolean => code === lineFeed || code === 32 || code === 9 || code === 13;

/** Of what follows, the word that does not belong there; at least one letter. */
export const misplacedIn = (rest: string): string => rest.slice(0, Math.max(1, rest.search(/[\s,{}[\]]|$/)));

export class JsonNesting {
  /** Containers that are open. */
  depth = 0;
  inText = false;
  #isEscaped = false;

  /** Whether this character ends the value. */
  ends(code: number): boolean {
    if (this.inText) {
      this.passText(code);
      return false;
    }
    if (code === quote) this.inText = true;
    else if (code === openObject || code === openArray) this.depth += 1;
    else if (code === closeObject || code === closeArray) this.depth -= 1;
    return this.depth === 0;
  }

  passText(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === backslash) this.#isEscaped = true;
    else if (code === quote) this.inText = false;
  }
}
