import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from './http.ts';
import type { LocalPayloadBucket } from './local-payload-bucket.ts';

/** The payload bucket of `npm start`. */
export const PAYLOAD_BUCKET_NAME = 'webhook-payloads';

/** A key names a source and a SHA-256, so that it can name no other file. */
const OBJECT_PATH = new RegExp(`^/${PAYLOAD_BUCKET_NAME}/([a-z0-9-]+/[0-9a-f]{64})(?:\\?|$)`);

/** The largest payload that is written, in bytes; a compressed body is smaller. */
const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** Whether a request is for the payload bucket. DynamoDB's own requests have the path `/`. */
export function isForPayload({ url = '' }: IncomingMessage): boolean {
  return url.startsWith(`/${PAYLOAD_BUCKET_NAME}/`);
}

/**
 * Answers GetObject and PutObject in the API of S3, with the bucket's name in the path.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export async function servePayload(
  bucket: LocalPayloadBucket,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const key = OBJECT_PATH.exec(request.url ?? '')?.[1];
  const body = await readBytes(request, MAX_PAYLOAD_BYTES);
  if (key === undefined || !body) return sendError(response, 'InvalidRequest', 400);
  if (request.method === 'PUT') {
    const failure = await bucket.put({ key, bytes: body }, Number.POSITIVE_INFINITY);
    return failure ? sendError(response, 'InternalError', 500) : void response.writeHead(200).end();
  }
  const bytes = bucket.get(key);
  if (!bytes) return sendError(response, 'NoSuchKey', 404);
  response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(bytes);
}

/** Refuses a request that is not this machine's own. */
export function refusePayload(response: ServerResponse): void {
  sendError(response, 'AccessDenied', 403);
}

function sendError(response: ServerResponse, code: string, status: number): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
}
