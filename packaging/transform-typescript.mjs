import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

/**
 * Loads a TypeScript file as a module of what this Node.js understands: a
 * [hook](https://nodejs.org/docs/latest-v20.x/api/module.html#loadurl-context-nextload).
 */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const { code } = await transform(await readFile(fileURLToPath(url), 'utf8'), {
    loader: 'ts',
    sourcefile: url,
    sourcemap: 'inline',
    sourcesContent: false,
    target: `node${process.versions.node}`,
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return { format: 'module', source: code, shortCircuit: true };
}
