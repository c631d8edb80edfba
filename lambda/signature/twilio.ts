import { createHash } from 'node:crypto';
import type { SignedContent } from './algorithm.ts';
import { type Carrier, inHeaders } from './carrier.ts';
import { hmac } from './hmac.ts';
import type { SignatureScheme } from './scheme.ts';
import { signedBy } from './signed-by.ts';
import { onlyValue, type SignedRequest } from './signed-request.ts';
import { isSameText } from './token.ts';

/**
 * Twilio: an HMAC with SHA-1 over the URL that it was given and the body. Of a form, it covers the sorted parameters, not
 * the bytes. Of JSON, it covers the hash of the bytes, which Twilio adds to the query string of the URL.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function twilioSignature(): SignatureScheme {
  return signedBy({
    carrier: withBodyHash(inHeaders({ signature: 'x-twilio-signature' })),
    signedContent: (request) => (isForm(request) ? urlAndParameters(request) : urlWithBodyHash(request)),
    bodyCoverage: 'content',
    algorithm: hmac({ encoding: 'base64', hash: 'sha1' }),
  });
}

const BODY_HASH = 'bodySHA256';

/** Adds the body's hash to the query string when a request is signed. `urlWithBodyHash` reads it. */
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

/** The content type decides, because the body is parsed by it too: a form with a body hash is still a form. */
function isForm({ headers }: SignedRequest): boolean {
  const [essence] = onlyValue(headers, 'content-type')?.split(';') ?? [];
  return essence?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/** The URL without its fragment, which is an instruction to Twilio and is never sent. */
function urlOf({ url }: SignedRequest): string {
  return url.replace(/#.*/s, '');
}

/**
 * The URL, followed by the name and value of each parameter, without separators. They are sorted by name, and those of one
 * name by value. If the same value occurs twice under a name, it counts once.
 */
function urlAndParameters(request: SignedRequest): SignedContent | undefined {
  const form = new URLSearchParams(request.body.toString());
  const names = [...new Set(form.keys())].sort();
  const parameters = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value));
  const signed = parameters.join('');
  // A form with such a parameter would pass with the signature of a JSON body.
  return /^[?&]bodySHA256=/.test(signed) ? undefined : [urlOf(request), signed];
}

/** The URL as Twilio called it, if the hash in its query string is the body's. */
function urlWithBodyHash(request: SignedRequest): SignedContent | undefined {
  const [claimed, ...others] = request.query.getAll(BODY_HASH);
  if (claimed === undefined || others.length > 0 || !isSameText(claimed, sha256(request.body))) return undefined;
  const url = urlOf(request);
  return [url, url.includes('?') ? '&' : '?', BODY_HASH, '=', claimed];
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
