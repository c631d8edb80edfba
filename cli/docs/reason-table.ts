import { REASONS } from '../reasons.ts';

/** The table of reasons in docs/operations.md. */
export function reasonTable(): string {
  const rows = Object.entries(REASONS).map(
    ([name, { meaning, action }]) => `| \`${name}\` | ${sentence(meaning)} | ${action} |`,
  );
  return ['| reason or code | meaning | what to do |', '|-|-|-|', ...rows.map(withCode)].join('\n');
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Underscores would be emphasis. */
const withCode = (row: string) => row.replace(/ (__\w+__)/g, ' `$1`');
