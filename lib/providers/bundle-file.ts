import { createRequire } from 'node:module';
import { join } from 'node:path';

/** As much of esbuild as is needed here. The app has it, if it has a built-in provider. */
interface Esbuild {
  readonly buildSync: (options: object) => { readonly outputFiles: readonly { readonly text: string }[] };
}

const COMMON = { bundle: true, platform: 'node', minify: true, write: false, logLevel: 'silent' };

/**
 * Bundles a file with the app's esbuild.
 * @param path of the provider in the props, for messages
 * @param options further options of esbuild
 * @throws {Error} if esbuild is not installed, or cannot bundle the file; the message says how to fix it
 */
export function bundleFile(path: string, file: string, options: object): string {
  const esbuild = esbuildFor(path);
  try {
    const { outputFiles } = esbuild.buildSync({ ...COMMON, ...options });
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const [{ text, location } = { text: '', location: null }] = error.errors;
    const place = location ? `${location.file}:${location.line}: ` : '';
    throw new Error(`${path}.entry: esbuild cannot bundle ${file}: ${place}${text}`, { cause: error });
  }
}

interface BuildFailure extends Error {
  readonly errors: readonly { readonly text: string; readonly location: { file: string; line: number } | null }[];
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return Array.isArray((error as Partial<BuildFailure> | undefined)?.errors);
}

function esbuildFor(path: string): Esbuild {
  const fromApp = createRequire(join(process.cwd(), 'app.js'));
  try {
    return fromApp('esbuild');
  } catch (error) {
    throw new Error(`${path} is a file, which esbuild bundles. Install it: npm install --save-dev esbuild`, {
      cause: error,
    });
  }
}
