import type {
  AccessorProperty,
  ClassElement,
  Function as FunctionNode,
  ParamPattern,
  PropertyKey,
  TSSignature,
  TSTypeAnnotation,
} from 'oxc-parser';
import type { DocComment } from './doc-comment.ts';
import type { SourceFile } from './source-file.ts';

/** A public member of a class or an interface: an attribute, a prop, a method or the constructor. */
export interface Member {
  readonly name: string;
  readonly file: SourceFile;
  readonly doc: DocComment | undefined;
  readonly isOptional: boolean;
  readonly isStatic: boolean;
  /** The type of an attribute or a prop, or what a method returns; empty for a constructor. */
  readonly type: string;
  /** The parameters of a method or a constructor, as they are declared. */
  readonly parameters: readonly string[] | undefined;
}

/** The public members, without setters and index signatures. Of a method's overloads, the first one. */
export function membersIn(elements: readonly (ClassElement | TSSignature)[], file: SourceFile): readonly Member[] {
  const members = elements.flatMap((element) => memberOf(element, file) ?? []);
  return members.filter(({ name }, index) => members.findIndex((other) => other.name === name) === index);
}

function memberOf(element: ClassElement | TSSignature, file: SourceFile): Member | undefined {
  if (!isPublic(element, file.docOf(element) !== undefined)) return undefined;
  const name = keyOf(element.key, file);
  if (name === undefined) return undefined;
  const common = {
    name,
    file,
    doc: file.docOf(element),
    isOptional: element.optional === true,
    isStatic: element.static,
  };
  switch (element.type) {
    case 'MethodDefinition':
    case 'TSAbstractMethodDefinition':
      return { ...common, ...callOf(element.kind, element.value, file) };
    case 'TSMethodSignature':
      return { ...common, ...callOf(element.kind, element, file) };
    default:
      return { ...common, type: typeText(element.typeAnnotation, file), parameters: undefined };
  }
}

type Keyed = Extract<ClassElement | TSSignature, { readonly key: PropertyKey }>;

/** An override without a docstring is described where it is declared first. */
function isPublic(
  element: ClassElement | TSSignature,
  isDocumented: boolean,
): element is Exclude<Keyed, AccessorProperty> {
  if (!('key' in element) || element.type === 'AccessorProperty') return false;
  if ('kind' in element && element.kind === 'set') return false;
  if ('override' in element && element.override && !isDocumented) return false;
  return element.accessibility !== 'private' && element.accessibility !== 'protected';
}

type Call = Pick<FunctionNode, 'params'> & { readonly returnType?: TSTypeAnnotation | null };

function callOf(kind: string, { params, returnType }: Call, file: SourceFile): Pick<Member, 'type' | 'parameters'> {
  const parameters = kind === 'get' ? undefined : parametersText(params, file);
  return { type: typeText(returnType, file), parameters };
}

function keyOf(key: PropertyKey, file: SourceFile): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? file.textOf(key) : undefined;
}

/** Types are declared over several lines, and with comments. */
export function typeText(annotation: TSTypeAnnotation | null | undefined, file: SourceFile): string {
  return annotation ? inOneLine(file.textOf(annotation.typeAnnotation)) : '';
}

/** A type in one line, without comments. */
export function inOneLine(type: string): string {
  return type
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/^\| /, '')
    .trim();
}

/** Parameters as they are declared. One with a default value and a type is optional. */
export function parametersText(params: readonly ParamPattern[], file: SourceFile): readonly string[] {
  return params.map((param) => inOneLine(parameterText(param, file)));
}

function parameterText(param: ParamPattern, file: SourceFile): string {
  if (param.type !== 'AssignmentPattern') return withoutPattern(param, file);
  const { left } = param;
  return left.typeAnnotation ? file.textOf(left).replace(':', '?:') : file.textOf(param);
}

/** A parameter that the function takes apart is named after its last part: `{ reason, ...options }` is `options`. */
function withoutPattern(param: ParamPattern, file: SourceFile): string {
  if (param.type !== 'ObjectPattern') return file.textOf(param);
  const rest = param.properties.find(({ type }) => type === 'RestElement');
  if (!rest || !param.typeAnnotation) return file.textOf(param);
  return `${file.textOf(rest).replace('...', '')}${file.textOf(param.typeAnnotation)}`;
}
