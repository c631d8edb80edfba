import { SignatureV4 } from '@smithy/signature-v4';
import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import type { PayloadObject } from './payload.ts';
import type { PayloadBucket, Unavailable } from './payload-bucket.ts';

/** Region, credentials and hash function, as every client of the AWS SDK resolves them. */
export type SigningConfig = Pick<ConstructorParameters<typeof SignatureV4>[0], 'region' | 'credentials' | 'sha256'>;

/** How a bucket in S3 is written to. */
export interface S3PayloadBucketOptions {
  /** The bucket's URL, such as `https://payloads.s3.eu-north-1.amazonaws.com`. */
  readonly url: string;
  readonly config: SigningConfig;
  readonly fetch: typeof fetch;
  /** Ends a write at its deadline. @default abortAt */
  readonly openDeadline?: OpenDeadline;
}

/** A second attempt fits into a delivery's time budget, a third one does not. */
const ATTEMPTS = 2;

/**
 * A bucket in Amazon S3. It signs `PutObject` with the SDK's own signer: the S3 client would double the receiver's
 * bundle for a request that few deliveries make.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function s3PayloadBucket(options: S3PayloadBucketOptions): PayloadBucket {
  const { url, config, fetch, openDeadline = abortAt } = options;
  const signer = new SignatureV4({ ...config, service: 's3', uriEscapePath: false, applyChecksum: true });

  async function put({ key, bytes }: PayloadObject, signal: AbortSignal): Promise<undefined> {
    const target = new URL(`${url}/${key}`);
    const { headers } = await signer.sign({
      method: 'PUT',
      protocol: target.protocol,
      hostname: target.hostname,
      path: target.pathname,
      headers: { host: target.host, 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    // fetch writes this header itself, and accepts no other.
    const { host: _, ...sent } = headers;
    const request = { method: 'PUT', headers: sent, body: Buffer.from(bytes), redirect: 'manual', signal } as const;
    const response = await fetch(target, request);
    const text = await response.text();
    if (!response.ok) throw s3Error(response.status, text);
    return undefined;
  }

  return {
    async put(object, deadline) {
      let failure: Unavailable | undefined;
      for (let left = ATTEMPTS; left > 0; left -= 1) {
        const now = performance.now();
        // A connection may be dead without a sign, so an attempt gets only its share of the time.
        using limit = openDeadline(now + (deadline - now) / left);
        failure = await put(object, limit.signal).catch((error: unknown) => ({ unavailable: causeOf(error) }));
        if (!failure) return undefined;
      }
      return failure;
    },
  };
}

/** The error behind "fetch failed", which names a socket or a host. */
const causeOf = (error: unknown): unknown => Object(error).cause ?? error;

/** An error that is named as S3 names it, such as `AccessDenied`. */
function s3Error(status: number, xml: string): Error {
  const [, name = 'S3Error'] = /<Code>(\w{1,64})<\/Code>/.exec(xml) ?? [];
  return Object.assign(new Error(`S3 responded with ${status}.`), { name, $fault: status < 500 ? 'client' : 'server' });
}
