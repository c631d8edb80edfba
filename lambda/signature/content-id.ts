import { createHash } from 'node:crypto';

/**
 * An id made of what an event says, for providers that send none: two deliveries with the same bytes are then the same
 * event, and two events that say the same are one.
 */
export function contentId(...parts: readonly (string | Buffer | number | undefined)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part ?? ''));
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}
