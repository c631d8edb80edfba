import { UsageError } from '../arguments.ts';

/** A part of a page that a command writes, between two comments. */
export interface GeneratedSection {
  /** The file, for the message. */
  readonly file: string;
  /** The command in full, such as `npm run cost`. */
  readonly command: string;
  readonly text: string;
}

/**
 * A page with the current text of a section.
 * @throws {UsageError} if the comments around it are missing
 */
export function withSection(page: string, { file, command, text }: GeneratedSection): string {
  const begin = `<!-- Written by \`${command}\`. -->\n`;
  const start = page.indexOf(begin);
  const end = page.indexOf(`<!-- The end of what \`${command}\` writes. -->`, start);
  if (start < 0 || end < 0) throw new UsageError(`${file} has no comments around what \`${command}\` writes.`);
  return `${page.slice(0, start)}${begin}\n${text}\n\n${page.slice(end)}`;
}
