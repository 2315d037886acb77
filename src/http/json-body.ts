// JSON bodies, more strictly than `JSON.parse`: a name that stands twice in an object is refused, not silently the last one taken.

/** Why a body is refused before anybody reads it. */
export class BodyProblem extends Error {
  readonly statusCode = 422;
}

/** The value of a JSON text. Throws `BodyProblem`. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BodyProblem(error instanceof Error ? error.message : 'not JSON');
  }
  if (countNames(value) !== writtenNames(text)) throw new BodyProblem('a name stands twice in a JSON object');
  return value;
}

/** Names in all objects of a value. Written without recursion: a body may be nested as deep as it is long. */
function countNames(value: unknown): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === 'object') open.push(item);
      continue;
    }
    for (const name in next) {
      if (name === '__proto__') throw new BodyProblem('the name __proto__ is not allowed');
      count += 1;
      const item = (next as Record<string, unknown>)[name];
      if (typeof item === 'object') open.push(item);
    }
  }
  return count;
}

const [quote, backslash, colon, space] = [0x22, 0x5c, 0x3a, 0x20];

/** Names as written in a valid JSON text: strings that a colon follows. */
function writtenNames(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at += 1;
    for (let code = text.charCodeAt(at); code !== quote; code = text.charCodeAt(at)) at += code === backslash ? 2 : 1;
    at += 1;
    let after = at;
    while (text.charCodeAt(after) <= space) after += 1;
    if (text.charCodeAt(after) === colon) count += 1;
  }
  return count;
}
