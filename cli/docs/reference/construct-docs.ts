import { readFileSync } from 'node:fs';
import { UsageError } from '../../arguments.ts';
import { type Exported, exportsOf, type Resolved, sourceFiles } from '../declarations/source-files.ts';
import { listOfProviders } from './list-of-providers.ts';
import { anchorOf } from './markdown.ts';
import { inReadingOrder } from './reading-order.ts';
import { section, titleOf } from './section.ts';
import { firstSentence } from './text.ts';
import { cdkPage, type Page } from './type-links.ts';
import { undocumentedIn } from './undocumented.ts';

/** What users import by one name, and the file that exports it. */
export interface Entry {
  /** Such as `webhook-inbox/consumer`. */
  readonly name: string;
  /** Path from the project's folder. */
  readonly file: string;
  /** A sentence or more about it, in Markdown. */
  readonly text: string;
}

const ENTRIES: readonly Entry[] = [
  { name: 'webhook-inbox', file: 'lib/index.ts', text: 'The constructs, for CDK apps.' },
  {
    name: 'webhook-inbox/consumer',
    file: 'consumer/index.ts',
    text: 'What consumers of events import. [consumers.md](consumers.md) shows how to use it.',
  },
  {
    name: 'webhook-inbox/provider',
    file: 'provider/index.ts',
    text: 'What a provider of your own is defined with. [custom-provider.md](custom-provider.md) shows how to use it.',
  },
];

const INTRODUCTION = `# Constructs and consumers

<!-- Written by \`npm run docs\` from the doc comments in lib, lambda and consumer. Change those, not this file. -->

This page lists everything that the package exports: each prop with its default, each attribute and each method. A prop without a default is required. The names of types are links: to their sections on this page, or to the CDK's reference. [examples/own-stack](../examples/own-stack) is an app to copy, and [providers.md](providers.md) lists the providers.`;

/**
 * The text of docs/construct.md.
 * @param read the text of a source file, by its path from the project's folder
 * @throws {UsageError} if an export lacks a docstring, or an optional prop its default
 */
export function constructDocs(entries = ENTRIES, read = readSource): string {
  const files = sourceFiles(read);
  const parts = entries.map((entry) => ({ entry, exported: inReadingOrder(exportsOf(entry.file, files), files) }));
  const all = parts.flatMap(({ exported }) => exported);
  const faults = all.flatMap((each) => undocumentedIn(each, files));
  if (faults.length > 0) throw new UsageError([...new Set(faults)].join('\n'));
  const page = { files, linkOf: linksTo(all), listOf: listOfProviders };
  const contents = parts.map(({ entry, exported }) => contentsOf(entry, exported));
  const sections = parts.flatMap(({ entry, exported }) => sectionsOf(entry, exported, page));
  const text = [INTRODUCTION, '## Contents', ...contents, ...sections].join('\n\n');
  return `${text}\n`;
}

const readSource = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

function linksTo(exported: readonly Exported[]): Page['linkOf'] {
  const described = new Set(exported.map(({ declaration }) => declaration));
  return (resolved: Resolved) => {
    if (!('declaration' in resolved)) return cdkPage(resolved);
    return described.has(resolved.declaration) ? `#${anchorOf(titleOf(resolved.declaration))}` : undefined;
  };
}

function contentsOf({ name }: Entry, exported: readonly Exported[]): string {
  const lines = exported.map(({ declaration }) => {
    const title = titleOf(declaration);
    return `- [${title}](#${anchorOf(title)}): ${declaration.doc ? firstSentence(declaration.doc) : ''}`;
  });
  return [`**\`${name}\`**`, '', ...lines].join('\n');
}

function sectionsOf({ name, text }: Entry, exported: readonly Exported[], page: Page): readonly string[] {
  return [`## \`${name}\``, text, ...exported.map((each) => section(each, page))];
}
