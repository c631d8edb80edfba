import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { readOptions, UsageError } from '../arguments.ts';
import { withSection } from './generated-section.ts';
import { providerDocs } from './provider-docs.ts';
import { providerNames } from './provider-names.ts';
import { providerPage } from './provider-page.ts';
import { reasonTable } from './reason-table.ts';
import { constructDocs } from './reference/construct-docs.ts';

const HELP = `Writes docs/providers.md from the providers in lambda/providers and their samples, docs/construct.md from the doc
comments of what the package exports, the table of reasons in docs/operations.md from cli/reasons.ts, the names of the
providers in README.md, and the warnings on their pages.

  npm run docs [-- --check]

  --check   write nothing; exit status 1 where a page is not what would be written`;

const OPERATIONS = 'docs/operations.md';
const README = 'README.md';
const COMMAND = 'npm run docs';

/** The pages that `npm run docs` writes, by their paths from the project's folder. */
const PAGES: Readonly<Record<string, () => string>> = {
  'docs/providers.md': providerDocs,
  'docs/construct.md': () => constructDocs(),
  [OPERATIONS]: () => withSection(read(OPERATIONS) ?? '', { file: OPERATIONS, command: COMMAND, text: reasonTable() }),
  [README]: () => withSection(read(README) ?? '', { file: README, command: COMMAND, text: providerNames() }),
  ...Object.fromEntries(
    (Object.keys(providers) as ProviderName[]).map((name) => {
      const file = `docs/providers/${name}.md`;
      return [file, () => providerPage(name, { file, page: read(file) ?? '' })];
    }),
  ),
};

/** The command `npm run docs`. */
export async function docs(): Promise<void> {
  const options = readOptions(HELP, { check: { type: 'boolean' } });
  if (!options) return;
  for (const [file, textOf] of Object.entries(PAGES)) {
    const text = textOf();
    if (!options.check) write(file, text);
    else if (read(file) !== text)
      throw new UsageError(`${file} is stale: run \`npm run docs\`, and commit what it writes.`);
  }
}

const pathOf = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

function write(file: string, text: string): void {
  mkdirSync(dirname(pathOf(file)), { recursive: true });
  writeFileSync(pathOf(file), text);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(pathOf(file), 'utf8');
  } catch {
    return undefined;
  }
}
