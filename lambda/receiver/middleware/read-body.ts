import type { Middleware } from '../chain.ts';
import type { Received, Routed, WithBody } from '../delivery.ts';
import { Problem } from '../problem.ts';

/** The largest body by default: 4 MiB. Lambda takes requests of 6 MB, in which a body is base64. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The largest body by default if it must be read to check its signature: 256 KiB. */
export const MAX_READ_BODY_BYTES = 256 * 1024;

/**
 * Decodes the body to its exact bytes; the query string is the body of an event that is sent by GET.
 * @throws {Problem} 413 if the body is larger than the source's limit, 400 if it is not valid base64
 */
export function readBody(): Middleware<Received & Routed, WithBody> {
  return {
    before(delivery) {
      const body = isSentAsQuery(delivery) ? Buffer.from(delivery.query.toString()) : decode(delivery);
      return { body };
    },
  };
}

function isSentAsQuery({ method, source }: Received & Routed): boolean {
  return method === 'GET' && source.provider.sendsQuery === true;
}

function decode(delivery: Received & Routed): Buffer {
  const { text, isBase64 } = delivery.transferred;
  const size = isBase64 ? base64Bytes(text) : Buffer.byteLength(text);
  if (size > maxBodyBytes(delivery)) throw new Problem('payload_too_large', { reason: 'over_source_limit' });
  const body = isBase64 ? Buffer.from(text, 'base64') : Buffer.from(text);
  if (body.length !== size) throw new Problem('malformed_body', { reason: 'not_base64' });
  return body;
}

function maxBodyBytes({ source, headers }: Received & Routed): number {
  const isRead = source.provider.signature.readsBody?.(headers) ?? false;
  return source.maxBodyBytes ?? (isRead ? MAX_READ_BODY_BYTES : MAX_BODY_BYTES);
}

/** The number of bytes that a base64 text encodes; a fraction if the text is cut short. */
function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return (text.length / 4) * 3 - padding;
}
