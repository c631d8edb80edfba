import { isUtf8 } from 'node:buffer';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { asCurl } from '../../samples/sample.ts';
import { UsageError } from '../arguments.ts';
import { withQuery } from '../http-request.ts';
import { print } from '../print.ts';
import type { Recipient } from './recipient.ts';

/**
 * Prints a request as a command for a shell.
 * @throws {UsageError} if the request holds the secret itself, as some providers send it, or bytes that are no text
 */
export function printRequest(
  request: SignedRequest,
  { source, key, url }: Pick<Recipient, 'source' | 'key' | 'url'>,
): void {
  if (holdsSecret(request, key))
    throw new UsageError(`${source.providerName} sends the secret itself with each request, so it is not printed.`);
  if (!isUtf8(request.body) || request.body.includes(0))
    throw new UsageError('The body is no text, so it is not printed.');
  const command = asCurl({ ...request, url: withQuery(url, request.query) });
  // A terminal gets escapes for what controls it. A file or a pipe gets the bytes that are signed.
  if (process.stdout.isTTY) print(command);
  else process.stdout.write(`${command}\n`);
}

/** Whether the secret is in a request, as it is or in base64. */
function holdsSecret({ headers, query, body }: SignedRequest, key: string): boolean {
  const texts = [...[...headers.values()].flat(), ...query.values(), body.toString()];
  const forms = [key, Buffer.from(key).toString('base64')];
  return texts.some((text) => forms.some((form) => text.includes(form)));
}
