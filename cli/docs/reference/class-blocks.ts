import type { Member } from '../declarations/member.ts';
import { type Base, shapeOf } from '../declarations/shape.ts';
import type { Declaration } from '../declarations/source-file.ts';
import type { Exported } from '../declarations/source-files.ts';
import { code, fence } from './markdown.ts';
import { memberTable } from './member-table.ts';
import { callList, examplesIn, sourcesIn, textOf } from './text.ts';
import { linkTypes, type Page, typesNamed } from './type-links.ts';

/** What a section about a class has below its text. */
export function classBlocks({ declaration, isType }: Exported, page: Page): readonly string[] {
  const { members, bases } = shapeOf(declaration, page.files);
  const create = members.find(isConstructor);
  const own = members.filter((member) => !isConstructor(member));
  const [base] = bases;
  return [
    ...(create && !isType ? constructorBlocks(declaration.name, create, page) : []),
    ...(base ? extendsBlocks(base, page) : []),
    ...attributeBlocks(own, page),
    ...own.flatMap((member) => methodBlocks(declaration.name, member, page)),
    ...(base?.declaration ? inheritedBlocks(declaration.name, base.declaration, own, page) : []),
  ];
}

const isConstructor = ({ name }: Member) => name === 'constructor';

/** A constructor without a docstring is not for users. */
function constructorBlocks(name: string, { doc, parameters = [], file }: Member, page: Page): readonly string[] {
  if (!doc) return [];
  const lines = parameters.map((parameter) => {
    const [label = '', type = ''] = parameter.split(/: (.*)/);
    return `${code(label)}: ${linkTypes(type, file, page)}`;
  });
  return [fence(`new ${name}(${parameters.join(', ')})`), callList(doc, lines)];
}

/** A base of this project that nobody can import is left out: the class has its members. */
function extendsBlocks({ type, file, declaration }: Base, page: Page): readonly string[] {
  const [next] = declaration ? shapeOf(declaration, page.files).bases : [];
  if (next) return extendsBlocks(next, page);
  return [`It extends ${linkTypes(type, file, page)}.`];
}

function attributeBlocks(members: readonly Member[], page: Page): readonly string[] {
  const attributes = members.filter(({ parameters }) => parameters === undefined);
  return attributes.length === 0 ? [] : ['**Attributes**', memberTable(attributes, page)];
}

function methodBlocks(
  owner: string,
  { name, doc, parameters, type, file, isStatic }: Member,
  page: Page,
): readonly string[] {
  if (!parameters) return [];
  const signature = `${isStatic ? `${owner}.` : ''}${name}(${parameters.join(', ')}): ${type}`;
  const types = typesNamed(signature, file, page);
  return [
    `#### ${owner}.${name}`,
    fence(signature),
    ...(doc ? [textOf(doc), ...examplesIn(doc), callList(doc), ...sourcesIn(doc)] : []),
    types.length > 0 ? `Types: ${types.join(', ')}.` : '',
  ];
}

/** The members of all bases that are in this project, each base with its text and its table. */
function inheritedBlocks(owner: string, base: Declaration, own: readonly Member[], page: Page): readonly string[] {
  const blocks = blocksOfBases(base, own, page);
  return blocks.length === 0 ? [] : [`#### More of ${owner}`, ...blocks];
}

function blocksOfBases(base: Declaration, own: readonly Member[], page: Page): readonly string[] {
  const { members, bases } = shapeOf(base, page.files);
  const inherited = members.filter((member) => !isConstructor(member) && !own.some(({ name }) => name === member.name));
  const [next] = bases;
  return [
    ...(inherited.length > 0 ? [base.doc ? textOf(base.doc) : '', memberTable(inherited, page)] : []),
    ...(next?.declaration ? blocksOfBases(next.declaration, [...own, ...inherited], page) : []),
  ];
}
