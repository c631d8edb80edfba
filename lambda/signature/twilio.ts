import { createHash } from 'node:crypto';
import type { Content } from './algorithm.ts';
import { type Carrier, inHeaders } from './carrier.ts';
import { hmac } from './hmac.ts';
import type { SignatureScheme } from './scheme.ts';
import { signedBy } from './signed-by.ts';
import { onlyValue, type SignedRequest } from './signed-request.ts';
import { isSameText } from './token.ts';

/**
 * Twilio: an HMAC with SHA-1 over the URL that it was given, and what the body says: the parameters of a form, sorted,
 * or by its hash in the query string, which Twilio adds to the URL, where the body is JSON.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function twilioSignature(): SignatureScheme {
  return signedBy({
    carrier: withBodyHash(inHeaders({ signature: 'x-twilio-signature' })),
    content: (request) => (isForm(request) ? urlAndParameters(request) : urlWithBodyHash(request)),
    algorithm: hmac({ encoding: 'base64', hash: 'sha1' }),
  });
}

const BODY_HASH = 'bodySHA256';

/** Adds the body's hash to the query string of what is signed; it is `urlWithBodyHash` that reads it. */
function withBodyHash({ read, write }: Carrier): Carrier {
  return {
    read,
    write(request, claim) {
      if (isForm(request)) return write(request, claim);
      const query = new URLSearchParams(request.query);
      query.set(BODY_HASH, sha256(request.body));
      return write({ ...request, query }, claim);
    },
  };
}

/** The type of the body decides, as it is what the body is parsed by: a form that vouches for itself as JSON is none. */
function isForm({ headers }: SignedRequest): boolean {
  const [essence] = onlyValue(headers, 'content-type')?.split(';') ?? [];
  return essence?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/** What comes after `#` in a URL is for Twilio itself, and never sent. */
function urlOf({ url }: SignedRequest): string {
  return url.replace(/#.*/s, '');
}

/**
 * The URL with every parameter's name and value behind it, unseparated, sorted by name, and by value where a name came
 * more than once; the same value twice counts once.
 */
function urlAndParameters(request: SignedRequest): Content | undefined {
  const form = new URLSearchParams(request.body.toString());
  const names = [...new Set(form.keys())].sort();
  const parameters = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value));
  const signed = parameters.join('');
  // A form with such a parameter would pass with a signature that Twilio made for a body in JSON.
  return /^[?&]bodySHA256=/.test(signed) ? undefined : [urlOf(request), signed];
}

/** The URL as Twilio called it, provided that the hash in its query string is the body's. */
function urlWithBodyHash(request: SignedRequest): Content | undefined {
  const [claimed, ...others] = request.query.getAll(BODY_HASH);
  if (claimed === undefined || others.length > 0 || !isSameText(claimed, sha256(request.body))) return undefined;
  const url = urlOf(request);
  return [url, url.includes('?') ? '&' : '?', BODY_HASH, '=', claimed];
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
