import { describe, expect, it } from '@jest/globals';
import { startEmbeddedSecretsManager } from '../../../cli/local/embedded-secrets-manager.ts';
import { abortAt } from '../../../lambda/aws/deadline.ts';
import { type SecretsManagerOptions, secretsManagerSecrets } from '../../../lambda/secrets/secrets-manager.ts';
import { secretsManagerClient } from '../../support/aws-clients.ts';
import { neverPasses } from '../../support/deadlines.ts';
import { neverAnswers } from '../../support/faults.ts';
import { startFaultyServer } from '../../support/faulty-server.ts';
import { NOW } from '../../support/generic-event.ts';

const ID = 'inbox/partner';
const DAY_MS = 24 * 3600 * 1000;

/** Secrets Manager with what a test puts into it, and the reader of the source `partner`. */
async function start() {
  const manager = await startEmbeddedSecretsManager();
  const clock = { now: NOW };
  const read = reader(manager.endpoint, { clock: () => clock.now });
  return { ...manager, clock, read };
}

/** Reads the secret of the source `partner`, with a deadline 50 ms from now that never passes by default. */
function reader(endpoint: string, changes: Partial<SecretsManagerOptions> = {}) {
  const usual = { namePrefix: 'inbox/', previousSecretGraceSeconds: 24 * 3600, clock: () => NOW };
  const options = { ...usual, openDeadline: neverPasses, ...changes };
  const readSecret = secretsManagerSecrets(secretsManagerClient(endpoint), options);
  return () => readSecret('partner', performance.now() + 50);
}

const current = `${ID} AWSCURRENT`;
const previous = `${ID} AWSPREVIOUS`;

describe('A secret in Secrets Manager', () => {
  it('is its current version, and its previous version during the grace period', async () => {
    await using manager = await start();
    const createdAt = NOW - DAY_MS + 1000;
    manager.versions.set(current, { SecretString: 'new', createdAt });
    manager.versions.set(previous, { SecretString: 'old', createdAt: NOW - 90 * DAY_MS });
    expect(await manager.read()).toEqual({
      secret: { current: 'new', previous: { value: 'old', acceptedUntil: createdAt + DAY_MS } },
    });
    expect(manager.requests).toEqual([
      { SecretId: ID, VersionStage: 'AWSCURRENT' },
      { SecretId: ID, VersionStage: 'AWSPREVIOUS' },
    ]);
  });

  it('is none while it is the key of an operator who waits for a handshake, and the one before is still accepted', async () => {
    await using manager = await start();
    manager.versions.set(current, { SecretString: ' handshake-key:AAAA\n', createdAt: NOW });
    manager.versions.set(previous, { SecretString: 'old', createdAt: NOW - 90 * DAY_MS });
    const before = { value: 'old', acceptedUntil: NOW + DAY_MS };
    expect(await manager.read()).toEqual({
      unavailable: { reason: 'secret_awaits_handshake', previous: before },
      handshakeKey: 'handshake-key:AAAA',
    });
  });

  it('has no version before if that was the key of an operator', async () => {
    await using manager = await start();
    manager.versions.set(current, { SecretString: 'new', createdAt: NOW });
    manager.versions.set(previous, { SecretString: 'handshake-key:AAAA', createdAt: NOW - 1000 });
    expect(await manager.read()).toEqual({ secret: { current: 'new' } });
  });

  it('with another id is read by that, and not by the name of its source', async () => {
    await using manager = await startEmbeddedSecretsManager();
    manager.versions.set('team/partner AWSCURRENT', { SecretString: 'new', createdAt: NOW });
    const read = reader(manager.endpoint, { secretIds: new Map([['partner', 'team/partner']]) });
    expect(await read()).toEqual({ secret: { current: 'new' } });
  });

  it('is its current version alone after the grace period, and the previous version is not read', async () => {
    await using manager = await start();
    manager.versions.set(current, { SecretString: 'new', createdAt: NOW - DAY_MS });
    manager.versions.set(previous, { SecretString: 'old', createdAt: NOW - 90 * DAY_MS });
    expect(await manager.read()).toEqual({ secret: { current: 'new' } });
    expect(manager.requests).toEqual([{ SecretId: ID, VersionStage: 'AWSCURRENT' }]);
  });

  it('that was staged long ago and is promoted now keeps the previous one for the whole grace period', async () => {
    await using manager = await start();
    manager.versions.set(current, { SecretString: 'old', createdAt: NOW - 90 * DAY_MS });
    await manager.read();
    manager.clock.now += 60_000;
    manager.versions.set(current, { SecretString: 'new', createdAt: NOW - 30 * DAY_MS });
    manager.versions.set(previous, { SecretString: 'old', createdAt: NOW - 90 * DAY_MS });
    const acceptedUntil = manager.clock.now + DAY_MS;
    expect(await manager.read()).toEqual({ secret: { current: 'new', previous: { value: 'old', acceptedUntil } } });
    manager.clock.now += DAY_MS - 1;
    expect(await manager.read()).toEqual({ secret: { current: 'new', previous: { value: 'old', acceptedUntil } } });
    manager.clock.now += 1;
    expect(await manager.read()).toEqual({ secret: { current: 'new' } });
  });

  it('that was promoted before the first read counts the grace period from its creation', async () => {
    await using manager = await start();
    manager.versions.set(current, { SecretString: 'new', createdAt: NOW - 30 * DAY_MS });
    manager.versions.set(previous, { SecretString: 'old', createdAt: NOW - 90 * DAY_MS });
    expect(await manager.read()).toEqual({ secret: { current: 'new' } });
  });

  it('may never have had another version', async () => {
    await using manager = await start();
    manager.versions.set(current, { SecretString: 'new', createdAt: NOW });
    expect(await manager.read()).toEqual({ secret: { current: 'new' } });
  });

  it('is trimmed of white space, such as the newline that an editor leaves', async () => {
    await using manager = await start();
    manager.versions.set(current, { SecretString: ' new\r\n', createdAt: NOW });
    manager.versions.set(previous, { SecretString: 'old\n', createdAt: NOW });
    expect(await manager.read()).toMatchObject({ secret: { current: 'new', previous: { value: 'old' } } });
  });

  it.each([
    ['an empty text', { SecretString: '' }],
    ['white space', { SecretString: ' \n' }],
    ['bytes', { SecretBinary: 'bmV3' }],
  ])('that consists of %s is reported as empty, whatever its previous version', async (_, value) => {
    await using manager = await start();
    manager.versions.set(current, { ...value, createdAt: NOW });
    manager.versions.set(previous, { SecretString: 'old', createdAt: NOW });
    expect(await manager.read()).toEqual({ unavailable: { reason: 'secret_empty' } });
  });

  it('with an empty previous version has none', async () => {
    await using manager = await start();
    manager.versions.set(current, { SecretString: 'new', createdAt: NOW });
    manager.versions.set(previous, { SecretString: '\n', createdAt: NOW });
    expect(await manager.read()).toEqual({ secret: { current: 'new' } });
  });

  it('that is missing is reported as missing', async () => {
    await using manager = await start();
    const cause = expect.objectContaining({ name: 'ResourceNotFoundException' });
    expect(await manager.read()).toEqual({ unavailable: { reason: 'secret_missing', cause } });
  });

  it('that is marked for deletion is missing', async () => {
    await using manager = await start();
    manager.versions.set(current, { status: 400, error: 'InvalidRequestException' });
    expect(await manager.read()).toMatchObject({ unavailable: { reason: 'secret_missing' } });
  });

  it.each([
    ['access is denied', { status: 400, error: 'AccessDeniedException' }],
    ['the service fails', { status: 500, error: 'InternalServiceError' }],
    ['the caller is throttled', { status: 400, error: 'ThrottlingException' }],
  ])('that cannot be read because %s is reported as unreachable', async (_, version) => {
    await using manager = await start();
    manager.versions.set(current, version);
    expect(await manager.read()).toMatchObject({ unavailable: { reason: 'secret_unreachable' } });
  });

  it('is reported as unreachable if the connection breaks', async () => {
    await using manager = await startFaultyServer((response) => void response.destroy());
    expect(await reader(manager.endpoint)()).toMatchObject({ unavailable: { reason: 'secret_unreachable' } });
  });

  it('is reported as unreachable, in real time, if it is not read by the deadline', async () => {
    await using manager = await startFaultyServer(neverAnswers);
    const read = reader(manager.endpoint, { openDeadline: abortAt });
    const cause = expect.objectContaining({ name: 'AbortError' });
    expect(await read()).toEqual({ unavailable: { reason: 'secret_unreachable', cause } });
  });
});
