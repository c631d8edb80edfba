import type { Declaration, SourceFile } from '../declarations/source-file.ts';
import type { Resolved, SourceFiles } from '../declarations/source-files.ts';
import { code } from './markdown.ts';

/** What a section needs to know of its page. */
export interface Page {
  readonly files: SourceFiles;
  /** The link to what a name means, or `undefined` if nothing describes it. */
  readonly linkOf: (resolved: Resolved) => string | undefined;
  /** What a type is on the page instead of its declaration, by the type's name. */
  readonly listOf: (name: string) => string | undefined;
}

const STRING_OR_NAME = /'[^']*'|\b[A-Z]\w*\b/g;

/**
 * Writes a type as code, in which the names that are described somewhere are links.
 * @param file the one that declares the type
 */
export function linkTypes(type: string, file: SourceFile, page: Page): string {
  let at = 0;
  let text = '';
  for (const { start, end, link } of linksIn(type, file, page)) {
    text += `${code(type.slice(at, start))}${link}`;
    at = end;
  }
  return text + code(type.slice(at));
}

/** The links of a type, each once. */
export function typesNamed(type: string, file: SourceFile, page: Page): readonly string[] {
  return [...new Set(linksIn(type, file, page).map(({ link }) => link))];
}

function linksIn(type: string, file: SourceFile, { files, linkOf }: Page) {
  return namesIn(type).flatMap(({ text, ...span }) => {
    const resolved = files.resolve(file, text);
    const target = resolved && linkOf(resolved);
    return target ? [{ ...span, link: `[${code(labelOf(resolved))}](${target})` }] : [];
  });
}

/** The declarations of this project that a type names, in order. */
export function declarationsIn(type: string, file: SourceFile, files: SourceFiles): readonly Declaration[] {
  return namesIn(type).flatMap(({ text }) => {
    const resolved = files.resolve(file, text);
    return resolved && 'declaration' in resolved ? [resolved.declaration] : [];
  });
}

/** A name that a file has changed in its import is shown as its module has it. */
const labelOf = (resolved: Resolved) => ('declaration' in resolved ? resolved.declaration.name : resolved.name);

function namesIn(type: string) {
  const found = [...type.matchAll(STRING_OR_NAME)].filter(([text]) => !text.startsWith("'"));
  return found.map(({ 0: text, index }) => ({ text, start: index, end: index + text.length }));
}

const CDK_REFERENCE = 'https://docs.aws.amazon.com/cdk/api/v2/docs';

/** The page of the CDK's reference about a class, an interface or an enumeration of the CDK. */
export function cdkPage({ name, module }: { readonly name: string; readonly module: string }): string | undefined {
  if (!/^(?:aws-cdk-lib|constructs)\b/.test(module)) return undefined;
  const [library = '', submodule] = module.split('/');
  const path = submodule === undefined ? [library, name] : [library, submodule.replaceAll('-', '_'), name];
  return `${CDK_REFERENCE}/${path.join('.')}.html`;
}
