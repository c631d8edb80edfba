import { createCipheriv, createHmac } from 'node:crypto';
import type { Outgoing } from './http.ts';

/** Now, on the clock of the tests; not a whole second. */
export const NOW = Date.parse('2026-03-01T12:00:00.250Z');

/** The signing secret of every source, unless a test sets another. */
export const SECRET = 'correct horse battery staple';

/** A valid event of the generic provider, as JSON; fields that are undefined are left out. */
export function eventJson(fields: Readonly<Record<string, unknown>> = {}): Buffer {
  const valid = { event_id: 'evt_1', user_id: 'user_42', action: 'invoice.paid', timestamp: Math.floor(NOW / 1000) };
  return Buffer.from(JSON.stringify({ ...valid, ...fields }));
}

/** The signature of the generic provider, calculated without the code under test. */
export function signatureOf(body: Buffer | string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** A delivery of the generic provider, correctly signed. */
export function signed(body: Buffer | string, secret = SECRET): Outgoing {
  const headers = [
    ['Content-Type', 'application/json'],
    ['X-Signature', signatureOf(body, secret)],
  ] as const;
  return { body, headers };
}

/** Text that does not compress below three quarters of its length; the same on every call. */
export function incompressibleText(length: number): string {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length)).toString('base64').slice(0, length);
}
