import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import { onlyValue, type SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { VectorRequest } from './vectors.ts';

/** The keys of a provider that signs and verifies with one secret. */
export const sharedKeys = (secret: string): SigningKeys => ({ signing: secret, verification: secret });

/** A request before it is signed, with no headers but its type. */
export function unsigned(content: unknown, type = 'application/json'): VectorRequest {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  return { headers: { 'content-type': type }, body, events: [] };
}

/** A request with nothing in it but a method and a query string. */
export function bodiless(method: string, query: string | Readonly<Record<string, string>> = ''): SignedRequest {
  return { method, url: '', query: new URLSearchParams(query), headers: new Map(), body: Buffer.alloc(0) };
}

/** A header's value; empty unless the header is there once. */
export const headerOf = ({ headers }: SignedRequest, name: string) => onlyValue(headers, name) ?? '';

export const withBody = (request: SignedRequest, body: string): SignedRequest => ({
  ...request,
  body: Buffer.from(body),
});

/** The same request with one letter changed within its body, which leaves JSON and forms well-formed. */
export function tampered(request: SignedRequest): SignedRequest {
  const body = Buffer.from(request.body);
  const middle = body.findIndex((byte, index) => index > body.length / 2 && byte > 0x61 && byte < 0x7a);
  body[middle] = (body[middle] ?? 0) ^ 1;
  return { ...request, body };
}

export const statusOf = async (answer: Promise<{ readonly statusCode: number }>) => (await answer).statusCode;

/** The status of each event in the response to a body of several. */
export async function statusesOf(answer: Promise<{ readonly body: string }>): Promise<string[]> {
  return JSON.parse((await answer).body).events.map(({ status }: { status: string }) => status);
}

/** The status of a delivery, which a response without JSON has too. */
export async function inboxStatusOf(answer: Promise<{ readonly headers?: object | undefined }>): Promise<unknown> {
  return new Map(Object.entries((await answer).headers ?? {})).get('Inbox-Status');
}
