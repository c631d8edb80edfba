import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { localSecrets, madeUpKeys, secretVariable, signingKey } from '../../../cli/local/local-keys.ts';
import { toSource } from '../../../lambda/receiver/config.ts';

const source = toSource('stripe-eu', { provider: 'generic' });
const sources = new Map([[source.name, source]]);

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-keys-'));
  file = join(folder, 'below', 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const secret = (environment: NodeJS.ProcessEnv) => localSecrets(environment, sources, file)('stripe-eu', 0);

describe('the secret of a source on this machine', () => {
  it('is a variable in upper case', () => {
    expect(secretVariable('stripe-eu')).toBe('WEBHOOK_SECRET_STRIPE_EU');
  });

  it('comes from its variable, and the one before it too', async () => {
    const environment = { WEBHOOK_SECRET_STRIPE_EU: 'new\n', WEBHOOK_PREVIOUS_SECRET_STRIPE_EU: 'old' };
    expect(await secret(environment)).toEqual({
      secret: { current: 'new', previous: { value: 'old', acceptedUntil: Number.POSITIVE_INFINITY } },
    });
    expect(signingKey(environment, source, file)).toBe('new');
  });

  it('is made up once where it is not set, and kept for its owner alone', async () => {
    const { verification, signing } = madeUpKeys(source, file);
    expect(await secret({})).toEqual({ secret: { current: verification } });
    expect(signingKey({}, source, file)).toBe(signing);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'stripe-eu': { signing, verification } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('of another source is made up beside it', () => {
    const first = madeUpKeys(source, file);
    const second = madeUpKeys(toSource('other', { provider: 'generic' }), file);
    expect(second).not.toEqual(first);
    expect(madeUpKeys(source, file)).toEqual(first);
  });

  it('is none where its variable is empty', async () => {
    expect(await secret({ WEBHOOK_SECRET_STRIPE_EU: '' })).toEqual({ unavailable: { reason: 'secret_empty' } });
    expect(await secret({ WEBHOOK_SECRET_STRIPE_EU: ' \n' })).toEqual({ unavailable: { reason: 'secret_empty' } });
  });

  it('in a file that cannot be read is said so, with the way out', () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{');
    expect(() => madeUpKeys(source, broken)).toThrow(`${broken} cannot be read; delete it, and new keys are made.`);
  });
});
