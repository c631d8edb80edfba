import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PayloadBucket } from '../../../lambda/payloads/payload-bucket.ts';
import { payloadBucketUrl } from '../../../lambda/payloads/payload-bucket-url.ts';
import { s3PayloadBucket } from '../../../lambda/payloads/s3-payload-bucket.ts';
import { type S3BucketOptions, s3Request } from '../../../lambda/payloads/s3-request.ts';
import { isDenied } from '../aws-errors.ts';
import { type DeployedOutputs, outputOf } from '../stack-outputs.ts';

/** The payload bucket, as an operator uses it. */
export interface PayloadObjects extends PayloadBucket {
  /** @throws {Error} if the bucket has no such object, or cannot be read */
  readonly get: (key: string) => Promise<Uint8Array>;
}

/** How long an object may take to be read or written, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** The payload bucket of a deployed or a local inbox. */
export function payloadObjects(bucket: S3BucketOptions & Pick<PayloadBucket, 'prefix'>): PayloadObjects {
  const send = s3Request(bucket);
  const writable = s3PayloadBucket(bucket);
  const get = (key: string) => send({ key, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const again = (key: string) =>
    get(key).catch((error) => (error.$fault === 'client' ? Promise.reject(error) : get(key)));
  return {
    prefix: bucket.prefix,
    get: (key) => again(key).catch((error) => nameAction(error, 's3:GetObject', `${bucket.url}/${key}`)),
    put: (object) =>
      writable
        .put(object, performance.now() + TIMEOUT_MS)
        .catch((error) => nameAction(error, 's3:PutObject', `${bucket.url}/${object.key}`)),
  };
}

/** The clients of AWS have the action in their message; the function's own request to S3 does without one. */
function nameAction(error: Error, action: string, url: string): never {
  if (!isDenied(error)) throw error;
  const message = `not authorized to perform: ${action} on ${url}. ${error.message}`;
  throw Object.assign(new Error(message, { cause: error }), { name: error.name });
}

/**
 * The payload bucket of a deployed inbox, with the credentials and the region of a client.
 * @throws {UsageError} if it was deployed by a version that has no such output
 */
export function deployedPayloads({ config }: DynamoDBClient, outputs: DeployedOutputs): PayloadObjects {
  const name = outputOf(outputs, 'PayloadBucketName');
  const open = async () => {
    const url = payloadBucketUrl({ name, region: await config.region(), endpoint: s3Endpoint() });
    return payloadObjects({ url, config, fetch });
  };
  return {
    prefix: outputs.PayloadPrefix,
    get: async (key) => (await open()).get(key),
    put: async (object, deadline) => (await open()).put(object, deadline),
  };
}

/** The endpoint that replaces AWS's, as the SDK reads it. */
const s3Endpoint = () => process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
