/** A number as its digits are in the JSON: a large integer would be rounded. */
export class ExactNumber {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

/** What `JSON.parse` passes on of a value. @see https://tc39.es/proposal-json-parse-with-source/ */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

const keepDigits: Reviver = (_, value, context) =>
  typeof value === 'number' ? new ExactNumber(context?.source ?? String(value)) : value;

/**
 * Reads a payload as JSON or, if that fails, as a form.
 * @returns undefined if it is neither
 */
export function parsePayload(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text, keepDigits) };
  } catch {
    return isForm(text) ? { value: formOf(text) } : undefined;
  }
}

/** Names and values, with `=` between them and no spaces. */
const isForm = (text: string) => /^[^\s=&{}[\]<>"]+=[^\s]*$/.test(text.trim());

function formOf(text: string): object {
  const parameters = new URLSearchParams(text.trim());
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = parameters.getAll(name).map(fieldOf);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

/** A field may hold JSON. */
function fieldOf(text: string): unknown {
  if (!/^[{[]/.test(text)) return text;
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    return text;
  }
}
