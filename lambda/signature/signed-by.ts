import type { Algorithm, SignedContent } from './algorithm.ts';
import type { Carrier, Claim } from './carrier.ts';
import type { BodyCoverage, SignatureScheme, Verdict } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';
import { type SignedTime, validateTime } from './signed-time.ts';

/** What a signature scheme is composed of. */
export interface SchemeOptions {
  readonly carrier: Carrier;
  readonly algorithm: Algorithm;
  /**
   * The bytes that the signature covers; undefined if the request contradicts itself.
   * @default - the body
   */
  readonly signedContent?: (request: SignedRequest, claim: Claim) => SignedContent | undefined;
  /** How much of the body `signedContent` covers. @default 'bytes' */
  readonly bodyCoverage?: BodyCoverage;
  /** The transmission time, if the signature covers one. @default - none */
  readonly time?: SignedTime;
}

/** More than any provider sends while a key is rotated, but few enough to verify for any caller. */
const MAX_SIGNATURES = 10;

const wholeBody = ({ body }: SignedRequest): SignedContent => [body];

/** A signature scheme, composed of the place of the signature, the bytes that it covers, and the algorithm. */
export function signedBy(options: SchemeOptions): SignatureScheme {
  const { carrier, algorithm, signedContent = wholeBody, bodyCoverage = 'bytes', time } = options;
  return {
    bodyCoverage,
    toleranceSeconds: time?.toleranceSeconds,
    verify(request, { secret, now }) {
      const claim = carrier.read(request);
      if (typeof claim === 'string') return claim;
      if (claim.signatures.length > MAX_SIGNATURES) return 'malformed';
      const invalid = time && validateTime(claim.timestamp ?? '', time, now);
      if (invalid) return invalid;
      const signed = signedContent(request, claim);
      return signed ? best(claim.signatures.map((each) => algorithm.verify(signed, each, secret))) : 'mismatch';
    },
    sign(request, { key, now }) {
      const timestamp = time && { timestamp: time.format.format(now) };
      const draft = carrier.write(request, { signatures: [''], ...timestamp });
      const claim = carrier.read(draft);
      if (typeof claim === 'string') throw new Error(`The request lacks what its signature covers: ${claim}`);
      const signature = algorithm.sign(signedContent(draft, claim) ?? [], key);
      return carrier.write(draft, { ...claim, signatures: [signature] });
    },
    generateKeys: algorithm.generateKeys,
  };
}

const ORDER: readonly Verdict[] = ['valid', 'unusable_secret', 'mismatch'];

/** One valid signature is enough. If there is none, the verdict is the one that tells the operator most. */
function best(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'malformed';
}
