import type { Function as FunctionNode } from 'oxc-parser';
import { parametersText, typeText } from '../declarations/member.ts';
import { type Base, type Shape, shapeOf } from '../declarations/shape.ts';
import type { Declaration, DeclarationNode } from '../declarations/source-file.ts';
import type { Exported } from '../declarations/source-files.ts';
import { classBlocks } from './class-blocks.ts';
import { fence } from './markdown.ts';
import { propTables } from './member-table.ts';
import { callList, examplesIn, sourcesIn, textOf } from './text.ts';
import { linkTypes, type Page } from './type-links.ts';

/** A section about a declaration, in Markdown. */
export function section(exported: Exported, page: Page): string {
  const { doc } = exported.declaration;
  const text = doc ? [textOf(doc), ...examplesIn(doc)] : [];
  const sources = doc ? sourcesIn(doc) : [];
  const blocks = [`### ${titleOf(exported.declaration)}`, ...text, ...declarationBlocks(exported, page), ...sources];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** The title of a section. A value may have the name of a type in other letters, which an anchor does not tell apart. */
export function titleOf({ name, node }: Declaration): string {
  if (callIn(node)) return `${name} (function)`;
  return node.type === 'VariableDeclarator' ? `${name} (value)` : name;
}

/** A function, whether it is declared or the value of a constant. */
function callIn(node: DeclarationNode): Call | undefined {
  if (node.type === 'FunctionDeclaration' || node.type === 'TSDeclareFunction') return node;
  if (node.type !== 'VariableDeclarator') return undefined;
  return node.init?.type === 'ArrowFunctionExpression' ? node.init : undefined;
}

type Call = Pick<FunctionNode, 'params' | 'returnType' | 'typeParameters'>;

/**
 * Whether the members of a declaration are in a table. A type that is no list of props, or whose members need no
 * description, is shown as it is declared.
 */
export function hasTable({ name, node }: Declaration, { members, bases }: Shape): boolean {
  if (node.type === 'ClassDeclaration' || /(?:Props|Options)$/.test(name)) return members.length + bases.length > 0;
  return members.some(({ doc }) => doc !== undefined);
}

function declarationBlocks(exported: Exported, page: Page): readonly string[] {
  const { declaration } = exported;
  const { node, doc } = declaration;
  if (node.type === 'ClassDeclaration') return classBlocks(exported, page);
  if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration') {
    return [doc ? callList(doc) : '', ...typeBlocks(declaration, page)];
  }
  return [fence(valueText(declaration)), doc ? callList(doc) : ''];
}

function valueText({ name, node, file }: Declaration): string {
  const call = callIn(node);
  if (!call) {
    const type = node.type === 'VariableDeclarator' ? typeText(node.id.typeAnnotation, file) : '';
    return type === '' ? `const ${name}` : `const ${name}: ${type}`;
  }
  const generic = call.typeParameters ? file.textOf(call.typeParameters) : '';
  const result = call.returnType ? `: ${typeText(call.returnType, file)}` : '';
  return `${name}${generic}(${parametersText(call.params, file).join(', ')})${result}`;
}

function typeBlocks(declaration: Declaration, page: Page): readonly string[] {
  const listed = page.listOf(declaration.name);
  if (listed !== undefined) return [listed];
  const shape = shapeOf(declaration, page.files);
  if (!hasTable(declaration, shape)) return [fence(declaration.file.textOf(declaration.node))];
  return [...baseBlocks(shape.bases, page), ...propTables(shape.members, page)];
}

function baseBlocks(bases: readonly Base[], page: Page): readonly string[] {
  const named = bases.map(({ type, file }) => linkTypes(type, file, page));
  return named.length === 0 ? [] : [`It also has the props of ${named.join(' and ')}.`];
}
