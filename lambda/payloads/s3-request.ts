import { SignatureV4 } from '@smithy/signature-v4';

/** Region, credentials and hash function, as every client of the AWS SDK resolves them. */
export type SigningConfig = Pick<ConstructorParameters<typeof SignatureV4>[0], 'region' | 'credentials' | 'sha256'>;

/** A bucket in Amazon S3, and how requests to it are signed. */
export interface S3BucketOptions {
  /** The bucket's URL, such as `https://payloads.s3.eu-north-1.amazonaws.com`. */
  readonly url: string;
  readonly config: SigningConfig;
  readonly fetch: typeof fetch;
}

/** A request for one object. */
export interface S3Request {
  readonly key: string;
  /** Bytes to put. @default - the object is read */
  readonly bytes?: Uint8Array;
  /** @default - no limit */
  readonly signal?: AbortSignal;
}

/**
 * Sends a request to S3: `PutObject` or `GetObject`, signed with the SDK's own signer. The S3 client would double the
 * receiver's bundle for a request that few deliveries make.
 * @returns the body of the response
 * @throws {Error} named as S3 names it, such as `AccessDenied`, if S3 refuses the request
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function s3Request({ url, config, fetch }: S3BucketOptions): (request: S3Request) => Promise<Uint8Array> {
  const signer = new SignatureV4({ ...config, service: 's3', uriEscapePath: false, applyChecksum: true });

  return async ({ key, bytes, signal }) => {
    const target = new URL(`${url}/${key}`);
    const method = bytes ? 'PUT' : 'GET';
    const { headers } = await signer.sign({
      method,
      protocol: target.protocol,
      hostname: target.hostname,
      path: target.pathname,
      headers: { host: target.host, ...(bytes && { 'content-type': 'application/octet-stream' }) },
      ...(bytes && { body: bytes }),
    });
    // fetch writes this header itself, and accepts no other.
    const { host: _, ...sent } = headers;
    const response = await fetch(target, {
      method,
      headers: sent,
      redirect: 'manual',
      ...(bytes && { body: Buffer.from(bytes) }),
      ...(signal && { signal }),
    });
    const body = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw s3Error(response.status, body.toString());
    return body;
  };
}

/** An error that is named as S3 names it, such as `AccessDenied`. */
function s3Error(status: number, xml: string): Error {
  const [, name = 'S3Error'] = /<Code>(\w{1,64})<\/Code>/.exec(xml) ?? [];
  return Object.assign(new Error(`S3 responded with ${status}.`), { name, $fault: status < 500 ? 'client' : 'server' });
}
