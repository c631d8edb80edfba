import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IS_CLONE } from '../invocation.ts';
import { pageBundle } from './page-bundle.ts';

/** The files of the page. */
export interface PageFiles {
  readonly script: Uint8Array;
  readonly style: Uint8Array;
}

/** Where the package has the files, relative to the file of the command. */
const FOLDER = '../console';

/** The files of the page: those of the package or, in a clone, built in memory. */
export function pageFiles(): Promise<PageFiles> {
  files ??= IS_CLONE ? builtFiles() : packagedFiles();
  return files;
}

let files: Promise<PageFiles> | undefined;

async function packagedFiles(): Promise<PageFiles> {
  const read = (name: string) => readFile(join(import.meta.dirname, FOLDER, name));
  const [script, style] = await Promise.all([read('main.js'), read('main.css')]);
  return { script, style };
}

async function builtFiles(): Promise<PageFiles> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ ...pageBundle(join(import.meta.dirname, '../..')), write: false });
  const contentsOf = (extension: string) =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.contents ?? new Uint8Array();
  return { script: contentsOf('.js'), style: contentsOf('.css') };
}
