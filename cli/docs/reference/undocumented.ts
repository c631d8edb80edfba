import { tagsOf } from '../declarations/doc-comment.ts';
import type { Member } from '../declarations/member.ts';
import { shapeOf } from '../declarations/shape.ts';
import type { Declaration } from '../declarations/source-file.ts';
import type { Exported, SourceFiles } from '../declarations/source-files.ts';
import { hasTable } from './section.ts';

/**
 * What the doc comments of a declaration lack: its own, that of a member, and the default of an optional member.
 * @returns one line per fault; none if nothing is missing
 */
export function undocumentedIn({ declaration, isType }: Exported, files: SourceFiles): readonly string[] {
  const { name, file, doc } = declaration;
  const own = doc?.text ? [] : [`${file.path}: ${name} has no docstring.`];
  const shape = shapeOf(declaration, files);
  if (!hasTable(declaration, shape)) return own;
  const inherited = shape.bases.flatMap((base) => (base.declaration ? inheritedFaults(base.declaration, files) : []));
  return [...own, ...shape.members.flatMap((member) => faultsOf(name, member, isType)), ...inherited];
}

function inheritedFaults(base: Declaration, files: SourceFiles): readonly string[] {
  if (base.node.type !== 'ClassDeclaration') return [];
  return shapeOf(base, files).members.flatMap((member) => faultsOf(base.name, member, true));
}

function faultsOf(owner: string, { name, file, doc, isOptional }: Member, isType: boolean): readonly string[] {
  if (name === 'constructor' && isType) return [];
  const member = `${file.path}: ${owner}.${name}`;
  if (!doc) return name === 'constructor' ? [] : [`${member} has no docstring.`];
  return isOptional && tagsOf(doc, 'default').length === 0 ? [`${member} is optional and has no @default.`] : [];
}
