import { describe, expect, it } from '@jest/globals';
import { verifySignature } from '../../../../lambda/receiver/middleware/verify-signature.ts';
import type { Problem } from '../../../../lambda/receiver/problem.ts';
import { toSource } from '../../../../lambda/receiver/registered-source.ts';
import { cachedSecrets } from '../../../../lambda/secrets/cached-secrets.ts';
import type { SecretResult, SigningSecret } from '../../../../lambda/secrets/signing-secret.ts';
import { nothingPublished } from '../../../support/certificates.ts';
import { eventJson, NOW, signatureOf } from '../../../support/generic-event.ts';
import { halfway, run } from '../../../support/middleware.ts';

const HOUR = 3600_000;

const unreachable: SecretResult = { unavailable: { reason: 'secret_unreachable', cause: new Error('throttled') } };

/** One instance of the function, over a store of secrets that the test controls. */
function instance(secret: SigningSecret = { current: 'first' }) {
  const clock = { now: NOW };
  const store: { result: SecretResult; reads: number } = { result: { secret }, reads: 0 };
  const read = async () => {
    store.reads += 1;
    return store.result;
  };
  const step = verifySignature(
    cachedSecrets(read, () => clock.now),
    nothingPublished,
  );
  const body = eventJson();
  /** What a delivery gets that was signed with this key. */
  const verdict = async (key: string) => {
    const headers = new Map([['x-signature', [signatureOf(body, key)]]]);
    const added = async () => await run(step, halfway({ receivedAt: clock.now, headers, body }));
    return await added().catch(({ code, reason }: Problem) => ({ code, reason }));
  };
  const rotate = (value: string) => {
    store.result = { secret: { current: value } };
  };
  return { clock, store, verdict, rotate };
}

const accepted = { usedPreviousSecret: false };
const rejected = { code: 'invalid_signature', reason: 'mismatch' };
const undecided = { code: 'temporarily_unavailable', reason: 'secret_unreachable' };

describe('A signature', () => {
  it('is verified with the current secret, or with the previous one until its grace period ends', async () => {
    const previous = { value: 'older', acceptedUntil: NOW + 60_000 };
    const { clock, verdict } = instance({ current: 'first', previous });
    expect(await verdict('first')).toEqual(accepted);
    clock.now = NOW + 59_999;
    expect(await verdict('older')).toEqual({ usedPreviousSecret: true });
    clock.now = NOW + 60_000;
    expect(await verdict('older')).toEqual(rejected);
  });

  it('that does not match is rejected without another read if the secret was read within 2 seconds', async () => {
    const { clock, store, verdict } = instance();
    expect(await verdict('forged')).toEqual(rejected);
    clock.now += 1_999;
    expect(await verdict('forged')).toEqual(rejected);
    expect(store.reads).toBe(1);
  });

  it('that does not match is verified again with the secret as it is now', async () => {
    const { clock, store, verdict, rotate } = instance();
    await verdict('first');
    rotate('second');
    clock.now += 2_000;
    expect(await verdict('second')).toEqual(accepted);
    expect(await verdict('first')).toEqual(rejected);
    expect(store.reads).toBe(2);
  });

  it('that does not match may be of the secret that became the previous one', async () => {
    const { clock, store, verdict } = instance();
    await verdict('first');
    const acceptedUntil = NOW + HOUR;
    store.result = { secret: { current: 'third', previous: { value: 'second', acceptedUntil } } };
    clock.now += 2_000;
    expect(await verdict('second')).toEqual({ usedPreviousSecret: true });
  });

  it('that is missing or malformed is rejected without another read', async () => {
    const get = async () => ({ secret: { current: 'first' } });
    const step = verifySignature({ get, refresh: async () => unreachable }, nothingPublished);
    const without = run(step, halfway({ headers: new Map(), body: eventJson() }));
    await expect(without).rejects.toMatchObject({ code: 'invalid_signature', reason: 'missing' });
    const headers = new Map([['x-signature', ['sha256=00']]]);
    await expect(run(step, halfway({ headers, body: eventJson() }))).rejects.toMatchObject({ reason: 'malformed' });
  });

  it('of a provider with a certificate needs no secret', async () => {
    const fails = async () => unreachable;
    const step = verifySignature({ get: fails, refresh: fails }, nothingPublished);
    const source = toSource('sns', { provider: 'sns' });
    await expect(run(step, halfway({ source, body: Buffer.from('{}') }))).rejects.toMatchObject({ reason: 'missing' });
  });
});

describe('While someone forges signatures', () => {
  it('no genuine delivery is rejected later than 2 seconds after a rotation, at one read in 2 seconds', async () => {
    const { clock, store, verdict, rotate } = instance();
    await verdict('first');
    for (let forgeries = 0; forgeries < 1_000; forgeries += 1) {
      clock.now += 60;
      await verdict('forged');
      if (forgeries === 500) rotate('second');
      if (forgeries === 500 + 34) expect(await verdict('second')).toEqual(accepted);
    }
    expect(await verdict('second')).toEqual(accepted);
    expect(store.reads).toBeLessThanOrEqual(1 + 30);
  });
});

describe('While Secrets Manager is unreachable', () => {
  it('deliveries are accepted for 24 hours, and a thousand forged ones cause one read in 2 seconds', async () => {
    const { clock, store, verdict } = instance();
    await verdict('first');
    store.result = unreachable;
    for (const elapsed of [6 * 60_000, HOUR, 24 * HOUR - 1]) {
      clock.now = NOW + elapsed;
      store.reads = 0;
      expect(await verdict('first')).toEqual(accepted);
      for (let forgeries = 0; forgeries < 1_000; forgeries += 1) expect(await verdict('forged')).toEqual(undecided);
      expect(store.reads).toBe(1);
    }
    clock.now = NOW + 24 * HOUR + 2_000;
    expect(await verdict('first')).toEqual(undecided);
  });

  it('a signature that does not match is not rejected, since the secret may have been rotated', async () => {
    const { clock, store, verdict, rotate } = instance();
    await verdict('first');
    store.result = unreachable;
    clock.now += 2_000;
    expect(await verdict('second')).toEqual(undecided);
    rotate('second');
    clock.now += 1_999;
    expect(await verdict('second')).toEqual(undecided);
    clock.now += 1;
    expect(await verdict('second')).toEqual(accepted);
    expect(await verdict('forged')).toEqual(rejected);
  });
});

describe('A secret that was deleted', () => {
  it('verifies nothing from the next read on, even if Secrets Manager fails afterwards', async () => {
    const { clock, store, verdict } = instance();
    await verdict('first');
    store.result = { unavailable: { reason: 'secret_missing' } };
    clock.now += 5 * 60_000;
    expect(await verdict('first')).toEqual({ code: 'temporarily_unavailable', reason: 'secret_missing' });
    store.result = unreachable;
    clock.now += 2_000;
    expect(await verdict('first')).toEqual(undecided);
  });

  it('is noticed when a signature does not match', async () => {
    const { clock, store, verdict } = instance();
    await verdict('first');
    store.result = { unavailable: { reason: 'secret_missing' } };
    clock.now += 2_000;
    expect(await verdict('forged')).toEqual({ code: 'temporarily_unavailable', reason: 'secret_missing' });
  });
});
