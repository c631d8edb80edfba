import { posix } from 'node:path';
import {
  type Class,
  type ExportNamedDeclaration,
  type Function as FunctionDeclaration,
  type ImportDeclaration,
  type ImportDeclarationSpecifier,
  type ModuleExportName,
  parseSync,
  type Span,
  type Statement,
  type TSInterfaceDeclaration,
  type TSTypeAliasDeclaration,
  type VariableDeclarator,
} from 'oxc-parser';
import { UsageError } from '../../arguments.ts';
import { type DocComment, parseDocComment } from './doc-comment.ts';

/** A declaration that the pages describe. */
export type DeclarationNode =
  | (Class & { readonly type: 'ClassDeclaration' })
  | (FunctionDeclaration & { readonly type: 'FunctionDeclaration' | 'TSDeclareFunction' })
  | TSInterfaceDeclaration
  | TSTypeAliasDeclaration
  | VariableDeclarator;

/** A declaration in its file. */
export interface Declaration {
  readonly name: string;
  readonly node: DeclarationNode;
  readonly file: SourceFile;
  readonly doc: DocComment | undefined;
  readonly isExported: boolean;
}

/** Where a name of a file comes from. */
export interface Origin {
  /** The name there. */
  readonly name: string;
  /** The path of a source file from the project's folder, or the name of a module. */
  readonly from: string;
  /** Whether only its type is exported. */
  readonly isType: boolean;
}

/** A source file: what it declares, imports and exports, by name. */
export interface SourceFile {
  readonly path: string;
  readonly declarations: ReadonlyMap<string, Declaration>;
  readonly imports: ReadonlyMap<string, Origin>;
  readonly exports: ReadonlyMap<string, Origin>;
  /** The text of a node. */
  readonly textOf: (node: Span) => string;
  /** The doc comment before a node. */
  readonly docOf: (node: Span) => DocComment | undefined;
}

/**
 * Parses a source file.
 * @param path from the project's folder
 * @throws {UsageError} if it cannot be parsed
 */
export function parseSourceFile(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  if (errors[0]) throw new UsageError(`${path}: ${errors[0].message}`);
  const docs = new Map<number, DocComment>();
  for (const { type, value, end } of comments) {
    if (type === 'Block' && value.startsWith('*')) docs.set(nextAfter(text, end), parseDocComment(value));
  }
  const file = {
    path,
    declarations: new Map<string, Declaration>(),
    imports: new Map<string, Origin>(),
    exports: new Map<string, Origin>(),
    textOf: ({ start, end }: Span) => text.slice(start, end),
    docOf: ({ start }: Span) => docs.get(start),
  };
  for (const statement of program.body) addStatement(file, statement);
  return file;
}

const nextAfter = (text: string, at: number) => at + text.slice(at).search(/\S|$/);

type Names = Map<string, Origin>;

interface Collected extends SourceFile {
  readonly declarations: Map<string, Declaration>;
  readonly imports: Names;
  readonly exports: Names;
}

function addStatement(file: Collected, statement: Statement): void {
  if (statement.type === 'ImportDeclaration') addImports(file, statement);
  else if (statement.type === 'ExportNamedDeclaration') addExports(file, statement);
  else addDeclaration(file, statement, statement);
}

function addImports(file: Collected, { source, specifiers }: ImportDeclaration): void {
  const from = moduleOf(file, source.value);
  for (const specifier of specifiers) {
    file.imports.set(specifier.local.name, { name: importedName(specifier), from, isType: false });
  }
}

function addExports(file: Collected, statement: ExportNamedDeclaration): void {
  const from = statement.source ? moduleOf(file, statement.source.value) : file.path;
  for (const { local, exported, exportKind } of statement.specifiers) {
    const isType = statement.exportKind === 'type' || exportKind === 'type';
    file.exports.set(nameOf(exported), { name: nameOf(local), from, isType });
  }
  if (statement.declaration) addDeclaration(file, statement.declaration, statement);
}

/** @param statement the whole statement, which the doc comment precedes */
function addDeclaration(file: Collected, node: Statement, statement: Span): void {
  const nodes = node.type === 'VariableDeclaration' ? node.declarations : [node];
  for (const each of nodes) {
    if (!isDescribed(each) || each.id?.type !== 'Identifier' || file.declarations.has(each.id.name)) continue;
    const { name } = each.id;
    const isExported = node !== statement;
    file.declarations.set(name, { name, node: each, file, doc: file.docOf(statement), isExported });
  }
}

const DESCRIBED: readonly string[] = [
  'ClassDeclaration',
  'FunctionDeclaration',
  'TSDeclareFunction',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'VariableDeclarator',
];

function isDescribed(node: Statement | VariableDeclarator): node is DeclarationNode {
  return DESCRIBED.includes(node.type);
}

function moduleOf({ path }: SourceFile, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
}

function importedName(specifier: ImportDeclarationSpecifier): string {
  return specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : specifier.local.name;
}

const nameOf = (name: ModuleExportName) => (name.type === 'Literal' ? name.value : name.name);
