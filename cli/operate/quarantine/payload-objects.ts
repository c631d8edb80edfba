import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { PayloadBucket } from '../../../lambda/payloads/payload-bucket.ts';

/** The payload bucket, as an operator uses it. */
export interface PayloadObjects extends PayloadBucket {
  /** @throws {Error} if the bucket has no such object, or cannot be read */
  readonly get: (key: string) => Promise<Uint8Array>;
}

/** The payload bucket of a deployed or a local inbox. */
export function payloadObjects(client: S3Client, bucketName: string): PayloadObjects {
  return {
    async get(key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    async put({ key, bytes }) {
      try {
        await client.send(new PutObjectCommand({ Bucket: bucketName, Key: key, Body: bytes }));
        return undefined;
      } catch (unavailable) {
        return { unavailable };
      }
    },
  };
}
