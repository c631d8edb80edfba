import { UsageError } from '../../arguments.ts';
import { type Declaration, parseSourceFile, type SourceFile } from './source-file.ts';

/** A declaration that a package exports. */
export interface Exported {
  readonly declaration: Declaration;
  /** Whether only its type is exported, so that users cannot construct it. */
  readonly isType: boolean;
}

/** A name's declaration in this project, or the module of a package that has it. */
export type Resolved = { readonly declaration: Declaration } | { readonly name: string; readonly module: string };

/** The source files of the project, each parsed once. */
export interface SourceFiles {
  readonly get: (path: string) => SourceFile;
  /** What a name in a file means; `undefined` for names of the language and of type parameters. */
  readonly resolve: (file: SourceFile, name: string) => Resolved | undefined;
}

/** @param read the text of a source file, by its path from the project's folder */
export function sourceFiles(read: (path: string) => string): SourceFiles {
  const files = new Map<string, SourceFile>();

  function get(path: string): SourceFile {
    const file = files.get(path) ?? parseSourceFile(path, read(path));
    files.set(path, file);
    return file;
  }

  function resolve(file: SourceFile, name: string): Resolved | undefined {
    const declaration = file.declarations.get(name);
    if (declaration) return { declaration };
    const origin = file.imports.get(name) ?? file.exports.get(name);
    if (!origin || origin.from === file.path) return undefined;
    if (!origin.from.endsWith('.ts')) return { name: origin.name, module: origin.from };
    return resolve(get(origin.from), origin.name);
  }

  return { get, resolve };
}

/**
 * The declarations that an entry of the package exports, in the order of its file.
 * @throws {UsageError} for an export that is neither a class, a function, a constant, an interface nor a type
 */
export function exportsOf(path: string, files: SourceFiles): readonly Exported[] {
  const file = files.get(path);
  return [...file.exports].map(([name, { isType }]) => {
    const resolved = files.resolve(file, name);
    if (resolved && 'declaration' in resolved) return { declaration: resolved.declaration, isType };
    throw new UsageError(
      `${path} exports ${name}, which npm run docs cannot describe: it is no class, function, constant or type.`,
    );
  });
}
