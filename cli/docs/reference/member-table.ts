import { tagsOf } from '../declarations/doc-comment.ts';
import type { Member } from '../declarations/member.ts';
import { code, table } from './markdown.ts';
import { cellOf, inCell, sourcesIn } from './text.ts';
import { linkTypes, type Page } from './type-links.ts';

/** The props of a type: a table, or one per `@group` if they have such tags. */
export function propTables(members: readonly Member[], page: Page): readonly string[] {
  const groups = Map.groupBy(members, ({ doc }) => (doc && tagsOf(doc, 'group')[0]) ?? '');
  const { size } = groups;
  const propTable = hasDefaults(members) ? defaultsTable : memberTable;
  const rest = groups.get('');
  groups.delete('');
  const titled = [...groups].flatMap(([title, props]) => [`**${title}**`, propTable(props, page)]);
  if (!rest) return titled;
  return size === 1 ? [propTable(rest, page)] : [...titled, '**Other**', propTable(rest, page)];
}

/** A column for defaults would be empty in a table of what a function returns. */
function hasDefaults(members: readonly Member[]): boolean {
  return members.some(({ isOptional, doc }) => isOptional || (doc && tagsOf(doc, 'default').length > 0));
}

function defaultsTable(members: readonly Member[], page: Page): string {
  const rows = members.map((member) => [nameCell(member, page), meaningCell(member), defaultCell(member)]);
  return table(['Name', 'Meaning', 'Default'], rows);
}

/** A table of attributes, and of methods that need no section. */
export function memberTable(members: readonly Member[], page: Page): string {
  const rows = members.map((member) => [nameCell(member, page), meaningCell(member)]);
  return table(['Name', 'Meaning'], rows);
}

function nameCell({ name, parameters, type, file }: Member, page: Page): string {
  const full = parameters ? `(${parameters.join(', ')}) => ${type}` : type;
  return inCell(`**${code(name)}**<br>${linkTypes(full, file, page)}`);
}

function meaningCell({ doc }: Member): string {
  return doc ? [cellOf(doc.text), ...sourcesIn(doc)].filter((text) => text !== '').join('<br>') : '';
}

function defaultCell({ isOptional, doc }: Member): string {
  const [text] = doc ? tagsOf(doc, 'default') : [];
  if (text === undefined) return isOptional ? '' : '**required**';
  return text.startsWith('- ') ? cellOf(text.slice(2)) : inCell(code(text));
}
