import type { DeliveryMiddleware } from './delivery.ts';
import { Problem } from './problem.ts';

/** More than any provider nests, and less than what hurts whoever walks the value later. */
const MAX_DEPTH = 100;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Parses the verified body; 400 where it is not UTF-8, not JSON, or not fit to be passed on. */
export function parseBody(): DeliveryMiddleware {
  return {
    before({ event: delivery }) {
      delivery.content = parse(decode(delivery.body));
      const fault = faultIn(delivery.content, MAX_DEPTH);
      if (fault) throw new Problem('malformed_body', { reason: fault });
    },
  };
}

// What the decoder and the parser say of a body quotes it, so their errors are not passed on as a cause.

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Problem('malformed_body', { reason: 'not_utf8' });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('malformed_body', { reason: 'not_json' });
  }
}

/** Nesting that overflows a stack, or a key that becomes a prototype, in the hands of whoever reads the payload later. */
function faultIn(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return 'nested_too_deep';
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'forbidden_key';
    const fault = faultIn((value as Record<string, unknown>)[key], depth - 1);
    if (fault) return fault;
  }
  return undefined;
}
