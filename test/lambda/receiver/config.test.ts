import { describe, expect, it } from '@jest/globals';
import { readConfig, toSource } from '../../../lambda/receiver/config.ts';

const environment = (changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  TABLE_NAME: 'events',
  SECRET_NAME_PREFIX: 'inbox/',
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
      secretNamePrefix: 'inbox/',
      previousSecretGraceSeconds: 86_400,
    });
    expect([...config.sources.keys()]).toEqual(['partner']);
  });

  it('gives a source a limit of 1 MiB and the retention of the deployment by default', () => {
    expect(readConfig(environment()).sources.get('partner')).toMatchObject({
      name: 'partner',
      providerName: 'generic',
      provider: { title: 'Generic' },
      maxBodyBytes: 1_048_576,
      retentionSeconds: 7_200,
    });
  });

  it('can set the limit and the retention of a source', () => {
    const { sources: read } = readConfig(sources({ provider: 'generic', maxBodyBytes: 1000, retentionSeconds: 60 }));
    expect(read.get('partner')).toMatchObject({ maxBodyBytes: 1000, retentionSeconds: 60 });
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

it('A source has a limit of 1 MiB and a retention of 30 days by default', () => {
  const usual = { maxBodyBytes: 1_048_576, retentionSeconds: 2_592_000 };
  expect(toSource('partner', { provider: 'generic' })).toMatchObject(usual);
  expect(toSource('partner', { provider: 'generic', retentionSeconds: 60 })).toMatchObject({ retentionSeconds: 60 });
});

describe('Reading a configuration', () => {
  it.each([
    ['no table', environment({ TABLE_NAME: undefined }), 'TABLE_NAME'],
    ['an empty table', environment({ TABLE_NAME: '' }), 'TABLE_NAME'],
    ['no prefix of the secrets', environment({ SECRET_NAME_PREFIX: undefined }), 'SECRET_NAME_PREFIX'],
    ['no retention', environment({ RETENTION_SECONDS: undefined }), 'RETENTION_SECONDS'],
    ['a retention in words', environment({ RETENTION_SECONDS: '1 day' }), 'RETENTION_SECONDS'],
    ['no grace period', environment({ PREVIOUS_SECRET_GRACE_SECONDS: undefined }), 'PREVIOUS_SECRET_GRACE_SECONDS'],
    ['an empty grace period', environment({ PREVIOUS_SECRET_GRACE_SECONDS: '' }), 'PREVIOUS_SECRET_GRACE_SECONDS'],
    [
      'a grace period in words',
      environment({ PREVIOUS_SECRET_GRACE_SECONDS: '1 day' }),
      'PREVIOUS_SECRET_GRACE_SECONDS',
    ],
    ['a negative grace period', environment({ PREVIOUS_SECRET_GRACE_SECONDS: '-1' }), 'PREVIOUS_SECRET_GRACE_SECONDS'],
    ['a public URL that is none', environment({ PUBLIC_URL: 'marker' }), 'PUBLIC_URL'],
    ['no sources', environment({ SOURCES: undefined }), 'SOURCES'],
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
      'a retention of a source in words',
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
      /TABLE_NAME.*; SECRET_NAME_PREFIX.*; RETENTION_SECONDS.*; PREVIOUS_SECRET_GRACE_SECONDS.*; SOURCES/,
    );
  });
});
