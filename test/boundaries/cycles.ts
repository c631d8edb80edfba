import type { ImportGraph } from './violations.ts';

/** A line for each import cycle: its files, in the order in which they import each other. Types count. */
export function importCycles(graph: ImportGraph): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push(`Import cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}.`);
    if (done.has(file)) return;
    done.add(file);
    for (const { target } of graph.get(file) ?? []) visit(target, [...path, file]);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}
