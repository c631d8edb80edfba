import { isUtf8 } from 'node:buffer';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { asCurl } from '../../samples/sample.ts';
import { printable } from '../printable.ts';

/**
 * A request as a command that is safe to paste into a terminal. A body with characters that a terminal may obey is written
 * by `printf`.
 */
export function curlCommand(request: SignedRequest): string {
  const { body } = request;
  const text = body.toString();
  if (isUtf8(body) && printable(text) === text) return asCurl(request);
  const command = asCurl({ ...request, body: Buffer.from('@-') });
  return `printf '${[...body].map(octal).join('')}' |\n  ${command}`;
}

/** Letters, digits and spaces stay; the rest is a format of `printf`. */
function octal(byte: number): string {
  const character = String.fromCharCode(byte);
  return /^[\w {}[\]":,.-]$/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}
