import { createHash } from 'node:crypto';

/**
 * An event id for events that have none: a hash of their content. Two deliveries of the same bytes are the same event;
 * so are two events of the same content.
 */
export function contentId(...parts: readonly (string | Buffer | number | undefined)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part ?? ''));
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}
