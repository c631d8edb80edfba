import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/**
 * esbuild's options for the page: one script, and one style sheet.
 * @param root the project's folder
 */
export function pageBundle(root: string) {
  return {
    entryPoints: [join(root, 'console/main.tsx')],
    absWorkingDir: root,
    outdir: join(root, 'dist/console'),
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    // The notices of the package have the licences.
    legalComments: 'none',
    logLevel: 'warning',
  } satisfies BuildOptions;
}
