import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { providers } from '../../lambda/providers/index.ts';
import { buildFunctions } from '../../packaging/build-functions.ts';

const output = mkdtempSync(join(tmpdir(), 'webhook-inbox-functions-'));
const receiver = join(output, 'functions/receiver/index.mjs');
const built = () => readFileSync(receiver, 'utf8');
let original = '';

beforeAll(async () => {
  await buildFunctions(output);
  original = built();
});
beforeEach(() => writeFileSync(receiver, 'as it was before'));
afterAll(() => rmSync(output, { recursive: true }));

it('bundles each function of lambda into one file, and each provider', () => {
  const names = ['shared', 'custom', ...Object.keys(providers)].toSorted();
  const providerFiles = names.map((name) => `functions/receiver/providers/${name}.mjs`);
  expect(readdirSync(output, { recursive: true }).toSorted()).toEqual([
    'functions',
    'functions.sha256',
    'functions/forwarder',
    'functions/forwarder/index.mjs',
    'functions/overflow',
    'functions/overflow/index.mjs',
    'functions/receiver',
    'functions/receiver/index.mjs',
    'functions/receiver/providers',
    ...providerFiles,
  ]);
  expect(original).toContain('PREVIOUS_SECRET_GRACE_SECONDS');
});

it('bundles nothing if the sources have not changed', async () => {
  await buildFunctions(output);
  expect(built()).toBe('as it was before');
});

it('bundles the functions again if they were built from other sources', async () => {
  writeFileSync(join(output, 'functions.sha256'), 'the digest of other sources');
  await buildFunctions(output);
  expect(built()).toBe(original);
});

it('bundles the functions again if one is missing', async () => {
  rmSync(receiver);
  await buildFunctions(output);
  expect(built()).toBe(original);
});
