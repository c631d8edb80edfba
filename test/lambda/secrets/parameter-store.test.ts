import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { abortAt } from '../../../lambda/aws/deadline.ts';
import { type ParameterStoreOptions, parameterStoreSecrets } from '../../../lambda/secrets/parameter-store.ts';
import { parameterStoreApi, type SigningConfig } from '../../../lambda/secrets/parameter-store-api.ts';
import { parameterStoreUrl } from '../../../lambda/secrets/parameter-store-url.ts';
import { neverPasses } from '../../support/deadlines.ts';
import { NOW } from '../../support/generic-event.ts';
import { startParameterStore } from '../../support/parameter-store-endpoint.ts';

const NAME = '/hooks/partner';
const DAY_MS = 24 * 3600 * 1000;
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret', sessionToken: 'a session' };
const { config } = new DynamoDBClient({ region: 'eu-north-1', credentials });

/** Reads the secret of the source `partner`. */
function reader(url: string, changes: Partial<ParameterStoreOptions> = {}, signing: SigningConfig = config) {
  const usual = {
    parameterNames: new Map([['partner', NAME]]),
    previousSecretGraceSeconds: 24 * 3600,
    clock: () => NOW,
    openDeadline: neverPasses,
  };
  const call = parameterStoreApi({ url, config: signing, fetch });
  const readSecret = parameterStoreSecrets(call, { ...usual, ...changes });
  return (deadline = 50) => readSecret('partner', performance.now() + deadline);
}

const start = () => startParameterStore(config);

describe('A secret in Parameter Store', () => {
  it('is the latest version, decrypted, and the version before it during the grace period', async () => {
    await using store = await start();
    const storedAt = NOW - DAY_MS + 1000;
    store.put(NAME, 'oldest', NOW - 180 * DAY_MS);
    store.put(NAME, 'old', NOW - 90 * DAY_MS);
    store.put(NAME, 'new', storedAt);
    expect(await reader(store.endpoint)()).toEqual({
      secret: { current: 'new', previous: { value: 'old', acceptedUntil: storedAt + DAY_MS } },
    });
    expect(store.calls).toEqual([
      ['GetParameter', { Name: NAME, WithDecryption: true }],
      ['GetParameter', { Name: `${NAME}:2`, WithDecryption: true }],
    ]);
  });

  it('is the latest version alone after the grace period, and the version before it is not read', async () => {
    await using store = await start();
    store.put(NAME, 'old', NOW - 90 * DAY_MS);
    store.put(NAME, 'new', NOW - DAY_MS);
    expect(await reader(store.endpoint)()).toEqual({ secret: { current: 'new' } });
    expect(store.calls).toHaveLength(1);
  });

  it('may have only one version', async () => {
    await using store = await start();
    store.put(NAME, 'new', NOW);
    expect(await reader(store.endpoint)()).toEqual({ secret: { current: 'new' } });
    expect(store.calls).toHaveLength(1);
  });

  it('may have lost the version before', async () => {
    await using store = await start();
    store.put(NAME, 'old', NOW - DAY_MS);
    store.put(NAME, 'new', NOW);
    store.faults.set(`${NAME}:1`, { status: 400, error: 'ParameterVersionNotFound' });
    expect(await reader(store.endpoint)()).toEqual({ secret: { current: 'new' } });
  });

  it('is none while it is the key of an operator who waits for a handshake, and the one before is still accepted', async () => {
    await using store = await start();
    store.put(NAME, 'old', NOW - DAY_MS);
    store.put(NAME, 'handshake-key:AAAA', NOW);
    const before = { value: 'old', acceptedUntil: NOW + DAY_MS };
    expect(await reader(store.endpoint)()).toEqual({
      unavailable: { reason: 'secret_awaits_handshake', previous: before },
      handshakeKey: 'handshake-key:AAAA',
    });
    store.put(NAME, 'new', NOW);
    expect(await reader(store.endpoint)()).toEqual({ secret: { current: 'new' } });
  });

  it('is trimmed of white space', async () => {
    await using store = await start();
    store.put(NAME, 'old\n', NOW - DAY_MS);
    store.put(NAME, ' new\r\n', NOW);
    expect(await reader(store.endpoint)()).toMatchObject({ secret: { current: 'new', previous: { value: 'old' } } });
  });

  it('of white space is reported as empty', async () => {
    await using store = await start();
    store.put(NAME, ' \n', NOW);
    expect(await reader(store.endpoint)()).toEqual({ unavailable: { reason: 'secret_empty' } });
  });

  it('that is missing is reported as missing, after one request', async () => {
    await using store = await start();
    const cause = expect.objectContaining({ name: 'ParameterNotFound', $fault: 'client' });
    expect(await reader(store.endpoint)()).toEqual({ unavailable: { reason: 'secret_missing', cause } });
    expect(store.calls).toHaveLength(1);
  });

  it.each([
    ['access is denied', { status: 400, error: 'AccessDeniedException' }],
    ['the service fails', { status: 500, error: 'InternalServerError' }],
    ['the caller is throttled', { status: 400, error: 'ThrottlingException' }],
  ])('that cannot be read because %s is reported as unreachable, after a second attempt', async (_, fault) => {
    await using store = await start();
    store.put(NAME, 'new', NOW);
    store.faults.set(NAME, fault);
    const cause = expect.objectContaining({ name: fault.error });
    expect(await reader(store.endpoint)()).toEqual({ unavailable: { reason: 'secret_unreachable', cause } });
    expect(store.calls).toHaveLength(2);
  });

  it('is read by the second attempt if the first one fails', async () => {
    await using store = await start();
    store.put(NAME, 'new', NOW);
    store.faults.set(NAME, { status: 500, error: 'InternalServerError', once: true });
    expect(await reader(store.endpoint)()).toEqual({ secret: { current: 'new' } });
  });

  it('is not read with other credentials', async () => {
    await using store = await start();
    store.put(NAME, 'new', NOW);
    const other = { ...config, credentials: { ...credentials, secretAccessKey: 'another' } };
    expect(await reader(store.endpoint, {}, other)()).toMatchObject({
      unavailable: { reason: 'secret_unreachable', cause: { name: 'InvalidSignatureException' } },
    });
  });

  it('is reported as unreachable if nothing listens', async () => {
    const store = await start();
    await store[Symbol.asyncDispose]();
    expect(await reader(store.endpoint)()).toMatchObject({
      unavailable: { reason: 'secret_unreachable', cause: { code: 'ECONNREFUSED' } },
    });
  });

  it('is reported as unreachable, in real time, if it is not read by the deadline', async () => {
    await using store = await start();
    store.faults.set(NAME, 'silence');
    expect(await reader(store.endpoint, { openDeadline: abortAt })()).toMatchObject({
      unavailable: { reason: 'secret_unreachable', cause: { name: 'TimeoutError' } },
    });
  });
});

describe('The URL of Parameter Store', () => {
  it.each([
    ['eu-north-1', undefined, 'https://ssm.eu-north-1.amazonaws.com'],
    ['cn-north-1', undefined, 'https://ssm.cn-north-1.amazonaws.com.cn'],
    ['eu-north-1', 'http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
  ])('in %s, with the endpoint %s, is %s', (region, endpoint, url) => {
    expect(parameterStoreUrl(region, endpoint)).toBe(url);
  });
});
