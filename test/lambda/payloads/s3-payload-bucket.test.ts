import type { ServerResponse } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { abortAt, type OpenDeadline } from '../../../lambda/aws/deadline.ts';
import { type S3PayloadBucketOptions, s3PayloadBucket } from '../../../lambda/payloads/s3-payload-bucket.ts';
import { describeCause } from '../../../lambda/telemetry/delivery-report.ts';
import { neverPasses, stoppedDeadlines } from '../../support/deadlines.ts';
import { type S3Endpoint, s3Fault, startS3Endpoint } from '../../support/s3-endpoint.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret', sessionToken: 'a session' };
const clientConfig = { region: 'eu-north-1', credentials };

/** As the receiver's handler takes it from its DynamoDB client. */
const { config } = new DynamoDBClient(clientConfig);

const object = { key: 'partner/0a1b2c', bytes: Buffer.from([0, 0xff, 0x1f, 0x8b, 0x0d, 0x0a]) };

const open = ({ endpoint }: S3Endpoint, options: Partial<S3PayloadBucketOptions> = {}) =>
  s3PayloadBucket({ url: `${endpoint}/payloads`, config, fetch, openDeadline: neverPasses, ...options });

describe('A payload bucket in S3', () => {
  it('stores an object byte for byte, with a signature that S3 accepts', async () => {
    await using s3 = await startS3Endpoint(config);
    expect(await open(s3).put(object, 0)).toBeUndefined();
    expect([...s3.objects]).toEqual([['/payloads/partner/0a1b2c', object.bytes]]);
  });

  it('stores an object of 4 MiB, and the same object again', async () => {
    await using s3 = await startS3Endpoint(config);
    const bucket = open(s3);
    const large = { ...object, bytes: Buffer.alloc(4 * 1024 * 1024, 'abc') };
    expect(await bucket.put(large, 0)).toBeUndefined();
    expect(await bucket.put(large, 0)).toBeUndefined();
    // Jest compares two large buffers for seconds.
    expect([...s3.objects.values()].map((bytes) => large.bytes.equals(bytes))).toEqual([true]);
  });

  it('tries once more after a failure', async () => {
    await using s3 = await startS3Endpoint(config);
    s3.faults.push(s3Fault(503, 'SlowDown'));
    expect(await open(s3).put(object, 0)).toBeUndefined();
    s3.faults.push((response) => response.destroy());
    expect(await open(s3).put(object, 0)).toBeUndefined();
    expect(s3.requests).toEqual(Array(4).fill('PUT /payloads/partner/0a1b2c'));
  });

  it('reports the second failure, with the name that S3 gives it', async () => {
    await using s3 = await startS3Endpoint(config);
    s3.faults.push(s3Fault(500, 'InternalError'), s3Fault(503, 'SlowDown'));
    const failure = await open(s3).put(object, 0);
    expect(failure).toEqual({ unavailable: expect.objectContaining({ name: 'SlowDown' }) });
    expect(describeCause(failure?.unavailable)).toMatchObject({ name: 'SlowDown', message: 'S3 responded with 503.' });
    expect(s3.requests).toHaveLength(2);
  });

  it('reports a failure that S3 does not name by its status', async () => {
    await using s3 = await startS3Endpoint(config);
    s3.faults.push(...[404, 404].map((status) => (response: ServerResponse) => void response.writeHead(status).end()));
    const failure = await open(s3).put(object, 0);
    expect(describeCause(failure?.unavailable)).toMatchObject({ name: 'S3Error', message: 'S3 responded with 404.' });
  });

  it('reports credentials that S3 does not accept', async () => {
    await using s3 = await startS3Endpoint({ ...config, credentials: { ...credentials, secretAccessKey: 'another' } });
    const failure = await open(s3).put(object, 0);
    expect(failure).toEqual({ unavailable: expect.objectContaining({ name: 'SignatureDoesNotMatch' }) });
    expect(s3.objects.size).toBe(0);
  });

  it('reports credentials that cannot be resolved', async () => {
    await using s3 = await startS3Endpoint(config);
    const broken = { ...config, credentials: () => Promise.reject(new Error('no credentials')) };
    expect(await open(s3, { config: broken }).put(object, 0)).toMatchObject({ unavailable: expect.any(Error) });
    expect(s3.requests).toEqual([]);
  });

  it('sends the payload nowhere else, even if it is redirected', async () => {
    await using s3 = await startS3Endpoint(config);
    const redirect = (response: ServerResponse) =>
      void response.writeHead(307, { Location: `${s3.endpoint}/elsewhere` }).end();
    s3.faults.push(redirect, redirect);
    const failure = await open(s3).put(object, 0);
    expect(describeCause(failure?.unavailable)).toMatchObject({ message: 'S3 responded with 307.' });
    expect(s3.requests).toEqual(Array(2).fill('PUT /payloads/partner/0a1b2c'));
  });

  it('reports an endpoint that refuses connections', async () => {
    const s3 = await startS3Endpoint(config);
    const bucket = open(s3);
    await s3[Symbol.asyncDispose]();
    expect(await bucket.put(object, 0)).toMatchObject({ unavailable: { code: 'ECONNREFUSED' } });
  });

  it('ends each attempt that S3 does not answer, so that a second one is possible', async () => {
    await using s3 = await startS3Endpoint(config);
    const deadlines = stoppedDeadlines();
    s3.faults.push(() => deadlines.pass());
    expect(await open(s3, { openDeadline: deadlines.open }).put(object, 0)).toBeUndefined();
    expect(s3.requests).toHaveLength(2);
  });

  it('ends in time for its deadline, in real time, while S3 is silent', async () => {
    await using s3 = await startS3Endpoint(config);
    s3.faults.push(...[1, 2].map(() => () => undefined));
    const failure = await open(s3, { openDeadline: abortAt }).put(object, performance.now() + 100);
    expect(failure).toEqual({ unavailable: expect.objectContaining({ name: 'TimeoutError' }) });
  });

  it('divides the time that is left among its attempts', async () => {
    await using s3 = await startS3Endpoint(config);
    s3.faults.push(s3Fault(500, 'InternalError'), s3Fault(500, 'InternalError'));
    const opened: number[] = [];
    const openDeadline: OpenDeadline = (deadline) => {
      opened.push(deadline);
      return neverPasses(deadline);
    };
    const now = performance.now();
    await open(s3, { openDeadline }).put(object, now + 60_000);
    const [first = 0, second] = opened;
    expect(first).toBeGreaterThanOrEqual(now + 30_000);
    expect(first).toBeLessThan(now + 60_000);
    expect(second).toBeCloseTo(now + 60_000, 3);
  });
});
