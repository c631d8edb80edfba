import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { readConfig, toSource } from '../../../lambda/receiver/config.ts';

const environment = (changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  TABLE_NAME: 'events',
  QUARANTINE_TABLE_NAME: 'quarantine',
  PAYLOAD_BUCKET_NAME: 'payloads',
  OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow',
  AWS_REGION: 'eu-north-1',
  INBOX_NAME: 'Hooks/Inbox',
  RETENTION_SECONDS: '7200',
  PREVIOUS_SECRET_GRACE_SECONDS: '86400',
  SOURCES: JSON.stringify({ partner: { provider: 'generic' } }),
  ...changes,
});

const sources = (partner: object) => environment({ SOURCES: JSON.stringify({ partner }) });

describe('The configuration of the receiver', () => {
  it('is read from the variables that the stack sets', () => {
    const config = readConfig(environment({ PATH: '/bin' }));
    expect(config).toMatchObject({
      tableName: 'events',
      quarantineTableName: 'quarantine',
      payloadBucketUrl: 'https://payloads.s3.eu-north-1.amazonaws.com',
      inboxName: 'Hooks/Inbox',
      previousSecretGraceSeconds: 86_400,
    });
    expect([...config.sources.keys()]).toEqual(['partner']);
  });

  it.each([
    [{ AWS_REGION: 'cn-north-1' }, 'https://payloads.s3.cn-north-1.amazonaws.com.cn'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:5000/' }, 'http://127.0.0.1:5000/payloads'],
    [{ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:5001' }, 'http://127.0.0.1:5001/payloads'],
    [
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:5000', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:5001' },
      'http://127.0.0.1:5001/payloads',
    ],
  ])('determines the URL of the payload bucket as the AWS SDK does: %j', (changes, url) => {
    expect(readConfig(environment(changes)).payloadBucketUrl).toBe(url);
  });

  it('gives a source the default limit and the retention of the deployment', () => {
    expect(readConfig(environment()).sources.get('partner')).toMatchObject({
      name: 'partner',
      providerName: 'generic',
      provider: { title: 'Generic' },
      retentionSeconds: 7_200,
    });
  });

  it('may override the limit, the retention and what happens to invalid events', () => {
    const options = { maxBodyBytes: 1000, retentionSeconds: 60, onInvalid: 'quarantine' } as const;
    const { sources: read } = readConfig(sources({ provider: 'generic', ...options }));
    expect(read.get('partner')).toMatchObject(options);
  });

  it('can set the public URL of all sources, and of each source', () => {
    const own = 'https://proxy.example.com/in';
    const PUBLIC_URL = 'https://hooks.example.com';
    const SOURCES = JSON.stringify({
      partner: { provider: 'generic' },
      other: { provider: 'generic', publicUrl: own },
    });
    const { sources: read } = readConfig(environment({ PUBLIC_URL, SOURCES }));
    expect(read.get('partner')?.publicUrl).toBe('https://hooks.example.com/webhooks/partner');
    expect(read.get('other')?.publicUrl).toBe(own);
    expect(readConfig(environment()).sources.get('partner')?.publicUrl).toBeUndefined();
  });
});

describe('A source', () => {
  it('keeps its events for 30 days by default', () => {
    expect(toSource('partner', { provider: 'generic' }).retentionSeconds).toBe(2_592_000);
    expect(toSource('partner', { provider: 'generic', retentionSeconds: 60 }).retentionSeconds).toBe(60);
  });

  it.each(Object.keys(providers) as ProviderName[])(
    'of %s rejects invalid events by default only if its provider is the generic one',
    (provider) => {
      const { onInvalid } = toSource('source', { provider });
      expect(onInvalid).toBe(provider === 'generic' ? 'reject' : 'quarantine');
    },
  );
});

describe('Reading a configuration', () => {
  it.each([
    ['the table missing', environment({ TABLE_NAME: undefined }), 'TABLE_NAME'],
    ['the table empty', environment({ TABLE_NAME: '' }), 'TABLE_NAME'],
    ['the quarantine missing', environment({ QUARANTINE_TABLE_NAME: undefined }), 'QUARANTINE_TABLE_NAME'],
    ['the quarantine empty', environment({ QUARANTINE_TABLE_NAME: '' }), 'QUARANTINE_TABLE_NAME'],
    ['the bucket missing', environment({ PAYLOAD_BUCKET_NAME: undefined }), 'PAYLOAD_BUCKET_NAME'],
    ['the bucket empty', environment({ PAYLOAD_BUCKET_NAME: '' }), 'PAYLOAD_BUCKET_NAME'],
    ['the region missing', environment({ AWS_REGION: undefined }), 'AWS_REGION'],
    ['an endpoint that is not a URL', environment({ AWS_ENDPOINT_URL_S3: 'marker' }), 'AWS_ENDPOINT_URL_S3'],
    ['the inbox without a name', environment({ INBOX_NAME: undefined }), 'INBOX_NAME'],
    ['the retention missing', environment({ RETENTION_SECONDS: undefined }), 'RETENTION_SECONDS'],
    ['the retention in words', environment({ RETENTION_SECONDS: '1 day' }), 'RETENTION_SECONDS'],
    ['the grace missing', environment({ PREVIOUS_SECRET_GRACE_SECONDS: undefined }), 'PREVIOUS_SECRET_GRACE_SECONDS'],
    ['the grace empty', environment({ PREVIOUS_SECRET_GRACE_SECONDS: '' }), 'PREVIOUS_SECRET_GRACE_SECONDS'],
    ['the grace in words', environment({ PREVIOUS_SECRET_GRACE_SECONDS: '1 day' }), 'PREVIOUS_SECRET_GRACE_SECONDS'],
    ['a negative grace', environment({ PREVIOUS_SECRET_GRACE_SECONDS: '-1' }), 'PREVIOUS_SECRET_GRACE_SECONDS'],
    ['a URL that is none', environment({ PUBLIC_URL: 'marker' }), 'PUBLIC_URL'],
    ['the sources missing', environment({ SOURCES: undefined }), 'SOURCES'],
    ['sources that are not JSON', environment({ SOURCES: '{marker' }), 'SOURCES'],
    ['sources that are a string', environment({ SOURCES: '"marker"' }), 'SOURCES'],
    ['an unknown provider', sources({ provider: 'marker' }), 'SOURCES.partner.provider'],
    [
      'a provider with the name of an object property',
      sources({ provider: 'constructor' }),
      'SOURCES.partner.provider',
    ],
    ['a list of providers', sources({ provider: ['generic'] }), 'SOURCES.partner.provider'],
    ['a source without a provider', sources({}), 'SOURCES.partner.provider'],
    ['a limit of 0 bytes', sources({ provider: 'generic', maxBodyBytes: 0 }), 'SOURCES.partner.maxBodyBytes'],
    [
      'an unknown treatment of invalid events',
      sources({ provider: 'generic', onInvalid: 'marker' }),
      'SOURCES.partner.onInvalid',
    ],
    [
      'a retention in words',
      sources({ provider: 'generic', retentionSeconds: 'marker' }),
      'SOURCES.partner.retentionSeconds',
    ],
    ['an unknown option', sources({ provider: 'generic', maxBodyByte: 1 }), 'SOURCES.partner.maxBodyByte'],
  ])('with %s throws an error that names the variable and shows no value', (_, wrong, name) => {
    const messageOf = (read: () => unknown) => {
      try {
        return read();
      } catch (error) {
        return String(error);
      }
    };
    const message = messageOf(() => readConfig(wrong));
    expect(message).toContain(`${name}: expected `);
    expect(message).not.toMatch(/marker|1 day|arn:/);
  });

  it('with several errors throws an error that names every variable', () => {
    expect(() => readConfig({})).toThrow(
      /TABLE_NAME.*; QUARANTINE_TABLE_NAME.*; PAYLOAD_BUCKET_NAME.*; AWS_REGION.*; INBOX_NAME.*; RETENTION_SECONDS.*; PREVIOUS_SECRET_GRACE_SECONDS.*; SOURCES/,
    );
  });
});
