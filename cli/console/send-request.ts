import { checkUrl } from '../arguments.ts';
import { fetchFailure } from '../fetch-error.ts';
import { httpRequest } from '../http-request.ts';
import { printable } from '../printable.ts';
import { responseBeginning } from '../response-beginning.ts';
import type { SentAnswer } from './api.ts';
import type { AddressedRequest } from './console-inbox.ts';

/** How long to wait for a response, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** How much of a response is shown, in characters. */
const MAX_CHARACTERS = 4_000;

/** How much of a response is read, in bytes: a character has 4 at most. */
const MAX_BYTES = 4 * MAX_CHARACTERS;

/**
 * Sends a request. That nothing answers is a result too.
 * @throws {UsageError} if the URL is none of HTTP
 */
export async function sendRequest({ request, url }: AddressedRequest): Promise<SentAnswer> {
  const sent = httpRequest(request, checkUrl('The URL', url));
  const began = performance.now();
  const result = await fetch(sent, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
    async (response) => ({
      status: response.status,
      text: printable((await responseBeginning(response, MAX_BYTES)).slice(0, MAX_CHARACTERS)),
    }),
    (error: Error) => ({ text: fetchFailure(error) }),
  );
  return { ...result, durationMs: performance.now() - began };
}
