/** Strings with the colon after them if they are names, and the characters that open and close. */
const TOKENS = /("(?:[^"\\]|\\.)*")\s*(:?)|[[\]{}]/g;

/**
 * The first name that an object of a JSON text has twice. `JSON.parse` keeps the last value of such a name, and says nothing.
 * @param json valid JSON
 * @returns undefined if no object has a name twice
 */
export function duplicateName(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(TOKENS)) {
    const name = text !== undefined && colon ? (JSON.parse(text) as string) : undefined;
    if (name !== undefined && open.at(-1)?.has(name)) return name;
    if (name !== undefined) open.at(-1)?.add(name);
    else nest(open, token);
  }
  return undefined;
}

function nest(open: Set<string>[], token: string): void {
  if (token === '{' || token === '[') open.push(new Set());
  else if (token === '}' || token === ']') open.pop();
}
