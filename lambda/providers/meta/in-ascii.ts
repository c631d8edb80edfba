import type { SignatureScheme } from '../../signature/scheme.ts';

/**
 * The scheme, which signs a body as Meta sends it: each character outside ASCII is escaped, in lower case. Libraries rely on
 * that. They escape what they received, in case that something has decoded it. A body that is not UTF-8 stays as it is.
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications
 */
export const inAscii = (scheme: SignatureScheme): SignatureScheme => ({
  ...scheme,
  sign: (request, signing) => scheme.sign({ ...request, body: escaped(request.body) }, signing),
});

function escaped(body: Buffer): Buffer {
  const text = body.toString();
  if (!Buffer.from(text).equals(body)) return body;
  return Buffer.from(text.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`));
}
