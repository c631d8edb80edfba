import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { readConfig } from '../../../lambda/receiver/config.ts';
import { toSource } from '../../../lambda/receiver/registered-source.ts';

const environment = (changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  TABLE_NAME: 'events',
  QUARANTINE_TABLE_NAME: 'quarantine',
  PAYLOAD_BUCKET_NAME: 'payloads',
  OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow',
  AWS_REGION: 'eu-north-1',
  INBOX_NAME: 'Hooks/Inbox',
  RETENTION_SECONDS: '7200',
  PREVIOUS_SECRET_GRACE_SECONDS: '86400',
  ...changes,
});

const PARTNER = { partner: { provider: 'generic' } };

const readSource = (partner: object, changes: NodeJS.ProcessEnv = {}) =>
  readConfig(environment(changes), { partner }).sources.get('partner');

describe('The configuration of the receiver', () => {
  it('is read from the variables that the stack sets', () => {
    const config = readConfig(environment({ PATH: '/bin' }), PARTNER);
    expect(config).toMatchObject({
      tableName: 'events',
      quarantineTableName: 'quarantine',
      payloadBucketUrl: 'https://payloads.s3.eu-north-1.amazonaws.com',
      inboxName: 'Hooks/Inbox',
      previousSecretGraceSeconds: 86_400,
    });
    expect([...config.sources.keys()]).toEqual(['partner']);
  });

  it('has sources of any name that the construct accepts', () => {
    const sources = JSON.parse('{"constructor":{"provider":"generic"},"prototype":{"provider":"generic"}}');
    const SOURCE_VALUES = JSON.stringify({ constructor: { secretId: 'team/x' } });
    const config = readConfig(environment({ SOURCE_VALUES }), sources);
    expect([...config.sources].map(([name, { secretId }]) => [name, secretId])).toEqual([
      ['constructor', 'team/x'],
      ['prototype', undefined],
    ]);
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
    expect(readConfig(environment(changes), PARTNER).payloadBucketUrl).toBe(url);
  });

  it('has the URL of Systems Manager, unless an endpoint replaces it', () => {
    const urlWith = (changes: NodeJS.ProcessEnv) => readConfig(environment(changes), PARTNER).parameterStoreUrl;
    expect(urlWith({})).toBe('https://ssm.eu-north-1.amazonaws.com');
    expect(urlWith({ AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' })).toBe('http://127.0.0.1:5000');
    expect(urlWith({ AWS_ENDPOINT_URL: 'http://127.0.0.1:5000', AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:5001' })).toBe(
      'http://127.0.0.1:5001',
    );
  });

  it('names an existing secret or parameter of a source, from the file or from the environment', () => {
    expect(readSource({ provider: 'generic', secretId: 'team/x' })).toMatchObject({ secretId: 'team/x' });
    const SOURCE_VALUES = JSON.stringify({ partner: { parameterName: '/team/x' } });
    expect(readSource({ provider: 'generic' }, { SOURCE_VALUES })).toMatchObject({ parameterName: '/team/x' });
  });

  it('gives a source the retention of the deployment', () => {
    expect(readSource({ provider: 'generic' })).toEqual({ provider: 'generic', retentionSeconds: 7_200, settings: {} });
  });

  it('may override the limit, the retention and what happens to invalid events', () => {
    const options = { maxBodyBytes: 1000, retentionSeconds: 60, onInvalid: 'quarantine' } as const;
    expect(readSource({ provider: 'generic', ...options })).toMatchObject(options);
  });

  it('can set the public URL of all sources, and of each source', () => {
    const publicUrl = 'https://proxy.example.com/in';
    const all = { PUBLIC_URL: 'https://hooks.example.com' };
    expect(readSource({ provider: 'generic' }, all)?.publicUrl).toBe('https://hooks.example.com/webhooks/partner');
    expect(readSource({ provider: 'generic', publicUrl }, all)?.publicUrl).toBe(publicUrl);
    expect(readSource({ provider: 'generic' })?.publicUrl).toBeUndefined();
  });

  it('takes the values that are known at deployment from the environment', () => {
    const values = { partner: { publicUrl: 'https://deployed.example.com/in', settings: { verifyToken: 'deployed' } } };
    const partner = { provider: 'meta', publicUrl: 'https://proxy.example.com', settings: { appId: '1' } };
    expect(readSource(partner, { SOURCE_VALUES: JSON.stringify(values) })).toMatchObject({
      publicUrl: 'https://deployed.example.com/in',
      settings: { appId: '1', verifyToken: 'deployed' },
    });
    expect(readSource(partner, { SOURCE_VALUES: '{"other":{}}' })).toMatchObject(partner);
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
    ['values that are not JSON', environment({ SOURCE_VALUES: '{marker' }), 'SOURCE_VALUES'],
    ['values that are a string', environment({ SOURCE_VALUES: '"marker"' }), 'SOURCE_VALUES'],
    ['a value that is no URL', environment({ SOURCE_VALUES: '{"partner":{"publicUrl":"marker"}}' }), 'publicUrl'],
    ['an unknown value', environment({ SOURCE_VALUES: '{"partner":{"provider":"marker"}}' }), 'partner.provider'],
  ])('with %s throws an error that names the variable and shows no value', (_, wrong, name) => {
    const message = messageOf(() => readConfig(wrong, PARTNER));
    expect(message).toMatch(new RegExp(`${name}: (expected |unknown option)`));
    expect(message).not.toMatch(/marker|1 day|arn:/);
  });

  it.each([
    ['sources that are a string', 'marker', 'expected'],
    ['a provider that is no name', { partner: { provider: '../marker' } }, 'partner.provider: expected'],
    ['a list of providers', { partner: { provider: ['generic'] } }, 'partner.provider: expected'],
    ['a source without a provider', { partner: {} }, 'partner.provider: missing'],
    ['a limit of 0 bytes', { partner: { provider: 'generic', maxBodyBytes: 0 } }, 'partner.maxBodyBytes: expected'],
    [
      'an unknown treatment of invalid events',
      { partner: { provider: 'generic', onInvalid: 'marker' } },
      'partner.onInvalid: expected',
    ],
    [
      'a retention in words',
      { partner: { provider: 'generic', retentionSeconds: 'marker' } },
      'partner.retentionSeconds: expected',
    ],
    ['an unknown option', { partner: { provider: 'generic', maxBodyByte: 1 } }, 'partner.maxBodyByte: unknown option'],
  ])('with %s throws an error that names the option and shows no value', (_, wrong, expected) => {
    const message = messageOf(() => readConfig(environment(), wrong));
    expect(message).toContain(expected);
    expect(message).not.toContain('marker');
  });

  it('with several errors throws an error that names every variable', () => {
    expect(() => readConfig({}, PARTNER)).toThrow(
      /TABLE_NAME.*; QUARANTINE_TABLE_NAME.*; PAYLOAD_BUCKET_NAME.*; AWS_REGION.*; INBOX_NAME.*; RETENTION_SECONDS.*; PREVIOUS_SECRET_GRACE_SECONDS/,
    );
  });
});

function messageOf(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (error) {
    return String(error);
  }
}
