import type { BodyCoverage } from '../../lambda/signature/scheme.ts';
import { type SignedRequest, withHeaders } from '../../lambda/signature/signed-request.ts';
import { headerOf, tampered } from '../support/provider-requests.ts';

/** Forgeries of a request, by name. */
export type Forgeries = Readonly<Record<string, SignedRequest>>;

/**
 * What an attacker may make of a captured request: a body with one byte changed, and each header of the signature
 * removed or changed. If the signature covers nothing of the body, another body is no forgery that could be told.
 * @param unsigned the request before it was signed, which tells the headers of the signature
 */
export function forgeriesOf(signed: SignedRequest, unsigned: SignedRequest, coverage: BodyCoverage): Forgeries {
  const added = [...signed.headers.keys()].filter((name) => headerOf(signed, name) !== headerOf(unsigned, name));
  const ofHeaders = added.flatMap((name) => [
    [`without ${name}`, withoutHeader(signed, name)] as const,
    [`with another ${name}`, withHeaders(signed, { [name]: changed(headerOf(signed, name)) })] as const,
  ]);
  const ofBody: Forgeries = coverage === 'nothing' ? {} : { 'with one byte of the body changed': tampered(signed) };
  return { ...ofBody, ...Object.fromEntries(ofHeaders) };
}

function withoutHeader(request: SignedRequest, name: string): SignedRequest {
  const headers = new Map(request.headers);
  headers.delete(name);
  return { ...request, headers };
}

/** The same text with another letter or digit in its middle. Each encoding of a signature stays well-formed. */
function changed(value: string): string {
  const middle = value.length >> 1;
  const at = middle + value.slice(middle).search(/[0-9a-zA-Z]/);
  return `${value.slice(0, at)}${value[at] === '1' ? '2' : '1'}${value.slice(at + 1)}`;
}
