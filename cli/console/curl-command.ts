import { isUtf8 } from 'node:buffer';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { asCurl, quoted } from '../../samples/sample.ts';
import { printable } from '../printable.ts';

/**
 * A request as a command that is safe to paste into a terminal. A body with characters that a terminal may obey is written
 * by `printf`, and so is a header with other characters than those of ASCII.
 */
export function curlCommand(request: SignedRequest): string {
  const { body } = request;
  const text = body.toString();
  if (isUtf8(body) && printable(text) === text) return asCurl(request, { quote });
  return `printf ${formatOf(body)} |\n  ${asCurl(request, { quote, data: "--data-binary '@-'" })}`;
}

/** A header has one byte per character. */
const quote = (header: string) =>
  /^[ -~]*$/.test(header) ? quoted(header) : `"$(printf ${formatOf(Buffer.from(header, 'latin1'))})"`;

const formatOf = (bytes: Uint8Array) => `'${[...bytes].map(octal).join('')}'`;

/** Letters, digits and spaces stay; the rest is a format of `printf`. */
function octal(byte: number): string {
  const character = String.fromCharCode(byte);
  return /^[\w {}[\]":,.]$/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}
