import { BOUNDARIES, type Boundary } from './boundaries.ts';
import type { Import } from './imports.ts';

const PACKAGE_NAME = /^(@[^/]+\/)?[^/:]+$/;

/** The imports of each file, by its path in the repository. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** A line for each import that {@link BOUNDARIES} does not allow, and for each file that no row covers. */
export function boundaryViolations(graph: ImportGraph): string[] {
  return [...graph].flatMap(([file, imports]) => {
    const boundary = boundaryOf(file);
    if (boundary === undefined) return [`${file} is in no folder of test/boundaries/boundaries.ts. Add a row.`];
    return imports
      .filter((imported) => !isAllowed(boundary, imported))
      .map((imported) => message(file, boundary, imported));
  });
}

function boundaryOf(file: string): Boundary | undefined {
  return BOUNDARIES.filter(({ of }) => file === of || file.startsWith(`${of}/`)).toSorted(
    (a, b) => b.of.length - a.of.length,
  )[0];
}

function isAllowed({ of, imports }: Boundary, { target, isType }: Import): boolean {
  const row = boundaryOf(target)?.of;
  if (row === of) return true;
  return imports.some((entry) => {
    if (!entry.startsWith('type ')) return covers(entry, target, row);
    return isType && covers(entry.slice('type '.length), target, row);
  });
}

function covers(entry: string, target: string, row: string | undefined): boolean {
  if (entry === 'npm:*') return PACKAGE_NAME.test(target);
  if (entry.endsWith('*')) return target.startsWith(entry.slice(0, -1));
  return entry === target || entry === row;
}

function message(file: string, { of, imports }: Boundary, { target, line, isType }: Import): string {
  const allowed = imports.length === 0 ? 'its own files only' : `its own files, ${imports.join(', ')}`;
  return `${file}:${line} imports ${isType ? 'a type of ' : ''}${target}. ${of} may import ${allowed}.`;
}
