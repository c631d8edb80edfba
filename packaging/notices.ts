import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/**
 * The notices that the licences of bundled packages require: each package, and the texts of its licence.
 * @param inputs paths of bundled files, relative to the project's folder
 */
export function notices(inputs: readonly string[]): string {
  const packages = new Map<string, string[]>();
  for (const folder of new Set(inputs.flatMap(packageFolder)).values()) {
    const texts = licenceTexts(folder);
    packages.set(texts, [...(packages.get(texts) ?? []), title(folder)]);
  }
  const sections = [...packages].map(([texts, titles]) => `${titles.toSorted().join('\n')}\n\n${texts}`);
  return ['This package contains code of the following packages.', ...sections.toSorted()].join(
    `\n\n${'-'.repeat(80)}\n\n`,
  );
}

function packageFolder(input: string): string[] {
  const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
  return folder ? [join(ROOT, folder)] : [];
}

function title(folder: string): string {
  const { name, version, license, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return [name, version, license, homepage].join(' ').trim();
}

function licenceTexts(folder: string): string {
  const files = readdirSync(folder).filter((name) => /^(?:licen[cs]e|notice)/i.test(name));
  return files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
}
