import { inOneLine, type Member, membersIn } from '../declarations/member.ts';
import { shapeOf } from '../declarations/shape.ts';
import type { Declaration } from '../declarations/source-file.ts';
import type { Exported, SourceFiles } from '../declarations/source-files.ts';
import { declarationsIn } from './type-links.ts';

/** Exports in the order in which a reader meets them: what can be called or constructed, then the types that these name. */
export function inReadingOrder(exported: readonly Exported[], files: SourceFiles): readonly Exported[] {
  const byDeclaration = new Map(exported.map((each) => [each.declaration, each]));
  const starts = exported.filter(({ isType }) => !isType).toSorted(byKind);
  const met = new Set(starts);

  function meet(declaration: Declaration): void {
    for (const named of namedBy(declaration, files)) {
      const next = byDeclaration.get(named);
      if (!next || met.has(next)) continue;
      met.add(next);
      meet(named);
    }
  }

  for (const { declaration } of starts) meet(declaration);
  return [...new Set([...met, ...exported])];
}

/** Functions before classes, whose instances are their errors. */
const byKind = (one: Exported, other: Exported) => Number(isClass(one)) - Number(isClass(other));
const isClass = ({ declaration }: Exported) => declaration.node.type === 'ClassDeclaration';

/** The declarations that the section of one names, in order. */
function namedBy(declaration: Declaration, files: SourceFiles): readonly Declaration[] {
  const { node, file } = declaration;
  if (node.type !== 'ClassDeclaration') return declarationsIn(inOneLine(file.textOf(node)), file, files);
  const { bases } = shapeOf(declaration, files);
  const members = membersIn(node.body.body, file);
  const inOrder = members.toSorted((one, other) => rankOf(one) - rankOf(other));
  const types = inOrder.flatMap(({ parameters = [], type }) => [...parameters, type]);
  const inherited = bases.flatMap((base) => (base.declaration ? namedBy(base.declaration, files) : []));
  return [...types.flatMap((type) => declarationsIn(type, file, files)), ...inherited];
}

/** The constructor's props are read first, then those of methods. */
function rankOf({ name, parameters }: Member): number {
  if (name === 'constructor') return 0;
  return parameters ? 1 : 2;
}
