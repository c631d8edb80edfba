import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { readInboxFile } from '../../cli/inbox-file.ts';
import { everySource } from '../../cli/local/every-source.ts';
import { startLocalInbox } from '../../cli/local/local-inbox.ts';
import { customDefinitions } from '../../samples/custom-definitions.ts';
import { inboxStack } from '../lib/synthesis.ts';
import { runCommand } from '../support/command.ts';

const ENTRY = 'examples/own-provider/acme.ts';
const BASE_URL = 'http://127.0.0.1:3000';
const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: unknown): string {
  const file = join(folder, 'inbox.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const providers = { acme: { entry: ENTRY } };
const sources = { 'acme-eu': { provider: 'acme', settings: { account: 'acct_9' } }, shop: { provider: 'shopify' } };

describe('the file of --config', () => {
  it('adds its sources to those of the providers', () => {
    const found = everySource({}, BASE_URL, readInboxFile(fileOf({ providers, sources })));
    expect([...found.keys()]).toEqual([...everySource({}, BASE_URL).keys(), 'acme-eu', 'shop']);
    expect(found.get('acme-eu')).toMatchObject({
      providerName: 'acme',
      provider: { title: 'Acme' },
      publicUrl: `${BASE_URL}/webhooks/acme-eu`,
      settings: { account: 'acct_9' },
    });
  });

  it('may have a provider alone, which gets a source with its name', () => {
    const { sources: found } = readInboxFile(fileOf({ providers }));
    expect([...found]).toEqual([['acme', { provider: 'acme' }]]);
  });

  it('may be the template of a stack, as cdk synth writes it', () => {
    const template = Template.fromStack(inboxStack({ providers, sources: { 'acme-eu': { provider: 'acme' } } }));
    const { sources: found, providers: own } = readInboxFile(fileOf(template.toJSON()));
    expect([...found]).toEqual([['acme-eu', { provider: 'acme' }]]);
    expect(own.get('acme')?.title).toBe('Acme');
  });

  it.each([
    ['that is missing', '/nowhere/inbox.json', /^--config \/nowhere\/inbox\.json cannot be read: no such file/],
    ['that is not JSON', fileOf('{'), /inbox\.json cannot be read: it is not JSON: line 1, column 2\.$/],
  ])('%s is refused', (_, file, message) => {
    if (file.startsWith(folder)) writeFileSync(file, '{');
    expect(() => readInboxFile(file)).toThrow(message);
  });

  it.each([
    [
      'an unknown key',
      { source: {} },
      /inbox\.json: source: unknown option; did you mean "sources"\? The file is an object with "sources" and "providers"\.$/,
    ],
    ['a provider without an entry', { providers: { acme: {} } }, /providers\.acme\.entry: missing\. /],
    ['a provider whose file is missing', { providers: { acme: { entry: 'none.ts' } } }, /there is no file none\.ts/],
    [
      'a source without a provider',
      { sources: { a: {} } },
      /: sources\.a\.provider: is required\. It must be the name/,
    ],
    ['a text', '"text"', /inbox\.json: is no JSON object\. The file is an object with "sources"/],
    ['a list', '[]', /inbox\.json: is a list\. The file is an object with "sources"/],
    [
      'a name twice',
      '{"sources":{"a":{"provider":"x"},"a":{}}}',
      /: "a" is there twice in one object; rename or remove/,
    ],
    [
      'a source with an unknown option',
      { sources: { a: { provider: 'generic', onInvald: 1 } } },
      /: sources\.a\.onInvald: there is no such option; did you mean "onInvalid"\?$/,
    ],
    [
      'an option of a deployed inbox',
      { sources: { a: { provider: 'generic', throttle: {} } } },
      /: sources\.a\.throttle: is for a deployed inbox, and has no meaning on this machine; leave it out\.$/,
    ],
    [
      'another value of an option',
      { sources: { a: { provider: 'generic', onInvalid: 'ignore' } } },
      /: sources\.a\.onInvalid: must be "quarantine" or "reject"\.$/,
    ],
    [
      'a definition in a source of another provider',
      { sources: { a: { provider: 'github', signature: {} } } },
      /: sources\.a\.signature: belongs to a custom source; leave it out, or set "provider" to "custom"\.$/,
    ],
    ['a source that is no object', { sources: { a: null } }, /: sources\.a: must be an object, such as/],
    ['a list of sources', { sources: [] }, /: sources: must be an object, such as/],
    [
      'an odd name of a source',
      { sources: { 'a b': { provider: 'github' } } },
      /: Source "a b": its name is part of a URL/,
    ],
    [
      'a name from the prototype',
      '{"sources":{"__proto__":{"provider":"github"}}}',
      /: Source "__proto__": its name is part of a URL/,
    ],
  ])('with %s is refused, and the message names it', (_, content, message) => {
    const file = fileOf(content);
    expect(() => readInboxFile(file)).toThrow(message);
  });

  it('with an invalid definition is refused with the path and the remedy of each fault', () => {
    const signature = { algorithm: 'ed25519', header: 'X', key: 'whsec_' };
    const file = fileOf({ sources: { harbor: { provider: 'custom', signature, event: {} } } });
    expect(() => readInboxFile(file)).toThrow(
      `${file}: sources.harbor.signature.key: an Ed25519 key cannot be "whsec_"; use "hex", "base64", "pem".\n` +
        'sources.harbor.event.id: is required.',
    );
  });

  it('with several faults is refused with all of them', () => {
    const file = fileOf({ sources: { harbor: { provider: 'custom' }, shop: { provider: 'shopfy' } } });
    expect(() => readInboxFile(file)).toThrow(
      `${file}: sources.harbor.signature: is required.\nsources.harbor.event: is required.\n` +
        'sources.shop.provider: there is no provider "shopfy"; did you mean "shopify"?',
    );
  });

  it('may begin with a byte order mark, and has the line and the column of what is not JSON', () => {
    expect([
      ...readInboxFile(fileOf(`\ufeff${JSON.stringify({ sources })}`.replace('acme"', 'github"'))).sources.keys(),
    ]).toEqual(['acme-eu', 'shop']);
    expect(() => readInboxFile(fileOf('{\n  "sources": {},\n}'))).toThrow(/it is not JSON: line 3, column 1\.$/);
  });

  it('with a source of an unknown provider makes npm start end, with status 1', async () => {
    const config = fileOf({ sources: { partner: { provider: 'acmee' } } });
    const { status, stderr } = await runCommand('start', ['--config', config], { PORT: '0', DYNAMODB_PORT: '0' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('sources.partner.provider: there is no provider "acmee"; use "custom" for'),
    });
  });
});

it('npm run send signs for a source of the file, as the local inbox verifies it', async () => {
  const config = fileOf({ providers, sources });
  const environment = { WEBHOOK_SECRET_ACME_EU: 'secret-of-acme' };
  const inbox = await startLocalInbox({
    port: 0,
    dynamodbPort: 0,
    environment,
    report: () => undefined,
    own: readInboxFile(config),
  });
  const args = ['acme-eu', '--config', config];
  const { status, stdout, stderr } = await runCommand('send', args, { ...environment, PORT: new URL(inbox.url).port });
  await inbox.stop();
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: '200 {"status":"processed","event_id":"ord_1001"}\n',
    stderr: '',
  });
});

const custom = { harbor: { provider: 'custom', ...customDefinitions.stripe } } as const;

it.each([
  ['of the file', () => ({ sources: custom })],
  ['of a template', () => Template.fromStack(inboxStack({ sources: custom })).toJSON()],
])('npm run send and npm run probe sign for a custom source %s', async (_, content) => {
  const config = fileOf(content());
  const environment = { WEBHOOK_SECRET_HARBOR: 'secret-of-harbor' };
  const own = readInboxFile(config);
  const inbox = await startLocalInbox({ port: 0, dynamodbPort: 0, environment, report: () => undefined, own });
  try {
    const sent = await runCommand('send', ['harbor', '--new', '--config', config], {
      ...environment,
      PORT: new URL(inbox.url).port,
    });
    expect(sent).toMatchObject({ status: 0, stdout: expect.stringMatching(/^200 \{"status":"processed"/) });
    const url = `${inbox.url}/webhooks/harbor`;
    const only = ['unsigned', 'wrong-key', 'stale-timestamp'].join(',');
    const args = ['--url', url, '--config', config, '--only', only];
    const probed = await runCommand('probe', args, environment);
    expect(probed.stdout).toMatch(/None of \d+ checks failed, 3 passed/);
  } finally {
    await inbox.stop();
  }
});

it('npm run probe finds no fault in a source whose sample has an empty body', async () => {
  const definition = {
    signature: { algorithm: 'hmac-sha256', header: 'X-Signature' },
    event: { id: { header: 'X-Id' } },
    samples: { empty: { headers: { 'content-type': 'application/json', 'x-id': '{{id}}' }, body: '{}' } },
  };
  const config = fileOf({ sources: { harbor: { provider: 'custom', ...definition } } });
  const environment = { WEBHOOK_SECRET_HARBOR: 'secret-of-harbor' };
  const own = readInboxFile(config);
  const inbox = await startLocalInbox({ port: 0, dynamodbPort: 0, environment, report: () => undefined, own });
  try {
    const url = `${inbox.url}/webhooks/harbor`;
    const args = ['--url', url, '--config', config, '--only', 'reserialised-body,hostile-json'];
    const { stdout } = await runCommand('probe', args, environment);
    expect(stdout).toMatch(/None of \d+ checks failed, 2 passed/);
  } finally {
    await inbox.stop();
  }
});

it('npm run send refuses --config for a deployed inbox, which has its sources with it', async () => {
  const { status, stderr } = await runCommand('send', ['partner', '--stack', 'Hooks', '--config', 'inbox.json'], {});
  expect(status).toBe(1);
  expect(stderr).toMatch(/^--config is for this machine: a deployed inbox has its sources with it\.\n/);
});
