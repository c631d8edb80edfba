import { readFileSync, writeFileSync } from 'node:fs';
import { readOptions } from '../arguments.ts';
import { withSection } from './generated-section.ts';
import { availabilityTables, outageTables } from './outage-tables.ts';

const HELP = `Writes the tables of docs/operations.md and docs/scale.md about outages: which events are lost, by provider.

  npm run outages`;

/** What this command writes, by the page. */
const SECTIONS = {
  'docs/operations.md': outageTables,
  'docs/scale.md': availabilityTables,
} as const satisfies Record<string, () => string>;

/** A page with tables about outages. */
export type OutagePage = keyof typeof SECTIONS;

/** The pages with tables about outages. */
export const OUTAGE_PAGES = Object.keys(SECTIONS) as readonly OutagePage[];

/** The command `npm run outages`. */
export function writeOutages(): void {
  if (!readOptions(HELP, {})) return;
  for (const file of OUTAGE_PAGES) {
    const url = new URL(`../../${file}`, import.meta.url);
    writeFileSync(url, withOutages(file, readFileSync(url, 'utf8')));
  }
}

/**
 * A page with the current tables.
 * @throws {UsageError} if the comments around them are missing
 */
export function withOutages(file: OutagePage, page: string): string {
  return withSection(page, { file, command: 'npm run outages', text: SECTIONS[file]() });
}
