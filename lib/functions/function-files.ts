import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { FunctionName } from './function-options.ts';

/** Contents by path. */
export type FunctionFiles = ReadonlyMap<string, string>;

/** The folder that `npm run build` writes. The path is the same from this folder as from the package's entry, dist/lib. */
export const DIST = join(import.meta.dirname, '../../dist');

/** The functions in the package, in one file: they share most of their code, so that they take half the space. */
const ARCHIVE = join(DIST, 'functions.br');

/** The files of a function, as they were bundled when the package was built. */
export function functionFiles(name: FunctionName): FunctionFiles {
  const folder = join(DIST, 'functions', name);
  return existsSync(folder) ? filesIn(folder) : filesInArchive(`${name}/`);
}

function filesIn(folder: string): FunctionFiles {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return new Map(files.map((path) => [path.replaceAll(sep, '/'), readFileSync(join(folder, path), 'utf8')]));
}

let archive: Readonly<Record<string, string>> | undefined;

function filesInArchive(prefix: string): FunctionFiles {
  archive ??= JSON.parse(brotliDecompressSync(readFileSync(ARCHIVE)).toString()) as Readonly<Record<string, string>>;
  const entries = Object.entries(archive).filter(([path]) => path.startsWith(prefix));
  return new Map(entries.map(([path, contents]) => [path.slice(prefix.length), contents]));
}
