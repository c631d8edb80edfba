import { describe, expect, it } from '@jest/globals';
import { readOverflowConfig } from '../../../lambda/overflow/config.ts';

const environment = {
  TABLE_NAME: 'events',
  QUARANTINE_TABLE_NAME: 'quarantine',
  PAYLOAD_BUCKET_NAME: 'payloads',
  INBOX_NAME: 'Hooks/Inbox',
  AWS_REGION: 'eu-west-1',
};

describe('The configuration of the overflow function', () => {
  it('is read from the environment', () => {
    expect(readOverflowConfig(environment)).toMatchObject({
      inboxName: 'Hooks/Inbox',
      tableName: 'events',
      quarantineTableName: 'quarantine',
      payloadBucketUrl: 'https://payloads.s3.eu-west-1.amazonaws.com',
    });
  });

  it.each([
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'http://127.0.0.1:1/payloads'],
    [
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:2' },
      'http://127.0.0.1:2/payloads',
    ],
  ])('takes the endpoint of the bucket from %j', (variables, url) => {
    expect(readOverflowConfig({ ...environment, ...variables }).payloadBucketUrl).toBe(url);
  });

  it('has the prefix of the bucket, if there is one', () => {
    expect(readOverflowConfig(environment).payloadPrefix).toBeUndefined();
    expect(readOverflowConfig({ ...environment, PAYLOAD_PREFIX: 'webhooks/' }).payloadPrefix).toBe('webhooks/');
  });

  it.each(Object.keys(environment))('names %s if it is missing', (name) => {
    expect(() => readOverflowConfig({ ...environment, [name]: undefined })).toThrow(name);
  });
});
