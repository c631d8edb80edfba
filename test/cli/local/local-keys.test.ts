import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../cli/arguments.ts';
import { generatedKeys, localSecrets, secretVariable, signingKey } from '../../../cli/local/local-keys.ts';
import { toSource } from '../../../lambda/receiver/registered-source.ts';

const source = toSource('stripe-eu', { provider: 'generic' });
const sources = new Map([[source.name, source]]);

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-keys-'));
  file = join(folder, 'below', 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const secret = (environment: NodeJS.ProcessEnv) =>
  localSecrets({ environment, sources, keysFile: file })('stripe-eu', 0);

describe('the secret of a source on this machine', () => {
  it('has a variable with the name of the source in upper case', () => {
    expect(secretVariable('stripe-eu')).toBe('WEBHOOK_SECRET_STRIPE_EU');
  });

  it('is read from its variable, and the previous secret from another', async () => {
    const environment = { WEBHOOK_SECRET_STRIPE_EU: 'new\n', WEBHOOK_PREVIOUS_SECRET_STRIPE_EU: 'old' };
    expect(await secret(environment)).toEqual({
      secret: { current: 'new', previous: { value: 'old', acceptedUntil: Number.POSITIVE_INFINITY } },
    });
    expect(signingKey(environment, source, file)).toBe('new');
  });

  it('is generated once if it is not set, and saved in a file that only its owner can read', async () => {
    const { verification, signing } = generatedKeys(source, file);
    expect(await secret({})).toEqual({ secret: { current: verification } });
    expect(signingKey({}, source, file)).toBe(signing);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'stripe-eu': { signing, verification } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is saved outside version control, also in the repository of someone who has installed the package', () => {
    generatedKeys(source, file);
    execFileSync('git', ['init', '-q', folder]);
    const status = execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: folder });
    expect(String(status)).toBe('');
  });

  it('is saved beside the secrets of other sources', () => {
    const first = generatedKeys(source, file);
    const second = generatedKeys(toSource('other', { provider: 'generic' }), file);
    expect(second).not.toEqual(first);
    expect(generatedKeys(source, file)).toEqual(first);
  });

  it('is missing if its variable is empty', async () => {
    expect(await secret({ WEBHOOK_SECRET_STRIPE_EU: '' })).toEqual({ unavailable: { reason: 'secret_empty' } });
    expect(await secret({ WEBHOOK_SECRET_STRIPE_EU: ' \n' })).toEqual({ unavailable: { reason: 'secret_empty' } });
  });

  it('cannot be read from a broken file, whose error says to delete it', () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{');
    expect(() => generatedKeys(source, broken)).toThrow(
      expect.objectContaining({
        constructor: UsageError,
        message: expect.stringMatching(/broken\.json cannot be read: .+\. Delete it, and new keys are generated\.$/),
      }),
    );
  });

  it('cannot be saved where a file is in the place of the folder, and the error says so', () => {
    writeFileSync(join(folder, 'below'), '');
    expect(() => generatedKeys(source, file)).toThrow(UsageError);
  });
});
