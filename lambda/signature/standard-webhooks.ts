import type { Algorithm } from './algorithm.ts';
import { ed25519 } from './asymmetric.ts';
import type { Carrier } from './carrier.ts';
import { hmac } from './hmac.ts';
import type { SignatureScheme } from './scheme.ts';
import { signedBy } from './signed-by.ts';
import { type HeaderValues, onlyValue, withHeaders } from './signed-request.ts';
import { seconds } from './signed-time.ts';

/** What stands before `-id`, `-timestamp` and `-signature` in the names of the headers. */
export type HeaderPrefix = 'webhook' | 'svix';

/** Those that a provider sends, the preferred one first. The headers of one request never mix two. */
export type HeaderPrefixes = readonly [HeaderPrefix, ...HeaderPrefix[]];

const PUBLIC_KEY_PREFIX = 'whpk_';

/**
 * Standard Webhooks: `v1` (HMAC) where the secret is a shared one (`whsec_…`), `v1a` (Ed25519) where it is a public key
 * (`whpk_…`). One header may carry signatures of both versions, and several of each.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function standardWebhooksSignature(prefixes: HeaderPrefixes): SignatureScheme {
  return signedBy({
    carrier: inStandardHeaders(prefixes),
    content: ({ body }, { id, timestamp }) => [`${id}.${timestamp}.`, body],
    algorithm: versionOfTheKey(),
    time: { format: seconds, toleranceSeconds: 300 },
  });
}

/** The header of the signed message id. */
export function messageIdHeader(headers: HeaderValues, prefixes: HeaderPrefixes): string {
  return namesIn(headers, prefixes).id;
}

/** The headers of the first prefix that any of them came with. */
function namesIn(headers: HeaderValues, prefixes: HeaderPrefixes) {
  const isThere = (prefix: HeaderPrefix) => Object.values(namesOf(prefix)).some((name) => headers.has(name));
  return namesOf(prefixes.find(isThere) ?? prefixes[0]);
}

const namesOf = (prefix: HeaderPrefix) => ({
  id: `${prefix}-id`,
  timestamp: `${prefix}-timestamp`,
  signature: `${prefix}-signature`,
});

function inStandardHeaders(prefixes: HeaderPrefixes): Carrier {
  return {
    read({ headers }) {
      const names = namesIn(headers, prefixes);
      const id = onlyValue(headers, names.id);
      const timestamp = onlyValue(headers, names.timestamp);
      const signature = onlyValue(headers, names.signature);
      if (id === undefined || timestamp === undefined || signature === undefined) return 'missing';
      // A dot in the id could as well be the one that separates it from the time.
      if (id === '' || id.includes('.')) return 'malformed';
      return { signatures: signature.split(' '), timestamp, id };
    },
    write(request, { signatures, timestamp = '' }) {
      const names = namesIn(request.headers, prefixes);
      return withHeaders(request, { [names.timestamp]: timestamp, [names.signature]: signatures.join(' ') });
    },
  };
}

/** The key says which version counts: never the request, or a public key would do as a shared secret. */
function versionOfTheKey(): Algorithm {
  const symmetric = versioned('v1', hmac({ encoding: 'base64', base64After: 'whsec_' }));
  const asymmetric = versioned('v1a', ed25519({ encoding: 'base64', keyPrefix: PUBLIC_KEY_PREFIX }));
  return {
    verify(content, signature, secret) {
      return (secret.startsWith(PUBLIC_KEY_PREFIX) ? asymmetric : symmetric).verify(content, signature, secret);
    },
    sign: (content, key) => (key.includes('PRIVATE KEY') ? asymmetric : symmetric).sign(content, key),
    generateKeys: symmetric.generateKeys,
  };
}

/** Signatures with their version before them; those of another version are none of ours. */
function versioned(version: string, { verify, sign, generateKeys }: Algorithm): Algorithm {
  const prefix = `${version},`;
  return {
    verify(content, signature, secret) {
      return signature.startsWith(prefix) ? verify(content, signature.slice(prefix.length), secret) : 'malformed';
    },
    sign: (content, key) => prefix + sign(content, key),
    generateKeys,
  };
}
