import { execFileSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildPackage } from '../../packaging/build-package.ts';
import { ROOT } from '../../packaging/paths.ts';
import { importsOf } from '../boundaries/imports.ts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const installation = readFileSync(join(ROOT, 'docs/installation.md'), 'utf8');
const peers = Object.keys(manifest.peerDependencies);

/** An app's folder, in which the peers are installed and nothing else but the package. */
const app = mkdtempSync(join(tmpdir(), 'webhook-inbox-package-'));
const installed = join(app, 'node_modules/webhook-inbox');
const output = join(installed, 'dist');
const built = join(app, 'functions');

beforeAll(async () => {
  mkdirSync(installed, { recursive: true });
  for (const peer of peers) symlinkSync(join(ROOT, 'node_modules', peer), join(app, 'node_modules', peer));
  symlinkSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
  await buildPackage(output);
  // Their folder is not in the package, but only the archive.
  renameSync(join(output, 'functions'), built);
});
afterAll(() => rmSync(app, { recursive: true }));

/** Runs a CommonJS program in the app's folder, without esbuild, Docker and npm. */
function runInApp(program: string): string {
  return execFileSync(process.execPath, ['--eval', program], {
    cwd: app,
    encoding: 'utf8',
    env: { PATH: '' },
  });
}

/** Compiles programs in the app's folder, by their names. */
function compileInApp(programs: Record<string, string>): void {
  for (const [name, program] of Object.entries(programs)) writeFileSync(join(app, name), program);
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', ''];
  const files = Object.keys(programs);
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), [...options, ...files], { cwd: app, stdio: 'inherit' });
}

describe('the built package', () => {
  it('has each file that package.json names', () => {
    const targets = Object.values<string | Record<string, string>>(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    const commands = Object.values<string>(manifest.bin);
    const files = [manifest.main, manifest.types, ...targets, ...manifest.typesVersions['*'].consumer, ...commands];
    expect(files.filter((file) => !existsSync(join(installed, file)))).toEqual([]);
  });

  it('synthesises a stack by its own functions in a CommonJS app', () => {
    runInApp(`
      const { App, Stack } = require('aws-cdk-lib');
      const { WebhookInbox } = require('webhook-inbox');
      const app = new App({ analyticsReporting: false, outdir: 'cdk.out' });
      const stack = new Stack(app, 'Hooks');
      new WebhookInbox(stack, 'Inbox', { sources: { partner: { provider: 'generic' } } });
      app.synth();
    `);
    const textsIn = (folder: string, pattern: string) =>
      globSync(pattern, { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8'));
    const deployed = textsIn(join(app, 'cdk.out'), 'asset.*/index.mjs');
    expect(deployed).toHaveLength(3);
    expect(deployed.toSorted()).toEqual(textsIn(built, '*/index.mjs').toSorted());
  });

  it('compiles and synthesises the app of docs/installation.md', () => {
    const [, program = ''] = /^## In a CDK app$[\s\S]*?^```ts\n([\s\S]+?)^```$/m.exec(installation) ?? [];
    compileInApp({ 'hooks.mts': program });
    execFileSync(process.execPath, ['hooks.mts'], { cwd: app, env: { CDK_OUTDIR: 'hooks.out' } });
    const { Resources } = JSON.parse(readFileSync(join(app, 'hooks.out/WebhookInbox.template.json'), 'utf8'));
    const types = Object.values<{ Type: string }>(Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type === 'AWS::SecretsManager::Secret')).toHaveLength(2);
  });

  it("compiles README.md's rule and consumer", () => {
    const [rule, consumer, ...others] = [...readme.matchAll(/^```ts\n([\s\S]+?)^```$/gm)].map(([, code = '']) => code);
    expect([rule?.split('\n').length, consumer?.split('\n').length, others]).toEqual([2, 6, []]);
    const declarations = `
      import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
      declare const inbox: import('webhook-inbox').WebhookInbox;
      declare const recordInvoice: import('aws-cdk-lib/aws-lambda').IFunction;
    `;
    const environment = 'declare const console: { log(...values: (string | undefined)[]): void };';
    compileInApp({ 'rule.mts': `${declarations}${rule}`, 'record-invoice.mts': `${environment}${consumer}` });
  });

  it("offers the consumer's functions to CommonJS and to ECMAScript modules", () => {
    const program = `
      const { once } = require('webhook-inbox/consumer');
      import('webhook-inbox/consumer').then((module) => console.log(typeof once, module.once === once));
    `;
    expect(runInApp(program)).toBe('function true\n');
  });

  it('runs its command', () => {
    const run = (...args: string[]) =>
      execFileSync(process.execPath, [join(installed, manifest.bin['webhook-inbox']), ...args], { encoding: 'utf8' });
    expect(run('--version')).toBe(`${manifest.version}\n`);
    expect(run('cost')).toContain('API Gateway');
  });

  it('has declarations that import only the peers, Node.js and each other', () => {
    const files = globSync('**/*.d.ts', { cwd: output });
    const targets = files.flatMap((file) => importsOf(file, readFileSync(join(output, file), 'utf8')));
    const names = new Set(targets.map(({ target }) => target.replace(/\.js$/, '.d.ts')));
    const others = [...names].filter((name) => !files.includes(name) && !name.startsWith('node:'));
    expect(others.toSorted()).toEqual(peers.toSorted());
  });

  it('has the licence of each package that it contains', () => {
    const text = readFileSync(join(output, 'NOTICES.txt'), 'utf8');
    expect(text).toMatch(/^valibot \S+ MIT https:\/\/valibot\.dev$/m);
    expect(text).toMatch(/^@middy\/core \S+ MIT /m);
    expect(text).toContain('Copyright (c) Fabian Hiller');
    expect(text).toContain('Apache License\n');
  });
});
