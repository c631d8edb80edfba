import type { Class, TSInterfaceDeclaration, TSType, TSTypeAliasDeclaration } from 'oxc-parser';
import { inOneLine, type Member, membersIn } from './member.ts';
import type { Declaration, SourceFile } from './source-file.ts';
import type { SourceFiles } from './source-files.ts';

/** The members of a declaration, and what it has besides. */
export interface Shape {
  readonly members: readonly Member[];
  /** The types whose members it has too, as they are declared. */
  readonly bases: readonly Base[];
}

/** A type that another one extends, in the file that names it. */
export interface Base {
  readonly type: string;
  readonly file: SourceFile;
  /** Its declaration, if that is a class or an interface of this project. */
  readonly declaration: Declaration | undefined;
}

const NOTHING: Shape = { members: [], bases: [] };

/** The members of a class, an interface or an intersection of types; none of any other type. */
export function shapeOf({ node, file }: Declaration, files: SourceFiles): Shape {
  switch (node.type) {
    case 'ClassDeclaration':
      return classShape(node, file, files);
    case 'TSInterfaceDeclaration':
      return interfaceShape(node, file, files);
    case 'TSTypeAliasDeclaration':
      return isIntersection(node) ? typeShape(node.typeAnnotation, file, files) : NOTHING;
    default:
      return NOTHING;
  }
}

const isIntersection = ({ typeAnnotation }: TSTypeAliasDeclaration) => typeAnnotation.type === 'TSIntersectionType';

function classShape({ body, superClass }: Class, file: SourceFile, files: SourceFiles): Shape {
  const members = membersIn(body.body, file);
  return { members, bases: superClass ? [baseOf(file.textOf(superClass), file, files)] : [] };
}

function interfaceShape(node: TSInterfaceDeclaration, file: SourceFile, files: SourceFiles): Shape {
  const bases = node.extends.map((base) => baseOf(inOneLine(file.textOf(base)), file, files));
  return { members: membersIn(node.body.body, file), bases };
}

function baseOf(type: string, file: SourceFile, files: SourceFiles): Base {
  const resolved = files.resolve(file, type);
  return { type, file, declaration: resolved && 'declaration' in resolved ? resolved.declaration : undefined };
}

/** The parts of an intersection, with those of the types that its file does not export and that no page describes. */
function typeShape(type: TSType, file: SourceFile, files: SourceFiles): Shape {
  switch (type.type) {
    case 'TSIntersectionType':
      return joined(type.types.map((part) => typeShape(part, file, files)));
    case 'TSConditionalType':
      return joined([type.trueType, type.falseType].map((part) => typeShape(part, file, files)));
    case 'TSTypeLiteral':
      return { members: membersIn(type.members, file), bases: [] };
    case 'TSTypeReference': {
      const { node, isExported = true } = file.declarations.get(file.textOf(type.typeName)) ?? {};
      if (node?.type === 'TSTypeAliasDeclaration' && !isExported) return typeShape(node.typeAnnotation, file, files);
      return { members: [], bases: [baseOf(inOneLine(file.textOf(type)), file, files)] };
    }
    default:
      return NOTHING;
  }
}

const joined = (shapes: readonly Shape[]): Shape => ({
  members: shapes.flatMap(({ members }) => members),
  bases: shapes.flatMap(({ bases }) => bases),
});
