/** A block of TypeScript. */
export const fence = (text: string) => `\`\`\`ts\n${text}\n\`\`\``;

/** A list of lines. */
export const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');

/** A table with its header. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = [columns, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [...body.slice(0, 1), `|${'-|'.repeat(columns.length)}`, ...body.slice(1)].join('\n');
}

/** Text as code; Markdown drops a space at both ends, and cannot have a code of spaces alone. */
export function code(text: string): string {
  if (text.trim() === '') return text;
  const [, before = '', inner = '', after = ''] = /^( *)(.*?)( *)$/.exec(text) ?? [];
  return `${before}\`${inner}\`${after}`;
}

/** The anchor that GitHub gives a heading. */
export const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
