import type { Algorithm, SignedContent } from './algorithm.ts';
import type { Carrier, Claim } from './carrier.ts';
import type { BodyCoverage, SignatureScheme, Verdict } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';
import { type SignedTime, validateTime } from './signed-time.ts';

/** What a signature scheme is composed of. */
export interface SchemeOptions {
  /** Where the request has its signature. */
  readonly carrier: Carrier;
  /** How the content is signed. */
  readonly algorithm: Algorithm;
  /**
   * The bytes that the signature covers; undefined if the request contradicts itself.
   * @default - the body
   */
  readonly signedContent?: (request: SignedRequest, claim: Claim) => SignedContent | undefined;
  /**
   * The bytes that the signature may cover, the likeliest first, if a request does not tell which. One of the first 24
   * is enough. A request is signed with the first. Empty if the request contradicts itself.
   * @default - `signedContent` alone
   */
  readonly signedContents?: (request: SignedRequest, claim: Claim) => readonly SignedContent[];
  /** How much of the body `signedContent` covers. @default 'bytes' */
  readonly bodyCoverage?: BodyCoverage;
  /** The transmission time, if the signature covers one. @default - none */
  readonly time?: SignedTime;
  /** Whether `carrier` or the signed content reads the body of a request with these headers. @default - never */
  readonly readsBody?: NonNullable<SignatureScheme['readsBody']>;
}

/** More than any provider sends while a key is rotated, but few enough to verify for any caller. */
const MAX_SIGNATURES = 10;

/** A hash over the body for each of them, which any caller causes. */
const MAX_CONTENTS = 24;

const wholeBody = ({ body }: SignedRequest): SignedContent => [body];

/** A signature scheme, composed of the place of the signature, the bytes that it covers, and the algorithm. */
export function signedBy(options: SchemeOptions): SignatureScheme {
  const { carrier, algorithm, bodyCoverage = 'bytes', time, readsBody = () => false } = options;
  const signedContents = options.signedContents ?? alone(options.signedContent ?? wholeBody);
  return {
    bodyCoverage,
    toleranceSeconds: time?.toleranceSeconds,
    readsBody,
    verify(request, { secret, now }) {
      const claim = carrier.read(request);
      if (typeof claim === 'string') return claim;
      if (claim.signatures.length > MAX_SIGNATURES) return 'malformed';
      const invalid = time && validateTime(claim.timestamp ?? '', time, now);
      if (invalid) return invalid;
      const contents = signedContents(request, claim).slice(0, MAX_CONTENTS);
      if (contents.length === 0) return 'mismatch';
      return best(contents.flatMap((each) => claim.signatures.map((one) => algorithm.verify(each, one, secret))));
    },
    sign(request, { key, now }) {
      const timestamp = time && { timestamp: time.format.format(now) };
      const draft = carrier.write(request, { signatures: [''], ...timestamp });
      const claim = carrier.read(draft);
      if (typeof claim === 'string') throw new Error(`The request lacks what its signature covers: ${claim}`);
      const [signed = []] = signedContents(draft, claim);
      const signature = algorithm.sign(signed, key);
      return carrier.write(draft, { ...claim, signatures: [signature] });
    },
    generateKeys: algorithm.generateKeys,
  };
}

function alone(signedContent: NonNullable<SchemeOptions['signedContent']>) {
  return (request: SignedRequest, claim: Claim): readonly SignedContent[] => {
    const content = signedContent(request, claim);
    return content ? [content] : [];
  };
}

const ORDER: readonly Verdict[] = ['valid', 'unusable_secret', 'mismatch'];

/** One valid signature is enough. If there is none, the verdict is the one that tells the operator most. */
function best(verdicts: readonly Verdict[]): Verdict {
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'malformed';
}
