/** Control, formatting and unassigned characters, lone surrogates, and the separators that break lines. */
const UNPRINTABLE = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Text of an endpoint as it may be shown: what would move a cursor, set a colour, reorder text or be no character of XML
 * stands as `\u001b`, so that it is seen and does nothing. Line ends become `\n`, tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNPRINTABLE, escaped);
}

/** As {@link printable}, on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}

/** JSON, indented, with a newline at its end; what is not printable stands as an escape, so that the value is the same. */
export function printableJson(value: unknown): string {
  return `${printable(JSON.stringify(value, undefined, 2))}\n`;
}

/** One escape a UTF-16 unit, as in JSON. */
function escaped(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  return units.map((unit) => `\\u${unit}`).join('');
}
