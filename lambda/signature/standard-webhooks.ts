import type { Algorithm } from './algorithm.ts';
import { ed25519 } from './asymmetric.ts';
import type { Carrier } from './carrier.ts';
import { hmac } from './hmac.ts';
import type { Settings, SignatureScheme } from './scheme.ts';
import { signedBy } from './signed-by.ts';
import { type HeaderValues, onlyValue, withHeaders } from './signed-request.ts';
import { seconds } from './signed-time.ts';

/** What precedes `-id`, `-timestamp` and `-signature` in the names of the headers. */
export type HeaderPrefix = 'webhook' | 'svix';

/** The prefixes that a provider sends, the preferred one first. The headers of a request all have the same prefix. */
export type HeaderPrefixes = readonly [HeaderPrefix, ...HeaderPrefix[]];

const PUBLIC_KEY_PREFIX = 'whpk_';

/**
 * Standard Webhooks: `v1` (HMAC) if the secret is shared (`whsec_…`), `v1a` (Ed25519) if it is a public key (`whpk_…`).
 * One header may hold signatures of both versions, and several of each. If the source has the setting `secretEncoding:
 * 'text'`, the characters of a shared secret are the key.
 * @param key `text` if the characters of every shared secret are the key
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function standardWebhooksSignature(prefixes: HeaderPrefixes, key?: 'text'): SignatureScheme {
  const asText = signedWith(hmac({ encoding: 'base64' }), prefixes);
  if (key === 'text') return asText;
  const inBase64 = signedWith(hmac({ encoding: 'base64', key: 'whsec_' }), prefixes);
  const schemeFor = ({ secretEncoding }: Settings) => (secretEncoding === 'text' ? asText : inBase64);
  return {
    ...inBase64,
    verify: (request, verification) => schemeFor(verification.settings).verify(request, verification),
    sign: (request, signing) => schemeFor(signing.settings).sign(request, signing),
  };
}

/** @param shared the algorithm for a shared secret */
function signedWith(shared: Algorithm, prefixes: HeaderPrefixes): SignatureScheme {
  return signedBy({
    carrier: inStandardHeaders(prefixes),
    signedContent: ({ body }, { id, timestamp }) => [`${id}.${timestamp}.`, body],
    algorithm: versionOfTheKey(shared),
    time: { format: seconds, toleranceSeconds: 300 },
  });
}

/** The header of the signed message id, also if `headers` has only the headers with ids. */
export function messageIdHeader(headers: HeaderValues, prefixes: HeaderPrefixes): string {
  return namesIn(headers, prefixes).id;
}

/** The names of the headers, with the first prefix that the request has a header of. */
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
      // With a dot in the id, the signed content could be split into id and time in two ways.
      if (id === '' || id.includes('.')) return 'malformed';
      return { signatures: signature.split(' '), timestamp, id };
    },
    write(request, { signatures, timestamp = '' }) {
      const names = namesIn(request.headers, prefixes);
      return withHeaders(request, { [names.timestamp]: timestamp, [names.signature]: signatures.join(' ') });
    },
  };
}

/** The key decides which version counts, never the request: otherwise a public key could be used as a shared secret. */
function versionOfTheKey(shared: Algorithm): Algorithm {
  const symmetric = versioned('v1', shared);
  const asymmetric = versioned('v1a', ed25519({ encoding: 'base64', keyPrefix: PUBLIC_KEY_PREFIX }));
  return {
    verify(signedContent, signature, secret) {
      return (secret.startsWith(PUBLIC_KEY_PREFIX) ? asymmetric : symmetric).verify(signedContent, signature, secret);
    },
    sign: (signedContent, key) => (key.includes('PRIVATE KEY') ? asymmetric : symmetric).sign(signedContent, key),
    generateKeys: symmetric.generateKeys,
  };
}

/** Signatures that begin with their version. A signature of another version does not count. */
function versioned(version: string, { verify, sign, generateKeys }: Algorithm): Algorithm {
  const prefix = `${version},`;
  return {
    verify(signedContent, signature, secret) {
      return signature.startsWith(prefix) ? verify(signedContent, signature.slice(prefix.length), secret) : 'malformed';
    },
    sign: (signedContent, key) => prefix + sign(signedContent, key),
    generateKeys,
  };
}
