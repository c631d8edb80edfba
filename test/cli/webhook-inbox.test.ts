import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { runCommand, runInto } from '../support/command.ts';

const { version, scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const COMMANDS = [
  'start',
  'send',
  'scheme',
  'events',
  'inspect',
  'tail',
  'status',
  'listen',
  'console',
  'probe',
  'describe',
  'secret',
  'quarantine',
  'redeliver',
  'replay',
  'redrive',
  'cost',
];

/** Characters of a line of help. */
const MAX_WIDTH = 125;

describe('webhook-inbox', () => {
  it('lists its commands with --help, each with a line', async () => {
    const { status, stdout, stderr } = await runCommand('webhook-inbox', ['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect([...stdout.matchAll(/^ {2}([a-z]+) {3,}\S/gm)].map(([, name]) => name)).toEqual(COMMANDS);
    expect(stdout).toContain('\n  npm run <command> -- [options]\n');
    expect(stdout).toContain(' npm run webhook-inbox -- --version\n');
  });

  it.each(COMMANDS)('describes %s with --help, by its call in a clone', async (name) => {
    const { status, stdout } = await runCommand('webhook-inbox', [name, '--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(name === 'start' ? /\n {2}npm start -- / : new RegExp(`\n  npm run ${name}( --|\n)`));
    expect(stdout).not.toContain('npx');
    expect(stdout.split('\n').filter((line) => line.length > MAX_WIDTH)).toEqual([]);
  });

  it.each(COMMANDS)('%s is what npm runs as well', (name) => {
    const node = 'node --import \\./packaging/typescript\\.mjs';
    expect(scripts[name]).toMatch(new RegExp(`^(exec )?${node} bin/webhook-inbox\\.ts ${name}( --write)?$`));
  });

  it('prints its version', async () => {
    expect(await runCommand('webhook-inbox', ['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    ['a mistyped command', ['sned', '--url'], /^Unknown command "sned", did you mean send\?\n$/],
    ['no command', [], /^Name a command\.\n\n.*signed webhooks/],
    [
      'an option before the command',
      ['--stack', 'Hooks', 'secret'],
      /^The first argument is the command: start, send, /,
    ],
    ['a name that objects have', ['constructor'], /^Unknown command\. The commands are: start, send, .*cost\.\n$/],
  ])('refuses %s, and prints the reason', async (_, args, message) => {
    const { status, stdout, stderr } = await runCommand('webhook-inbox', args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('does not repeat an unknown command, which may be a secret', async () => {
    const { stderr } = await runCommand('webhook-inbox', ['whsec_hush']);
    expect(stderr).not.toContain('hush');
  });

  it('names itself as npx calls it if it is bundled, as in the package', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-'));
    const entry = fileURLToPath(new URL('../../bin/webhook-inbox.ts', import.meta.url));
    const options = { bundle: true, splitting: true, platform: 'node', format: 'esm', packages: 'external' } as const;
    await build({ ...options, entryPoints: [entry], outdir: folder, outExtension: { '.js': '.mjs' } });
    const help = execFileSync(process.execPath, [join(folder, 'webhook-inbox.mjs'), '--help'], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(help).toContain('\n  npx webhook-inbox <command> [options]\n');
    expect(help).toContain(' npx webhook-inbox <command> --help\n');
    expect(help).toContain(' npx webhook-inbox --version\n');
  });
});

it('The output of a command is not lost silently if the disk is full', async () => {
  const full = openSync('/dev/full', 'w');
  expect(await runInto(full, 'webhook-inbox', ['--version'])).toEqual({
    status: 1,
    stderr: 'Standard output cannot be written: no space left on device.\n',
  });
  closeSync(full);
});
