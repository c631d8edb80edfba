import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { decode, type Encoding } from './algorithm.ts';
import { type JsonObject, jsonObject } from './json-body.ts';
import { headerOf, type Jws, type JwsAlgorithm, type JwsName, jwsAlgorithm, signJws, splitJws } from './jws.ts';
import type { InvalidVerdict, Settings, SignatureScheme, Signing, Verdict } from './scheme.ts';
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
  /** The claim with the hash of the raw body. */
  readonly bodyHash: HashClaim;
  /** The claim with the hash of the URL that the provider was given. @default - none */
  readonly urlHash?: HashClaim;
  /** How far `iat` may be from now, in seconds. If set, a token must have it. @default - `iat` is not checked */
  readonly toleranceSeconds?: number;
  /**
   * How long after `nbf` the provider's tokens expire, in seconds. If set, a token must have `exp`. If a token has `exp` or
   * `nbf`, both are checked in any case. @default - a token need not expire
   */
  readonly lifetimeSeconds?: number;
}

/** The difference of two clocks that `exp` and `nbf` allow for, in seconds. */
const CLOCK_SKEW_SECONDS = 5;

/**
 * A JSON Web Token that binds the body by its hash. The signature is verified before anything of the token is parsed.
 * @see https://www.rfc-editor.org/rfc/rfc7519
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export function jwtSignature(options: JwtOptions): SignatureScheme {
  const algorithmOf = algorithmBySetting(options);
  const { lifetimeSeconds, toleranceSeconds = lifetimeSeconds && lifetimeSeconds + CLOCK_SKEW_SECONDS } = options;
  return {
    bodyCoverage: 'bytes',
    toleranceSeconds,
    verify(request, { secret, settings, now }) {
      const jws = tokenIn(request, options);
      if (typeof jws === 'string') return jws;
      const algorithm = algorithmOf(settings);
      if (!algorithm.isSignature(jws.signature)) return 'malformed';
      const key = algorithm.keyOf(secret);
      if (!key) return 'unusable_secret';
      if (!algorithm.verify(jws.input, jws.signature, key)) return 'mismatch';
      return verdictOnClaims(jws, algorithm, { ...options, request, settings, now });
    },
    sign(request, signing) {
      const payload = Buffer.from(JSON.stringify(claimsFor(request, options, signing)));
      const token = signJws({ typ: 'JWT' }, payload, algorithmOf(signing.settings), signing.key);
      return withHeaders(request, { [options.header]: (options.prefix ?? '') + token });
    },
    generateKeys: algorithmOf({}).generateKeys,
  };
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

interface ClaimsContext extends JwtOptions {
  readonly request: SignedRequest;
  readonly settings: Settings;
  readonly now: number;
}

function verdictOnClaims(jws: Jws, algorithm: JwsAlgorithm, context: ClaimsContext): Verdict {
  const claims = headerOf(jws, algorithm) && jsonObject(jws.payload);
  if (!claims) return 'malformed';
  return (
    invalidParties(claims, context) ??
    invalidTime(claims, context) ??
    invalidHash(claims, context.bodyHash, context.request.body) ??
    (context.urlHash && invalidHash(claims, context.urlHash, context.request.url)) ??
    'valid'
  );
}

function invalidParties({ iss, aud }: JsonObject, { issuer, audience, settings }: ClaimsContext) {
  if (issuer !== undefined && iss !== issuer) return 'mismatch';
  const expected = audience?.(settings);
  const isForUs = expected === undefined || [aud].flat().includes(expected);
  return isForUs ? undefined : 'mismatch';
}

/** What is wrong with the times of a token. One that must be there and is missing makes it malformed, as does one of another type. */
function invalidTime(claims: JsonObject, { now, lifetimeSeconds, toleranceSeconds }: ClaimsContext) {
  const { exp, nbf, iat } = claims;
  if (!isTimeOrMissing(exp) || !isTimeOrMissing(nbf)) return 'malformed';
  if (lifetimeSeconds !== undefined && exp === undefined) return 'malformed';
  if (!isInForce(now / 1000, nbf, exp)) return 'outside_tolerance';
  if (toleranceSeconds === undefined) return undefined;
  if (iat === undefined || !isTimeOrMissing(iat)) return 'malformed';
  return isTimely(iat * 1000, toleranceSeconds, now) ? undefined : 'outside_tolerance';
}

/** All times are in epoch seconds. */
function isInForce(now: number, from = 0, until = Number.POSITIVE_INFINITY): boolean {
  return now >= from - CLOCK_SKEW_SECONDS && now < until + CLOCK_SKEW_SECONDS;
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
    ...(toleranceSeconds !== undefined && { iat: issuedAt }),
    ...(lifetimeSeconds !== undefined && { nbf: issuedAt, exp: issuedAt + lifetimeSeconds, jti: randomUUID() }),
    [bodyHash.name]: sha256(request.body).toString(bodyHash.encoding),
    ...(urlHash && { [urlHash.name]: sha256(request.url).toString(urlHash.encoding) }),
  };
}
