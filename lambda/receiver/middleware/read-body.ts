import type { Middleware } from '../chain.ts';
import type { Received, Routed, WithBody } from '../delivery.ts';
import { Problem } from '../problem.ts';

/** Gets the exact bytes back; 413 where there are more than the source accepts, 400 where they are not in base64. */
export function readBody(): Middleware<Received & Routed, WithBody> {
  return {
    before({ source, transferred: { text, isBase64 } }) {
      const size = isBase64 ? base64Bytes(text) : Buffer.byteLength(text);
      if (size > source.maxBodyBytes) throw new Problem('payload_too_large', { reason: 'over_source_limit' });
      const body = isBase64 ? Buffer.from(text, 'base64') : Buffer.from(text);
      if (body.length !== size) throw new Problem('malformed_body', { reason: 'not_base64' });
      return { body };
    },
  };
}

/** How many bytes a text in base64 stands for, padding included; a fraction where it is cut short. */
function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return (text.length / 4) * 3 - padding;
}
