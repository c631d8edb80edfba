import { createHash, createPrivateKey, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto';
import { decode, type Encoding } from './algorithm.ts';
import { type JsonObject, jsonObject } from './json-body.ts';
import { headerOf, type Jws, type JwsAlgorithm, type JwsName, jwsAlgorithm, signJws, splitJws } from './jws.ts';
import { fetchedKeySet, keyId } from './key-set.ts';
import type { InvalidVerdict, Settings, SignatureScheme, Signing, Verdict, Verification } from './scheme.ts';
import { onlyValue, type SignedRequest, withHeaders } from './signed-request.ts';
import { isTimely } from './signed-time.ts';

/** A claim that holds a SHA-256 hash. */
export interface HashClaim {
  readonly name: string;
  readonly encoding: Encoding;
}

/** What a token must claim, and where it is. */
export interface JwtOptions {
  /** The header that holds the token, in lower case. */
  readonly header: string;
  /** What precedes the token, such as `Bearer `. @default - nothing */
  readonly prefix?: string;
  /** The algorithms that a source may choose from. A token never chooses. */
  readonly algorithms: readonly [JwsName, ...JwsName[]];
  /** The setting that names the algorithm. @default - the first algorithm is the only one */
  readonly algorithmSetting?: string;
  /** The value of `iss`. @default - any */
  readonly issuer?: string;
  /** The value of `aud`, or one of its values. @default - any */
  readonly audience?: (settings: Settings) => string | undefined;
  /** Other claims, with the values that they must have. @default - none */
  readonly claims?: (settings: Settings) => Readonly<Record<string, string | boolean | undefined>>;
  /** The claim with the hash of the raw body. @default - the token covers no part of the body */
  readonly bodyHash?: HashClaim;
  /** The URL of the provider's public keys, one of which a token names by its id. @default - the key is the secret */
  readonly keySetUrl?: URL;
  /** The claim with the hash of the URL that the provider was given. @default - none */
  readonly urlHash?: HashClaim;
  /** How far `iat` may be from now, in seconds. If set, a token must have it. @default - `iat` is not checked */
  readonly toleranceSeconds?: number;
  /**
   * How long after `nbf` the provider's tokens expire, in seconds. If set, a token must have `exp`, and one that expires
   * later is not accepted. If a token has `exp` or `nbf`, both are checked in any case. @default - a token need not expire
   */
  readonly lifetimeSeconds?: number;
}

/** How long after `exp` a token is accepted, in seconds, because two clocks differ. */
const CLOCK_SKEW_SECONDS = 5;

/** How long before `nbf` a token is accepted, in seconds, at most, as with every other signed time. */
const MAX_FUTURE_SECONDS = 300;

/**
 * A JSON Web Token that binds the body by its hash. The signature is verified before anything of the token is parsed, but
 * for the header if that names one of several keys.
 * @see https://www.rfc-editor.org/rfc/rfc7519
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export function jwtSignature(options: JwtOptions): SignatureScheme {
  const { bodyHash, keySetUrl, lifetimeSeconds } = options;
  const { toleranceSeconds = lifetimeSeconds && lifetimeSeconds + CLOCK_SKEW_SECONDS } = options;
  const algorithmOf = algorithmBySetting(options);
  const verdictWith = keySetUrl ? withKeySet(keySetUrl, algorithmOf({})) : withSecret;
  return {
    bodyCoverage: bodyHash ? 'bytes' : 'nothing',
    toleranceSeconds,
    keySetHost: keySetUrl?.hostname,
    verify(request, verification) {
      const jws = tokenIn(request, options);
      if (typeof jws === 'string') return jws;
      const algorithm = algorithmOf(verification.settings);
      if (!algorithm.isSignature(jws.signature)) return 'malformed';
      return verdictWith(jws, algorithm, { ...options, ...verification, request });
    },
    sign(request, signing) {
      const algorithm = algorithmOf(signing.settings);
      const payload = Buffer.from(JSON.stringify(claimsFor(request, options, signing)));
      const header = { typ: 'JWT', ...(keySetUrl && { kid: keyId(createPrivateKey(signing.key)) }) };
      const token = signJws(header, payload, algorithm, signing.key);
      return withHeaders(request, { [options.header]: (options.prefix ?? '') + token });
    },
    generateKeys() {
      const keys = algorithmOf({}).generateKeys();
      return keySetUrl ? { ...keys, verification: '' } : keys;
    },
  };
}

/** Verifies a token with a key, and then its claims. */
type VerdictWith = (jws: Jws, algorithm: JwsAlgorithm, context: ClaimsContext) => Verdict | Promise<Verdict>;

const withSecret: VerdictWith = (jws, algorithm, context) => {
  const key = algorithm.keyOf(context.secret);
  return key ? verdictWithKey(jws, algorithm, key, context) : 'unusable_secret';
};

function withKeySet(url: URL, { isKey }: JwsAlgorithm): VerdictWith {
  const keySet = fetchedKeySet(url, isKey);
  return async (jws, algorithm, context) => {
    const kid = headerOf(jws, algorithm)?.kid;
    if (typeof kid !== 'string') return 'malformed';
    const key = await keySet.get(kid, context);
    if (key === 'unavailable') return 'certificate_unavailable';
    return key === 'refused' ? 'mismatch' : verdictWithKey(jws, algorithm, key, context);
  };
}

function verdictWithKey(jws: Jws, algorithm: JwsAlgorithm, key: KeyObject, context: ClaimsContext): Verdict {
  return algorithm.verify(jws.input, jws.signature, key) ? verdictOnClaims(jws, algorithm, context) : 'mismatch';
}

function algorithmBySetting({ algorithms, algorithmSetting = '' }: JwtOptions): (settings: Settings) => JwsAlgorithm {
  const [first, ...others] = algorithms.map(jwsAlgorithm);
  const only = first ?? jwsAlgorithm(algorithms[0]);
  return (settings) => others.find(({ name }) => name === settings[algorithmSetting]) ?? only;
}

function tokenIn({ headers }: SignedRequest, { header, prefix = '' }: JwtOptions): Jws | InvalidVerdict {
  const value = onlyValue(headers, header);
  if (value === undefined) return 'missing';
  return (value.startsWith(prefix) && splitJws(value.slice(prefix.length))) || 'malformed';
}

interface ClaimsContext extends JwtOptions, Verification {
  readonly request: SignedRequest;
}

function verdictOnClaims(jws: Jws, algorithm: JwsAlgorithm, context: ClaimsContext): Verdict {
  const claims = headerOf(jws, algorithm) && jsonObject(jws.payload);
  if (!claims) return 'malformed';
  const { bodyHash, urlHash, request } = context;
  return (
    invalidParties(claims, context) ??
    invalidTime(claims, context) ??
    (bodyHash && invalidHash(claims, bodyHash, request.body)) ??
    (urlHash && invalidHash(claims, urlHash, request.url)) ??
    'valid'
  );
}

function invalidParties(claims: JsonObject, { issuer, audience, claims: others, settings }: ClaimsContext) {
  const { iss, aud } = claims;
  if (issuer !== undefined && iss !== issuer) return 'mismatch';
  const expected = audience?.(settings);
  const isForUs = expected === undefined || [aud].flat().includes(expected);
  const isAsExpected = Object.entries(others?.(settings) ?? {}).every(([name, value]) => claims[name] === value);
  return isForUs && isAsExpected ? undefined : 'mismatch';
}

/** What is wrong with the times of a token. One that must be there and is missing makes it malformed, as does one of another type. */
function invalidTime(claims: JsonObject, { now, lifetimeSeconds, toleranceSeconds }: ClaimsContext) {
  const { exp, nbf, iat } = claims;
  if (!isTimeOrMissing(exp) || !isTimeOrMissing(nbf)) return 'malformed';
  if (lifetimeSeconds !== undefined && exp === undefined) return 'malformed';
  if (!isInForce(now / 1000, { nbf, exp, lifetimeSeconds })) return 'outside_tolerance';
  if (toleranceSeconds === undefined) return undefined;
  if (iat === undefined || !isTimeOrMissing(iat)) return 'malformed';
  return isTimely(iat * 1000, toleranceSeconds, now) ? undefined : 'outside_tolerance';
}

/** All times are in epoch seconds. */
function isInForce(now: number, { nbf = 0, exp = Number.POSITIVE_INFINITY, lifetimeSeconds }: Validity) {
  const ahead = Math.min(lifetimeSeconds ?? MAX_FUTURE_SECONDS, MAX_FUTURE_SECONDS);
  const isLastingTooLong = lifetimeSeconds !== undefined && exp > now + lifetimeSeconds + ahead;
  return now >= nbf - ahead && now < exp + CLOCK_SKEW_SECONDS && !isLastingTooLong;
}

interface Validity {
  readonly nbf: number | undefined;
  readonly exp: number | undefined;
  readonly lifetimeSeconds: number | undefined;
}

const isTimeOrMissing = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && Number.isFinite(value));

function invalidHash(claims: JsonObject, { name, encoding }: HashClaim, hashed: Buffer | string) {
  const claimed = claims[name];
  const bytes = typeof claimed === 'string' ? decode(claimed, encoding) : undefined;
  if (bytes?.length !== 32) return 'malformed';
  return timingSafeEqual(bytes, sha256(hashed)) ? undefined : 'mismatch';
}

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest();

function claimsFor(request: SignedRequest, options: JwtOptions, { now, settings }: Signing): JsonObject {
  const { bodyHash, urlHash, issuer, audience, toleranceSeconds, lifetimeSeconds } = options;
  const issuedAt = Math.floor(now / 1000);
  return {
    iss: issuer,
    aud: audience?.(settings),
    ...options.claims?.(settings),
    ...((toleranceSeconds ?? lifetimeSeconds) !== undefined && { iat: issuedAt }),
    ...(lifetimeSeconds !== undefined && { nbf: issuedAt, exp: issuedAt + lifetimeSeconds, jti: randomUUID() }),
    ...(bodyHash && { [bodyHash.name]: sha256(request.body).toString(bodyHash.encoding) }),
    ...(urlHash && { [urlHash.name]: sha256(request.url).toString(urlHash.encoding) }),
  };
}
