/** Control, format and unassigned characters, lone surrogates, and line and paragraph separators. */
const UNPRINTABLE = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Makes text from elsewhere, such as an endpoint or a stored event, safe to print: characters that move a cursor, set a
 * colour, reorder text or are invalid in XML become escapes such as `\u001b`. Line ends become `\n`; tabs are kept.
 */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNPRINTABLE, escaped);
}

/** Makes text {@link printable} on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}

/** Indented JSON that ends in a newline. Unprintable characters become escapes, which does not change the value. */
export function printableJson(value: unknown): string {
  return `${printable(JSON.stringify(value, undefined, 2))}\n`;
}

/** One escape per UTF-16 code unit, as in JSON. */
function escaped(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  return units.map((unit) => `\\u${unit}`).join('');
}
