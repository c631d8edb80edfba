import type { Middleware } from '../chain.ts';
import type { Parsed, Routed, Typed, Verified, WithBody } from '../delivery.ts';
import { parsePayload } from '../parse-payload.ts';

/** Parses the verified body. */
export function parseBody(): Middleware<Routed & WithBody & Typed & Verified, Parsed> {
  return {
    before({ source: { provider }, body, mediaType }) {
      return { parsed: mediaType === undefined ? undefined : parsePayload(body, { ...provider, mediaType }) };
    },
  };
}
