import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { loadOwnProvider } from '../../../lib/providers/own-provider.ts';
import { WebhookInbox } from '../../../lib/webhook-inbox.ts';
import { WebhookInboxStack } from '../../../lib/webhook-inbox-stack.ts';
import { inboxTemplate, onlyResource, resourcesOf, unbundledApp } from '../synthesis.ts';

const ENTRY = 'examples/own-provider/acme.ts';
const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-own-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KIT = join(process.cwd(), 'provider/index.ts');
const VALIBOT = join(process.cwd(), 'node_modules/valibot/dist/index.mjs');

/** A copy of the example with a change. */
function changed(from: string, to: string): string {
  const code = readFileSync(ENTRY, 'utf8');
  expect(code).toContain(from);
  const file = join(folder, 'acme.ts');
  writeFileSync(
    file,
    code.replace(from, to).replace('webhook-inbox/provider', KIT).replace("'valibot'", `'${VALIBOT}'`),
  );
  return file;
}

describe('an inbox with an own provider', () => {
  const providers = { acme: { entry: ENTRY } };
  const props = { providers, sources: { 'acme-eu': { provider: 'acme' }, partner: { provider: 'generic' } } } as const;

  it('serves its sources, with a secret, the methods of the provider and the provider in the function', () => {
    const app = new App({ analyticsReporting: false, stackTraces: false, treeMetadata: false });
    const template = Template.fromStack(new WebhookInboxStack(app, 'Hooks', props));
    const names = resourcesOf(template, 'AWS::SecretsManager::Secret').map(({ Properties }) => Properties.Name);
    expect(names).toEqual(['Hooks/Inbox/acme-eu', 'Hooks/Inbox/partner']);
    expect(onlyResource(template, 'AWS::ApiGateway::Method').Properties.HttpMethod).toBe('POST');
    const files = readdirSync(app.outdir, { recursive: true }).filter((file) => String(file).includes('/providers/'));
    expect(files.map((file) => String(file).split('/').at(-1)).toSorted()).toEqual([
      'acme.mjs',
      'generic.mjs',
      'shared.mjs',
    ]);
  });

  it('has the path of the file, relative to the app, in the metadata for the commands', () => {
    const absolute = { acme: { entry: join(process.cwd(), ENTRY) } };
    const { Metadata } = inboxTemplate({ ...props, providers: absolute }).toJSON();
    expect(Metadata['webhook-inbox:Hooks/Inbox']).toEqual({
      sources: { 'acme-eu': { provider: 'acme' }, partner: { provider: 'generic' } },
      providers: { acme: { entry: ENTRY } },
    });
  });

  it('validates the settings that the provider defines', () => {
    const sources = (settings: Record<string, string>) => ({ acme: { provider: 'acme' as const, settings } });
    expect(() => inboxTemplate({ providers, sources: sources({ account: 'acct_9' }) })).not.toThrow();
    expect(() => inboxTemplate({ providers, sources: sources({ account: '9' }) })).toThrow(
      'setting account: Your account.',
    );
    expect(() => inboxTemplate({ providers, sources: sources({ other: '9' }) })).toThrow('has no setting "other"');
  });

  it('is type-checked: a source names a provider that there is', () => {
    // @ts-expect-error There is no provider acmee.
    const misspelled = () => inboxTemplate({ providers, sources: { acme: { provider: 'acmee' } } });
    expect(misspelled).toThrow(
      'Source "acme": there is no provider "acmee". Did you mean "acme"? The providers are adyen, ',
    );
    // @ts-expect-error The inbox has no own providers.
    const without = () => inboxTemplate({ sources: { acme: { provider: 'acme' } } });
    expect(without).toThrow('there is no provider "acme"');
  });

  it.each([
    ['Acme', 'providers: "Acme" is no name of a provider; use lower-case letters'],
    ['stripe', 'providers: there is a provider "stripe" already; give yours another name.'],
  ])('refuses the name %s', (name, message) => {
    const own = { [name]: { entry: ENTRY } };
    expect(() => inboxTemplate({ providers: own, sources: { partner: { provider: 'generic' } } })).toThrow(message);
  });
});

describe('the file of a provider', () => {
  it('may export a function, so that each source has a provider to itself', () => {
    const { build } = loadOwnProvider('providers.acme', {
      entry: changed('defineProvider({\n', '() => defineProvider({\n'),
    });
    expect(build().title).toBe('Acme');
    expect(build()).not.toBe(build());
  });

  it('may have the provider as its default export', () => {
    const entry = changed('export const provider =', 'export default');
    expect(loadOwnProvider('providers.acme', { entry }).build().title).toBe('Acme');
  });

  it('is refused if it is missing', () => {
    const load = () => loadOwnProvider('providers.acme', { entry: 'webhooks/none.ts' });
    expect(load).toThrow(/^providers\.acme\.entry: there is no file webhooks\/none\.ts in \//);
  });

  it.each([
    ['does not compile', 'export const', 'export cons', /esbuild cannot bundle .*acme\.ts:5: Unexpected/],
    ['fails', 'export const', 'throw new Error("boom");\nexport const', /fails when it is loaded: boom$/],
    [
      'exports no provider',
      'const provider',
      'const acme',
      /exports no provider; write export const provider = define/,
    ],
    ['has no sample', "'order-paid': {", '...{}, ...false && {', /it has no sample\. Add samples: /],
    [
      'has a sample of another content type',
      'application/json',
      'text/plain',
      /content type "text\/plain" is none of app/,
    ],
    ['has a sample that is not JSON', '{"id":"{{id', '{"id:"{{id', /the sample's body cannot be parsed: not_json\.$/],
    [
      'has a sample that its schema rejects',
      '"total":42',
      '"total":"42"',
      /rejects the sample: order\.total: expected a val/,
    ],
    ['has a sample without an id', '"id":"{{id:ord_1001}}"', '"id":""', /the event of the sample has no id\.$/],
  ])('is refused if it %s, with a message that says how to fix it', (_, from, to, message) => {
    expect(() => loadOwnProvider('providers.acme', { entry: changed(from, to) })).toThrow(message);
  });

  /** A copy of the example whose signature is verified by this code. */
  function verifiedBy(verify: string): string {
    const own = `const scheme = signedBy({ carrier: inHeaders({ signature: 's' }), algorithm: hmac({ encoding: 'hex' }) });
export const provider`;
    const entry = changed('export const provider', own);
    writeFileSync(
      entry,
      readFileSync(entry, 'utf8').replace(
        /signature: signedBy\(\{.*?\}\),\n {2}settings/s,
        `signature: { ...scheme, verify: ${verify} },\n  settings`,
      ),
    );
    return entry;
  }

  it.each([
    ['accepts what is not signed', "() => 'valid'", /its signature accepts a request that is not signed\.$/],
    ['does not verify what it signs', "() => 'mismatch'", /does not verify the sample that it signs: mismatch\.$/],
    ['throws', "() => { throw new Error('no key'); }", /^providers\.acme: its signature fails: no key\.$/],
    ['accepts what is not signed, later', "async () => 'valid'", /accepts a request that is not signed\.$/],
    ['does not verify what it signs, later', "async () => 'mismatch'", /the sample that it signs: mismatch\.$/],
    ['throws later', "async () => { throw new Error('no key'); }", /^providers\.acme: its signature fails: no key\.$/],
    [
      'does not verify what it signs after a pause, with the same settings and time',
      "async (request, { secret, now }) => { await new Promise(setImmediate); return now > 0 && secret && request.query.size === 0 ? 'outside_tolerance' : 'malformed'; }",
      /the sample that it signs: outside_tolerance\.$/,
    ],
  ])('is refused if its signature %s', (_, verify, message) => {
    const entry = verifiedBy(verify);
    expect(() => loadOwnProvider('providers.acme', { entry })).toThrow(message);
  });

  it.each([
    ['at once', '(request, context) => scheme.verify(request, context)', true],
    ['later', 'async (request, context) => scheme.verify(request, context)', true],
    [
      'with keys that it fetches',
      "async (_, { fetch }) => (await fetch('https://a.example')).ok ? 'valid' : 'certificate_unavailable'",
      false,
    ],
  ])('says whether its signature was tried: one that verifies %s', (_, verify, isTried) => {
    expect(loadOwnProvider('providers.acme', { entry: verifiedBy(verify) }).isTried).toBe(isTried);
  });

  it('has a warning in the stack if its signature was not tried', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    const entry = verifiedBy("async () => 'certificate_unavailable'");
    const sources = { shop: { provider: 'acme' } } as const;
    new WebhookInbox(stack, 'Inbox', { providers: { acme: { entry } }, sources, forwarding: false, alarms: false });
    const [warning] = Annotations.fromStack(stack).findWarning('/Hooks/Inbox', Match.anyValue());
    expect(warning?.entry.data).toMatch(
      /^providers\.acme: its signature needs keys .*webhook-inbox:provider:acme:signature\]$/,
    );
  });
});
