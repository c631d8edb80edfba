import { suggestion } from '../../lambda/providers/suggestion.ts';
import { keepNumber, validateNesting } from '../../lambda/receiver/parse-payload.ts';
import { UsageError } from '../arguments.ts';

/** A field of a body, and its new value. */
interface Assignment {
  /** The names of the fields and the indices of the items that lead to it. */
  readonly path: readonly string[];
  /** As the user typed it. */
  readonly value: string;
}

/** A body whose fields were set. */
export interface ChangedBody {
  readonly body: Buffer;
  /** The fields that it did not have before. */
  readonly added: readonly AddedField[];
}

/** A field that a body did not have before. */
export interface AddedField {
  readonly path: string;
  /** The name of a field beside it that was perhaps meant. */
  readonly meant?: string | undefined;
}

/**
 * Sets fields of a body: of JSON, or of a form, which has only names.
 * @param assignments each is `path=value`, such as `data.object.amount=4200` or `items.0.name=Blanket`. The value is JSON, or
 *   else text.
 * @throws {UsageError} if a path does not lead into the body
 */
export function setFields(body: Buffer, isForm: boolean, assignments: readonly string[]): ChangedBody {
  const parsed = assignments.map(assignmentIn);
  return isForm ? setInForm(body, parsed) : setInJson(body, parsed);
}

function assignmentIn(text: string): Assignment {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined)
    throw new UsageError(`--set "${text}" is not path=value, such as data.object.amount=4200.`);
  return { path: path.split('.'), value };
}

function setInForm(body: Buffer, assignments: readonly Assignment[]): ChangedBody {
  const form = new URLSearchParams(body.toString());
  const names = assignments.map(({ path }) => path.join('.'));
  const known = [...form.keys()];
  const added = names.filter((name) => !form.has(name)).map((path) => ({ path, meant: suggestion(path, known) }));
  for (const [index, name] of names.entries()) form.set(name, assignments[index]?.value ?? '');
  return { body: Buffer.from(form.toString()), added };
}

function setInJson(body: Buffer, assignments: readonly Assignment[]): ChangedBody {
  const root = parseExact(body.toString());
  const added = assignments.flatMap((assignment) => setIn(root, assignment) ?? []);
  checkNesting(root);
  return { body: Buffer.from(JSON.stringify(root)), added };
}

/** @returns the field if it is new */
function setIn(root: unknown, { path, value }: Assignment): AddedField | undefined {
  const parent = path.slice(0, -1).reduce((at, key, index) => fieldOf(at, key, path.slice(0, index)), root);
  const name = path.at(-1) ?? '';
  const isNew = !isContainer(parent) || !Object.hasOwn(parent, name);
  if (isNew && !takesField(parent, name)) throw noField(path, path.slice(0, -1), parent);
  const added = isNew ? { path: path.join('.'), meant: suggestion(name, Object.keys(parent as object)) } : undefined;
  (parent as Record<string, unknown>)[name] = parsedValue(value);
  return added;
}

function fieldOf(at: unknown, key: string, path: readonly string[]): unknown {
  if (isContainer(at) && Object.hasOwn(at, key)) return (at as Record<string, unknown>)[key];
  throw noField([...path, key], path, at);
}

/** What keeps the digits of a number is an object too, which is frozen. */
const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Object.isFrozen(value);

/** A list takes no new item, as a wrong index is likelier. */
const takesField = (parent: unknown, name: string) =>
  isContainer(parent) && !Array.isArray(parent) && name !== '__proto__' && name !== '';

function noField(path: readonly string[], parentPath: readonly string[], parent: unknown): UsageError {
  const place = parentPath.length > 0 ? parentPath.join('.') : 'The body';
  const fields = isContainer(parent) ? `${place} has: ${Object.keys(parent).join(', ')}.` : `${place} has no fields.`;
  return new UsageError(`--set: there is no field ${path.join('.')}. ${fields}`);
}

function parsedValue(text: string): unknown {
  try {
    return parseExact(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Parses JSON with the digits of its numbers. The parser recurses for them, so the nesting is checked before. */
function parseExact(text: string): unknown {
  checkNesting(JSON.parse(text));
  return JSON.parse(text, keepNumber);
}

function checkNesting(value: unknown): void {
  if (validateNesting(value))
    throw new UsageError('--set: the body is nested too deeply; a receiver would not read it.');
}
