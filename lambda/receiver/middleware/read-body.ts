import type { Middleware } from '../chain.ts';
import type { Received, Routed, WithBody } from '../delivery.ts';
import { Problem } from '../problem.ts';

/** The largest body by default: 4 MiB, since Lambda takes 6 MB, and a body reaches it in base64. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The largest body by default where it is read before its signature is verified. */
export const MAX_READ_BODY_BYTES = 256 * 1024;

/** Gets the exact bytes back; 413 where there are more than the source accepts, 400 where they are not in base64. */
export function readBody(): Middleware<Received & Routed, WithBody> {
  return {
    before(delivery) {
      const { source, method, query, transferred } = delivery;
      if (method === 'GET' && source.provider.sendsQuery) return { body: Buffer.from(query.toString()) };
      const { text, isBase64 } = transferred;
      const size = isBase64 ? base64Bytes(text) : Buffer.byteLength(text);
      if (size > limitOf(delivery)) throw new Problem('payload_too_large', { reason: 'over_source_limit' });
      const body = isBase64 ? Buffer.from(text, 'base64') : Buffer.from(text);
      if (body.length !== size) throw new Problem('malformed_body', { reason: 'not_base64' });
      return { body };
    },
  };
}

function limitOf({ source, headers }: Received & Routed): number {
  const isRead = source.provider.signature.readsBody?.(headers) ?? false;
  return source.maxBodyBytes ?? (isRead ? MAX_READ_BODY_BYTES : MAX_BODY_BYTES);
}

/** How many bytes a text in base64 stands for, padding included; a fraction where it is cut short. */
function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return (text.length / 4) * 3 - padding;
}
