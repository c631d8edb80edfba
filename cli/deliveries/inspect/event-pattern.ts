/** Whether an event matches a pattern: undefined if the pattern has an operator that is not known here. */
export type PatternResult = boolean | undefined;

/** Whether a value matches a matcher's operand; undefined if the operand is of a form that is not known here. */
type Operator = (operand: unknown, value: unknown) => PatternResult;

const both = (operand: unknown, value: unknown): value is string =>
  typeof operand === 'string' && typeof value === 'string';

const OPERATORS: Readonly<Record<string, Operator>> = {
  prefix: (operand, value) =>
    typeof operand === 'string' ? both(operand, value) && value.startsWith(operand) : undefined,
  suffix: (operand, value) =>
    typeof operand === 'string' ? both(operand, value) && value.endsWith(operand) : undefined,
  wildcard: (operand, value) =>
    typeof operand === 'string' ? both(operand, value) && isLike(operand, value) : undefined,
  'equals-ignore-case': (operand, value) => both(operand, value) && operand === value.toLowerCase(),
  exists: (operand, value) => (value !== undefined) === operand,
  'anything-but': (operand, value) => {
    const excluded = [operand].flat();
    return excluded.some((each) => typeof each === 'object')
      ? undefined
      : value !== undefined && !excluded.includes(value);
  },
};

/**
 * Whether an event matches the pattern of a rule. It knows the operators of strings, and not those of numbers and
 * addresses.
 * @param pattern JSON
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: string, event: object): PatternResult {
  try {
    return matchesObject(JSON.parse(pattern), event);
  } catch {
    return undefined;
  }
}

function matchesObject(pattern: object, value: unknown): PatternResult {
  const fields = Object.entries(pattern).map(([name, matchers]): PatternResult => {
    if (name === '$or') return anyOf((matchers as object[]).map((each) => matchesObject(each, value)));
    const field = Object(value)[name];
    return Array.isArray(matchers) ? matchesField(matchers, field) : matchesObject(matchers, field);
  });
  if (fields.includes(false)) return false;
  return fields.includes(undefined) ? undefined : true;
}

/** A field that is an array matches if one of its elements does. */
function matchesField(matchers: readonly unknown[], field: unknown): PatternResult {
  const values = Array.isArray(field) ? field : [field];
  return anyOf(matchers.flatMap((matcher) => values.map((value) => matchesValue(matcher, value))));
}

function matchesValue(matcher: unknown, value: unknown): PatternResult {
  if (typeof matcher !== 'object' || matcher === null) return matcher === value;
  const [[operator, operand] = ['', undefined]] = Object.entries(matcher);
  return OPERATORS[operator]?.(operand, value);
}

function anyOf(results: readonly PatternResult[]): PatternResult {
  if (results.includes(true)) return true;
  return results.includes(undefined) ? undefined : false;
}

/** `*` is any text, unless a backslash is before it. */
function isLike(wildcard: string, text: string): boolean {
  const parts = wildcard.split(/(?<!\\)\*/).map((part) => part.replace(/\\([*\\])/g, '$1'));
  const escaped = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 's').test(text);
}
