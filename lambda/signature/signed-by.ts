import type { Algorithm, Content } from './algorithm.ts';
import type { Carrier, Claim } from './carrier.ts';
import type { SignatureScheme, Verdict } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';
import { checkTime, type SignedTime } from './signed-time.ts';

/** The parts of a signature scheme. */
export interface SchemeOptions {
  readonly carrier: Carrier;
  readonly algorithm: Algorithm;
  /**
   * What the signature covers; undefined where the request contradicts itself.
   * @default the body
   */
  readonly content?: (request: SignedRequest, claim: Claim) => Content | undefined;
  /** The time that the signature covers. @default none */
  readonly time?: SignedTime;
}

/** More than any provider sends while a key is rotated, and few enough to check for nothing. */
const MAX_SIGNATURES = 10;

const body = ({ body }: SignedRequest): Content => [body];

/** A signature scheme put together from where the signature travels, what it covers and how it is made. */
export function signedBy({ carrier, algorithm, content = body, time }: SchemeOptions): SignatureScheme {
  return {
    verify(request, { secret, now }) {
      const claim = carrier.read(request);
      if (typeof claim === 'string') return claim;
      if (claim.signatures.length > MAX_SIGNATURES) return 'malformed';
      const fault = time && checkTime(claim.timestamp ?? '', time, now);
      if (fault) return fault;
      const signed = content(request, claim);
      return signed ? best(claim.signatures.map((each) => algorithm.verify(signed, each, secret))) : 'mismatch';
    },
    sign(request, { key, now }) {
      const timestamp = time && { timestamp: time.format.format(now) };
      const draft = carrier.write(request, { signatures: [''], ...timestamp });
      const claim = carrier.read(draft);
      if (typeof claim === 'string') throw new Error(`The request lacks what its signature covers: ${claim}`);
      const signature = algorithm.sign(content(draft, claim) ?? [], key);
      return carrier.write(draft, { ...claim, signatures: [signature] });
    },
    generateKeys: algorithm.generateKeys,
  };
}

const ORDER: readonly Verdict[] = ['valid', 'unusable_secret', 'mismatch'];

/** One good signature is enough; else what says most to the operator. */
function best(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'malformed';
}
