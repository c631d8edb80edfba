import { globSync, readFileSync } from 'node:fs';
import { importCycles } from './cycles.ts';
import { importsOf } from './imports.ts';
import { boundaryViolations } from './violations.ts';

const files = globSync('**/*.{ts,tsx,mts,cts,js,mjs,cjs}', {
  exclude: (path) => /(^|\/)(node_modules|cdk\.out|dist|\.[^/]*)$/.test(path),
});
const graph = new Map(files.map((file) => [file, importsOf(file, readFileSync(file, 'utf8'))]));
const violations = [...boundaryViolations(graph), ...importCycles(graph)];
if (violations.length > 0) {
  console.error(violations.join('\n'));
  process.exitCode = 1;
}
