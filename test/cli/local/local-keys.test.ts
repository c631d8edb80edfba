import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
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

  it('is the same for processes that need it at once, and no key of another source is lost', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `source-${index}`);
    const program = `
      const { generatedKeys } = await import('./cli/local/local-keys.ts');
      const { toSource } = await import('./lambda/receiver/registered-source.ts');
      const keysOf = (name) => generatedKeys(toSource(name, { provider: 'generic' }), process.argv[1]).signing;
      process.stdout.write('ready\\n');
      process.stdin.resume().once('end', () => console.log(JSON.stringify(${JSON.stringify(names)}.map(keysOf))));`;
    const processes = Array.from({ length: 4 }, () => spawn('node', ['--input-type=module', '-e', program, file]));
    const outputs = processes.map(({ stdout }) => text(stdout));
    await Promise.all(processes.map(({ stdout }) => once(stdout, 'data')));
    for (const { stdin } of processes) stdin.end();
    const [first, ...others] = (await Promise.all(outputs)).map((output) => JSON.parse(output.replace('ready', '')));
    expect(others).toEqual([first, first, first]);
    const saved = JSON.parse(readFileSync(file, 'utf8'));
    expect(names.map((name) => saved[name].signing)).toEqual(first);
  });

  it('is generated although a process was killed while it saved keys', () => {
    generatedKeys(source, file);
    writeFileSync(`${file}.lock`, '');
    const killedAt = new Date(Date.now() - 60_000);
    utimesSync(`${file}.lock`, killedAt, killedAt);
    const other = toSource('other', { provider: 'generic' });
    expect(generatedKeys(other, file)).toEqual(generatedKeys(other, file));
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
