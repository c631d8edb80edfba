import * as v from 'valibot';
import type { CustomSignature } from './custom-definition.ts';
import { isPublicUrl } from './is-public-url.ts';
import { format, has, headerName, headerOrPointer, innerPointer, query } from './schema-places.ts';
import { fields, headerText, integer, listOf, namedBy, oneOf, REQUIRED_OBJECT, text } from './schema-values.ts';

const timestampOptions = () => ({
  format: v.optional(format()),
  toleranceSeconds: v.optional(integer(1, 604_800)),
});

function timestamp() {
  const afterPrefix = fields({ prefix: headerText(1, 64, 't='), ...timestampOptions() });
  const others = headerOrPointer(timestampOptions());
  return v.lazy((input) => (has(input, 'prefix') ? afterPrefix : others));
}

const content = () => text(1, 1_000, '{timestamp}.{body}');

const separator = () => {
  const one = headerText(1, 4, ',');
  const several = listOf(headerText(1, 4, ','), 1, 4);
  return v.lazy((input) => (Array.isArray(input) ? several : one));
};

const inHeaders = () => ({
  header: v.union([headerName(), listOf(headerName(), 1, 10)], ({ input }) =>
    Array.isArray(input)
      ? 'must be a list of 1 to 10 names of headers.'
      : 'must be the name of the header with the signature, or a list of names, such as "X-Signature".',
  ),
  prefix: v.optional(headerText(0, 64, 'sha256=')),
  separator: v.optional(separator()),
  content: v.optional(content()),
  timestamp: v.optional(timestamp()),
  id: v.optional(fields({ header: headerName() })),
});

const inBody = () => ({
  pointer: innerPointer(),
  content: content(),
  timestamp: fields({ pointer: innerPointer(), ...timestampOptions() }),
  id: fields({ pointer: innerPointer() }),
});

const encoding = () => v.optional(oneOf(['hex', 'base64', 'base64url'], 'the encoding of a signature'));

const HMACS = ['hmac-sha256', 'hmac-sha512', 'hmac-sha1'] as const;
const ALGORITHMS = [...HMACS, 'ed25519', 'ecdsa-p256', 'rsa-sha256', 'jwt', 'basic', 'token'] as const;

const algorithm = () => oneOf(ALGORITHMS, 'the algorithm');

/** A schema for any input: that of its algorithm, and of the place that its signature is in. */
export function signatureSchema() {
  const byAlgorithm = new Map<unknown, v.GenericSchema<unknown, CustomSignature>>([
    ...HMACS.map((name) => [name, hmacSignature()] as const),
    ['ed25519', publicKeySignature('ed25519', 'an Ed25519 key')],
    ['ecdsa-p256', publicKeySignature('ecdsa-p256', 'an ECDSA key')],
    ['rsa-sha256', rsaSignature()],
    ['jwt', jwtSignature()],
    ['basic', fields({ algorithm: v.literal('basic') })],
    ['token', tokenSignature()],
  ]);
  const other = v.pipe(v.looseObject({ algorithm: algorithm() }, REQUIRED_OBJECT), v.never());
  return v.lazy((input) => byAlgorithm.get(algorithmIn(input)) ?? other);
}

const algorithmIn = (input: unknown) =>
  has(input, 'algorithm') ? (input as { readonly algorithm: unknown }).algorithm : undefined;

function hmacSignature() {
  const entries = {
    algorithm: v.picklist(HMACS),
    encoding: encoding(),
    key: v.optional(oneOf(['text', 'hex', 'base64', 'whsec_'], 'the key of an HMAC')),
  };
  const ofHeaders = fields({ ...entries, ...inHeaders() });
  const ofBody = fields({ ...entries, ...inBody() });
  return v.lazy((input) => (has(input, 'pointer') ? ofBody : ofHeaders));
}

function publicKeySignature(name: 'ed25519' | 'ecdsa-p256', key: string) {
  return fields({
    algorithm: v.literal(name),
    encoding: encoding(),
    key: v.optional(oneOf(['hex', 'base64', 'pem'], key)),
    ...inHeaders(),
  });
}

function rsaSignature() {
  return fields({
    algorithm: v.literal('rsa-sha256'),
    encoding: encoding(),
    padding: v.optional(oneOf(['pkcs1', 'pss'], 'the padding')),
    ...inHeaders(),
  });
}

/** The name or the value of a claim. */
const claimText = (example: string) => text(1, 512, example);

const hashInClaim = () => v.optional(fields({ claim: claimText('request_body_sha256'), encoding: encoding() }));

const week = () => v.optional(integer(1, 604_800));

const jwtSignature = () =>
  fields({
    algorithm: v.literal('jwt'),
    header: headerName(),
    prefix: v.optional(headerText(0, 64, 'Bearer ')),
    jws: v.optional(oneOf(['HS256', 'RS256', 'ES256'], 'the algorithm of a token')),
    issuer: v.optional(claimText('https://acme.example')),
    audience: v.optional(claimText('https://hooks.example.com/webhooks/acme')),
    claims: v.optional(
      namedBy(v.union([claimText('webhooks@acme.example'), v.boolean()], 'must be text, true or false.'), 20),
    ),
    bodyHash: hashInClaim(),
    urlHash: hashInClaim(),
    toleranceSeconds: week(),
    lifetimeSeconds: week(),
    keySetUrl: v.optional(keySetUrl()),
  });

const KEY_SET_URL =
  'must be the https:// URL of a public host, without a port, such as "https://acme.example/.well-known/jwks.json".';

const keySetUrl = () =>
  v.pipe(text(10, 512, 'https://acme.example/.well-known/jwks.json'), v.check(isPublicUrl, KEY_SET_URL));

function tokenSignature() {
  const entries = { algorithm: v.literal('token') };
  const ofHeader = fields({ ...entries, header: headerName(), prefix: v.optional(headerText(0, 64, 'Bearer ')) });
  const ofQuery = fields({ ...entries, query: query() });
  const ofBody = fields({ ...entries, pointer: innerPointer() });
  return v.lazy((input) => {
    if (has(input, 'query')) return ofQuery;
    return has(input, 'pointer') ? ofBody : ofHeader;
  });
}
