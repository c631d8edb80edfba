import type { Algorithm } from '../../signature/algorithm.ts';
import { ecdsaP256, ed25519 } from '../../signature/asymmetric.ts';
import { atPointers } from '../../signature/at-pointers.ts';
import { basicAuth } from '../../signature/basic-auth.ts';
import { type Carrier, inHeaders } from '../../signature/carrier.ts';
import { inHeaderParts } from '../../signature/header-parts.ts';
import { type HmacHash, hmac } from '../../signature/hmac.ts';
import { inQuery } from '../../signature/in-query.ts';
import { readPointer } from '../../signature/json-pointer.ts';
import { jwtSignature } from '../../signature/jwt.ts';
import { rsa } from '../../signature/rsa.ts';
import type { SignatureScheme } from '../../signature/scheme.ts';
import { type SchemeOptions, signedBy } from '../../signature/signed-by.ts';
import type { SignedRequest } from '../../signature/signed-request.ts';
import { readTemplate, templateContent } from '../../signature/signed-template.ts';
import {
  iso8601WithOffset,
  milliseconds,
  type SignedTime,
  seconds,
  type TimeFormat,
} from '../../signature/signed-time.ts';
import { withTimeInBody } from '../../signature/time-in-body.ts';
import { token } from '../../signature/token.ts';
import { tokenInItems } from '../../signature/token-in-items.ts';
import type {
  CustomDefinition,
  CustomSignature,
  HashClaimOptions,
  HmacOptions,
  JwtSignature,
  SignatureInBody,
  SignatureInHeaders,
  TimeFormatName,
  TimestampOptions,
} from './custom-definition.ts';
import { signsChallenges, type TemplateSignature } from './definition-facts.ts';

type TokenSignature = Extract<CustomSignature, { readonly algorithm: 'token' }>;

/** The signature scheme of a valid definition, composed of the parts that the other providers are made of. */
export function customSignature({ signature, event, handshakes = [] }: CustomDefinition): SignatureScheme {
  if (signature.algorithm === 'basic') return basicAuth();
  if (signature.algorithm === 'token') return tokenScheme(signature, event.batch);
  if (signature.algorithm === 'jwt') return jwtScheme(signature);
  if ('pointer' in signature) return inBodyScheme(signature, hmacOf(signature));
  // A handshake signs text that its caller chooses, with the same key. Such a signature must not count for a body.
  return inHeadersScheme(signature, algorithmOf(signature), signsChallenges(handshakes));
}

/** The HMAC of a signature, also for the answers to handshakes. */
export function hmacOf({ algorithm, encoding = 'hex', key = 'text' }: HmacOptions): Algorithm {
  return hmac({ encoding, hash: HASHES[algorithm], key });
}

const HASHES: Readonly<Record<`hmac-${HmacHash}`, HmacHash>> = {
  'hmac-sha256': 'sha256',
  'hmac-sha512': 'sha512',
  'hmac-sha1': 'sha1',
};

/** The algorithm of a signature over a template. */
export function algorithmOf(signature: TemplateSignature): Algorithm {
  const { encoding = 'hex' } = signature;
  switch (signature.algorithm) {
    case 'ed25519':
      return ed25519({ encoding, key: signature.key ?? 'pem' });
    case 'ecdsa-p256':
      return ecdsaP256({ encoding, key: signature.key ?? 'pem' });
    case 'rsa-sha256':
      return rsa({ encoding, padding: signature.padding ?? 'pkcs1' });
    default:
      return hmacOf(signature);
  }
}

function jwtScheme(signature: JwtSignature): SignatureScheme {
  const { header, prefix = '', jws = 'HS256', issuer, audience, claims, bodyHash, urlHash } = signature;
  const { toleranceSeconds, lifetimeSeconds, keySetUrl } = signature;
  return jwtSignature({
    header: header.toLowerCase(),
    prefix,
    algorithms: [jws],
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience: () => audience }),
    ...(claims && { claims: () => claims }),
    ...(bodyHash && { bodyHash: hashClaim(bodyHash) }),
    ...(urlHash && { urlHash: hashClaim(urlHash) }),
    ...(toleranceSeconds !== undefined && { toleranceSeconds }),
    ...(lifetimeSeconds !== undefined && { lifetimeSeconds }),
    ...(keySetUrl !== undefined && { keySetUrl: new URL(keySetUrl) }),
  });
}

const hashClaim = ({ claim, encoding = 'hex' }: HashClaimOptions) => ({ name: claim, encoding });

function tokenScheme(signature: TokenSignature, batch: string | undefined): SignatureScheme {
  if ('pointer' in signature && batch !== undefined) {
    const [list = ''] = pathOf(batch);
    const [field = ''] = pathOf(signature.pointer);
    return tokenInItems({ list, field });
  }
  const readsBody = () => 'pointer' in signature;
  return signedBy({ carrier: tokenCarrier(signature), algorithm: token, bodyCoverage: 'nothing', readsBody });
}

function tokenCarrier(signature: TokenSignature): Carrier {
  if ('pointer' in signature) return atPointers({ signature: pathOf(signature.pointer) });
  if ('query' in signature) return inQuery(signature.query);
  return inHeaders({ signature: signature.header.toLowerCase(), prefix: signature.prefix ?? '' });
}

function inBodyScheme({ pointer, content, timestamp, id }: SignatureInBody, algorithm: Algorithm): SignatureScheme {
  return signedBy({
    carrier: atPointers({
      signature: pathOf(pointer),
      timestamp: pathOf(timestamp.pointer),
      id: pathOf(id.pointer),
    }),
    signedContent: contentOf(content),
    algorithm,
    bodyCoverage: 'nothing',
    readsBody: () => true,
    time: signedTime(timestamp),
  });
}

function inHeadersScheme(signature: SignatureInHeaders, algorithm: Algorithm, isOracle: boolean): SignatureScheme {
  const { content = '{body}', timestamp } = signature;
  const isInBody = timestamp !== undefined && 'pointer' in timestamp;
  const signedContent = contentOf(content);
  const scheme = signedBy({
    carrier: headerCarrier(signature),
    signedContent: isOracle
      ? (request, claim) => (mayBeJson(request) ? signedContent(request, claim) : undefined)
      : signedContent,
    algorithm,
    ...(timestamp && !isInBody && { time: signedTime(timestamp) }),
  });
  if (!isInBody) return scheme;
  return withTimeInBody(scheme, { ...signedTime(timestamp), path: pathOf(timestamp.pointer), acceptsText: true });
}

function headerCarrier({ header, prefix, separator, timestamp, id }: SignatureInHeaders): Carrier {
  const [first = '', ...others] = [header].flat().map((name) => name.toLowerCase());
  return inHeaderParts({
    headers: [first, ...others],
    prefix,
    separators: separator === undefined ? undefined : [separator].flat(),
    timestamp: timePlace(timestamp),
    id: id?.header.toLowerCase(),
  });
}

function timePlace(timestamp: SignatureInHeaders['timestamp']) {
  if (!timestamp || 'pointer' in timestamp) return undefined;
  return 'header' in timestamp ? { header: timestamp.header.toLowerCase() } : { prefix: timestamp.prefix };
}

const FORMATS: Readonly<Record<TimeFormatName, TimeFormat>> = { seconds, milliseconds, iso: iso8601WithOffset };

function signedTime({ format = 'seconds', toleranceSeconds = 300 }: TimestampOptions): SignedTime {
  return { format: FORMATS[format], toleranceSeconds };
}

function contentOf(content: string): NonNullable<SchemeOptions['signedContent']> {
  const template = readTemplate(content);
  return templateContent('unknown' in template ? [] : template);
}

const pathOf = (pointer: string) => readPointer(pointer) ?? [];

/** White space before the JSON; no sender sends more. */
const MAX_WHITE_SPACE = 64;

/** Whether a body could be an object or a list. A challenge never could: it has neither a brace nor a bracket. */
const mayBeJson = ({ body }: SignedRequest) => /^[{[]/.test(body.toString('latin1', 0, MAX_WHITE_SPACE).trimStart());
