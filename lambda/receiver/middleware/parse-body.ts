import type { Middleware } from '../chain.ts';
import {
  isWithoutBody,
  type Parsed,
  type Received,
  type Routed,
  type Typed,
  type Verified,
  type WithBody,
} from '../delivery.ts';
import { Problem } from '../problem.ts';

/** More than any provider nests, and less than what hurts whoever walks the value later. */
const MAX_DEPTH = 100;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Parses the verified body; 400 where it is not UTF-8, not JSON or the provider's form, or not fit to be passed on. */
export function parseBody(): Middleware<Received & Routed & WithBody & Typed & Verified, Parsed> {
  return {
    before(delivery) {
      if (isWithoutBody(delivery.method)) return { parsedBody: undefined };
      const parsedBody = parse(decode(delivery.body), delivery);
      const reason = validateNesting(parsedBody, MAX_DEPTH);
      if (reason) throw new Problem('malformed_body', { reason });
      return { parsedBody };
    },
  };
}

function parse(text: string, { source, mediaType }: Routed & Typed): unknown {
  const { formField, hasItems } = source.provider;
  if (mediaType !== 'application/x-www-form-urlencoded') return parseJson(text, hasItems);
  const form = parseForm(text);
  const json = formField && form[formField];
  return json === undefined ? form : parseJson(json, hasItems);
}

// What the decoder and the parsers say of a body quotes it, so their errors are not passed on as a cause.

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Problem('malformed_body', { reason: 'not_utf8' });
  }
}

/** @param isSplit whether parts of it are written as JSON again, in which no number may be rounded */
function parseJson(text: string, isSplit: boolean): unknown {
  try {
    return isSplit && /\d{16}/.test(text) ? JSON.parse(text, keepLongInteger) : JSON.parse(text);
  } catch {
    throw new Problem('malformed_body', { reason: 'not_json' });
  }
}

/** JSON with its source text: in Node.js since version 22, in TypeScript's library not yet. */
declare global {
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

/** An integer that JavaScript would round stays the text that it is. */
function keepLongInteger(_: string, value: unknown, { source }: { source?: string } = {}): unknown {
  const [integer] = source?.match(/^-?\d{16,}$/) ?? [];
  return integer === undefined || Number.isSafeInteger(value) ? value : JSON.rawJSON(integer);
}

/** @see https://url.spec.whatwg.org/#application/x-www-form-urlencoded */
function parseForm(text: string): Record<string, string> {
  try {
    decodeURIComponent(text);
  } catch {
    throw new Problem('malformed_body', { reason: 'not_form' });
  }
  return Object.fromEntries(new URLSearchParams(text));
}

/** Nesting that overflows a stack, or a key that becomes a prototype, in the hands of whoever reads the payload later. */
function validateNesting(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return 'nested_too_deep';
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'forbidden_key';
    const reason = validateNesting((value as Record<string, unknown>)[key], depth - 1);
    if (reason) return reason;
  }
  return undefined;
}
