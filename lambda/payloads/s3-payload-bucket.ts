import { SignatureV4 } from '@smithy/signature-v4';
import { abortAt } from '../aws/deadline.ts';
import type { PayloadObject } from './payload.ts';
import type { PayloadBucket, Unavailable } from './payload-bucket.ts';

/** Region, credentials and hash function, as every client of the AWS SDK has them resolved. */
export type SigningConfig = Pick<ConstructorParameters<typeof SignatureV4>[0], 'region' | 'credentials' | 'sha256'>;

/** What a bucket in S3 takes. */
export interface S3PayloadBucketOptions {
  /** The bucket's URL, such as `https://payloads.s3.eu-north-1.amazonaws.com`. */
  readonly url: string;
  readonly config: SigningConfig;
  readonly fetch: typeof fetch;
}

/** A second attempt fits into a delivery's time budget, a third one does not. */
const ATTEMPTS = 2;

/**
 * A bucket in Amazon S3. It signs `PutObject` with the SDK's own signer: the S3 client would double the receiver's
 * bundle for a request that few deliveries make.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function s3PayloadBucket({ url, config, fetch }: S3PayloadBucketOptions): PayloadBucket {
  const signer = new SignatureV4({ ...config, service: 's3', uriEscapePath: false, applyChecksum: true });

  async function put({ key, bytes }: PayloadObject, deadline: number): Promise<Unavailable | undefined> {
    const { protocol, hostname, port, pathname, host } = new URL(`${url}/${key}`);
    const signed = await signer.sign({
      method: 'PUT',
      protocol,
      hostname,
      ...(port && { port: Number(port) }),
      path: pathname,
      query: {},
      headers: { host, 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    const { host: _, ...headers } = signed.headers;
    using limit = abortAt(deadline);
    const response = await fetch(`${url}/${key}`, {
      method: 'PUT',
      headers,
      body: Buffer.from(bytes),
      signal: limit.signal,
    });
    await response.body?.cancel();
    return response.ok ? undefined : { unavailable: new Error(`S3 responded with ${response.status}`) };
  }

  return {
    async put(object, deadline) {
      let failure: Unavailable | undefined;
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        failure = await put(object, deadline).catch((unavailable: unknown) => ({ unavailable }));
        if (!failure || performance.now() >= deadline) break;
      }
      return failure;
    },
  };
}
