import { posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** One import in a file's text. */
export interface Import {
  /** A file's path in the repository, `node:…`, or a package's name, without the path in the package. */
  readonly target: string;
  /** Counted from 1. */
  readonly line: number;
  /** True where nothing is left of it at run time. */
  readonly isType: boolean;
}

/**
 * The imports and re-exports in `text`, with those of types and those made by `import()`. An `import()` of a path that
 * is computed is left out.
 *
 * @throws where the text cannot be parsed
 */
export function importsOf(file: string, text: string): readonly Import[] {
  const { program, errors } = parseSync(file, text);
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`);
  const imports: Import[] = [];
  const add = (specifier: string, at: number, isType: boolean) =>
    imports.push({ target: toTarget(file, specifier), line: text.slice(0, at).split('\n').length, isType });
  new Visitor({
    ImportDeclaration: ({ source, start, importKind }) => add(source.value, start, importKind === 'type'),
    ExportAllDeclaration: ({ source, start, exportKind }) => add(source.value, start, exportKind === 'type'),
    ExportNamedDeclaration: ({ source, start, exportKind }) =>
      source !== null && add(source.value, start, exportKind === 'type'),
    TSImportType: ({ source, start }) => add(source.value, start, true),
    ImportExpression: ({ source, start }) =>
      source.type === 'Literal' && typeof source.value === 'string' && add(source.value, start, false),
  }).visit(program);
  return imports;
}

function toTarget(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
