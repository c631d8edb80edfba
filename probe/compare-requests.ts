import type { Fragment } from './probe-report.ts';

/** A request as text for people. */
export interface RequestText {
  /** `POST /webhooks/partner`. */
  readonly start: string;
  readonly headers: readonly HeaderText[];
  readonly body: string;
}

/** A header as text for people. */
export interface HeaderText {
  /** In lower case. */
  readonly name: string;
  /** The whole value; it decides whether two headers are the same. */
  readonly value: string;
  /** The line that the report shows. */
  readonly line: string;
}

/** Lines before the body that are shown. */
const MAX_LINES = 40;
/** Characters around a change of a body that are shown. */
const CONTEXT = 120;
/** Characters of a change of a body that are shown. */
const CHANGE = 240;

/**
 * Compares a request with the genuine one that it was changed from.
 * @param unmarked names of headers whose differences are not marked
 */
export function compareRequests(
  genuine: RequestText,
  request: RequestText,
  unmarked: readonly string[],
): readonly Fragment[] {
  const head = [
    ...compareLines([genuine.start], [request.start]),
    ...compareHeaders(genuine.headers, request.headers, unmarked),
  ];
  const more = head.length - MAX_LINES;
  return [
    ...head.slice(0, MAX_LINES),
    fragment(more > 0 ? `… and ${more} more headers\n\n` : '\n'),
    ...compareBodies(genuine.body, request.body),
  ];
}

function compareLines(before: readonly string[], after: readonly string[]): Fragment[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => fragment(`${line}\n`, 'removed')),
    ...after.map((line) => fragment(`${line}\n`, before.includes(line) ? undefined : 'added')),
  ];
}

function compareHeaders(
  before: readonly HeaderText[],
  after: readonly HeaderText[],
  unmarked: readonly string[],
): Fragment[] {
  const names = [...new Set([...after, ...before].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [old, now] = [before, after].map((headers) => headers.filter((header) => header.name === name));
    if (!old || !now) return [];
    if (unmarked.includes(name)) return now.map(({ line }) => fragment(`${line}\n`));
    return compareValues(old, now);
  });
}

function compareValues(before: readonly HeaderText[], after: readonly HeaderText[]): Fragment[] {
  const isIn = (headers: readonly HeaderText[], { value }: HeaderText) => headers.some((each) => each.value === value);
  return [
    ...before.filter((header) => !isIn(after, header)).map(({ line }) => fragment(`${line}\n`, 'removed')),
    ...after.map((header) => fragment(`${header.line}\n`, isIn(before, header) ? undefined : 'added')),
  ];
}

/** What both bodies begin and end with stays; what is between is removed and added. */
function compareBodies(before: string, after: string): Fragment[] {
  if (before === after) return [fragment(beginning(after, CONTEXT + CHANGE))];
  const start = commonLength(before, after, (text, index) => text[index]);
  const rest = [before.slice(start), after.slice(start)] as const;
  const end = commonLength(...rest, (text, index) => text[text.length - 1 - index]);
  const [removed, added] = rest.map((text) => text.slice(0, text.length - end));
  return [
    fragment(ending(after.slice(0, start), CONTEXT)),
    fragment(beginning(removed ?? '', CHANGE), 'removed'),
    fragment(beginning(added ?? '', CHANGE), 'added'),
    fragment(beginning(after.slice(after.length - end), CONTEXT)),
  ].filter(({ text }) => text !== '');
}

/** Number of characters, counted by `at`, that two texts have in common. */
function commonLength(one: string, other: string, at: (text: string, index: number) => string | undefined): number {
  const shorter = Math.min(one.length, other.length);
  let length = 0;
  while (length < shorter && at(one, length) === at(other, length)) length += 1;
  return length;
}

const fragment = (text: string, change?: 'added' | 'removed'): Fragment => ({ text, ...(change && { change }) });

/** The first characters of a text; if there are more, also their number. @param total their number before any masking */
export function beginning(text: string, length: number, total = text.length): string {
  return text.length > length ? `${text.slice(0, length)}… (${total} characters)` : text;
}

const ending = (text: string, length: number) => (text.length > length ? `…${text.slice(-length)}` : text);
