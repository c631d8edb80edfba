import type { JwtSignature } from './custom-definition.ts';
import { messagesOf } from './rule.ts';

/** Claims with a field of the definition to themselves, which also checks their type. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['iss', 'issuer'],
  ['aud', 'audience'],
  ['iat', 'toleranceSeconds'],
  ['nbf', 'lifetimeSeconds'],
  ['exp', 'lifetimeSeconds'],
]);

/** What contradicts itself in a signature that is a JSON Web Token, each with its path. */
export function jwtContradictions(signature: JwtSignature): readonly string[] {
  const { jws = 'HS256', audience, claims = {}, bodyHash, urlHash, keySetUrl } = signature;
  const hasKeySet = keySetUrl !== undefined;
  const names = Object.keys(claims);
  const hashed = [bodyHash?.claim, urlHash?.claim].filter((claim) => claim !== undefined);
  return [
    ...messagesOf([
      [
        hasKeySet && jws === 'HS256',
        'signature.keySetUrl: a shared secret is never published; use signature.jws "RS256" or "ES256", or leave it out.',
      ],
      [
        hasKeySet && audience === undefined && names.length === 0,
        "signature.audience: is needed with signature.keySetUrl, because the sender's keys sign tokens for other receivers too; set it to the audience that the sender uses for this endpoint, or set signature.claims.",
      ],
      [
        hashed.length === 2 && hashed[0] === hashed[1],
        'signature.urlHash.claim: is signature.bodyHash.claim too; name a claim for each hash.',
      ],
    ]),
    ...names.flatMap((name) => ofClaim(name, hashed)),
  ];
}

function ofClaim(name: string, hashed: readonly string[]): readonly string[] {
  const field = FIELDS.get(name);
  return messagesOf([
    [field !== undefined, `signature.claims.${name}: has a field to itself; use signature.${field}.`],
    [hashed.includes(name), `signature.claims.${name}: is the claim of a hash, which differs each time; leave it out.`],
  ]);
}
