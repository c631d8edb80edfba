import { isUtf8 } from 'node:buffer';
import type { FormField, ParsedPayload } from '../providers/provider.ts';
import type { QuarantineReason } from '../quarantine/quarantine-item.ts';

/** Why a body cannot be parsed. */
export type UnreadableReason = Extract<
  QuarantineReason,
  'not_utf8' | 'not_json' | 'not_form' | 'nested_too_deep' | 'forbidden_key'
>;

/** A parsed body, or why there is none. */
export type ParseResult = ParsedPayload | { readonly unreadable: UnreadableReason };

/** How to parse a body. */
export interface ParseOptions {
  /** The media type, without its parameters. */
  readonly mediaType: string;
  /** The field of a form that holds the JSON. */
  readonly formField?: FormField | undefined;
  /** Whether events of the body are written as JSON again, in which every number must be as it was sent. */
  readonly hasItems: boolean;
}

/** The media type of a form. */
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** More than any provider nests, and less than what harms whoever walks the value later. */
const MAX_DEPTH = 100;

/** Parses a verified body. */
export function parsePayload(bytes: Buffer, options: ParseOptions): ParseResult {
  if (!isUtf8(bytes)) return { unreadable: 'not_utf8' };
  const text = bytes.toString();
  return options.mediaType === FORM_TYPE ? parseForm(text, options) : parseJson(text, options.hasItems);
}

/** @see https://url.spec.whatwg.org/#application/x-www-form-urlencoded */
function parseForm(text: string, { formField, hasItems }: ParseOptions): ParseResult {
  if (isLikeJson(text)) return { unreadable: 'not_form' };
  try {
    decodeURIComponent(text);
  } catch {
    return { unreadable: 'not_form' };
  }
  const form: Record<string, string> = Object.fromEntries(new URLSearchParams(text));
  const json = formField && form[formField.name];
  if (json !== undefined) return parseJson(json, hasItems);
  if (formField?.isRequired) return { unreadable: 'not_form' };
  return Object.hasOwn(form, '__proto__') ? { unreadable: 'forbidden_key' } : { value: form, exact: form };
}

/**
 * Whether a text begins as a JSON object or list does, which in a form are encoded. Most signatures cover the body, but not
 * its type: as a form, captured JSON would be another event, whose fields are in text that somebody else wrote.
 */
const isLikeJson = (text: string) => /^\s*[{[]/.test(text);

/** With a reviver, the parser recurses, so the nesting is validated before. */
function parseJson(text: string, hasItems: boolean): ParseResult {
  const parsed = jsonIn(text);
  if (!parsed) return { unreadable: 'not_json' };
  const { value } = parsed;
  const unreadable = validateNesting(value);
  if (unreadable) return { unreadable };
  return { value, exact: hasItems && INEXACT_NUMBER.test(text) ? JSON.parse(text, keepNumber) : value };
}

/** The parser's message quotes the body, so it is not passed on. */
function jsonIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/**
 * Matches every text with a number that JavaScript would write in another way: more than 15 digits, an exponent, a zero
 * at the end of a fraction, a fraction so small that JavaScript writes it with an exponent, or a negative zero. It may
 * match other texts too, which costs a second parse and changes nothing.
 */
const INEXACT_NUMBER = /(?<=[\s,:[]|^)-?(?:[\d.]{16,}|[\d.]+[eE][-+]?\d+|\d+\.\d*0|0\.0{6}\d+|(?<=-)0)(?=[\s,\]}]|$)/;

/** JSON with its source text. Node.js has it since version 22, TypeScript's library does not have it yet. */
declare global {
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

/** Keeps the text of a number that JavaScript would write in another way: a reviver for `JSON.parse`. */
export function keepNumber(_: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value;
}

/**
 * Rejects nesting that overflows a stack, and a key that becomes a prototype: they would harm who reads the payload later.
 * @param depth how many levels are left
 * @returns the reason; undefined for a value that can be walked and written again
 */
export function validateNesting(value: unknown, depth = MAX_DEPTH): UnreadableReason | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return 'nested_too_deep';
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'forbidden_key';
    const reason = validateNesting((value as Record<string, unknown>)[key], depth - 1);
    if (reason) return reason;
  }
  return undefined;
}
