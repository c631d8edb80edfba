import { describe, expect, it } from '@jest/globals';
import { KNOWN_CONTENTS } from '../../../cli/scheme/known-contents.ts';
import { type CustomDefinition, custom, validateCustom, warningsOf } from '../../../lambda/providers/index.ts';
import { parseSources } from '../../../lambda/receiver/config.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { captured, diagnosisOf, NOW, printed, printedEntry, signed } from './captured-samples.ts';

const URL_GIVEN = 'https://hooks.example.com/webhooks/harbor?port=7';

function requestOf(definition: CustomDefinition, headers: Record<string, string> = {}) {
  const { signature } = custom(definition);
  const keys = signature.generateKeys();
  const request: SignedRequest = {
    method: 'POST',
    url: URL_GIVEN,
    query: new URLSearchParams('port=7'),
    headers: new Map(
      Object.entries({ 'content-type': 'application/json', ...headers }).map(([name, value]) => [name, [value]]),
    ),
    body: Buffer.from('{"id":"evt_1","type":"arrival","created":1795867100}'),
  };
  return { request: signature.sign(request, { key: keys.signing, now: NOW, settings: {} }), secret: keys.verification };
}

const definitionWith = (signature: object): CustomDefinition =>
  ({ signature, event: { id: { pointer: '/id' } } }) as CustomDefinition;

/** A definition with what a template needs. */
function definitionOf(content: string): CustomDefinition {
  return definitionWith({
    algorithm: 'hmac-sha256',
    header: 'X-Harbor-Signature',
    content,
    ...(content.includes('{timestamp}') && { timestamp: { header: 'X-Harbor-Time' } }),
    ...(content.includes('{id}') && { id: { header: 'X-Harbor-Id' } }),
  });
}

async function found(definition: CustomDefinition, headers: Record<string, string> = {}) {
  const { request, secret } = requestOf(definition, headers);
  const diagnosis = await diagnosisOf(captured(request), secret, { url: URL_GIVEN });
  return { diagnosis, secret, custom: diagnosis.match?.custom?.definition };
}

describe('scheme, with a sender that is no provider', () => {
  it.each(KNOWN_CONTENTS.map((content) => [JSON.stringify(content), content]))('finds %s', async (_, content) => {
    const definition = definitionOf(content);
    expect(validateCustom(definition)).toEqual([]);
    const result = await found(definition, content.includes('{id}') ? { 'x-harbor-id': 'msg_1' } : {});
    expect(result.custom?.signature).toMatchObject({ algorithm: 'hmac-sha256', header: 'x-harbor-signature', content });
    expect(validateCustom(result.custom)).toEqual([]);
  });

  it.each([
    ['SHA-1', { algorithm: 'hmac-sha1' }],
    ['SHA-512', { algorithm: 'hmac-sha512' }],
    ['SHA-512 in base64', { algorithm: 'hmac-sha512', encoding: 'base64' }],
    ['base64', { algorithm: 'hmac-sha256', encoding: 'base64' }],
    ['base64url', { algorithm: 'hmac-sha256', encoding: 'base64url', prefix: 'sig=' }],
    ['a prefix', { algorithm: 'hmac-sha256', prefix: 'sha256=' }],
    ['a key in hexadecimal', { algorithm: 'hmac-sha256', key: 'hex' }],
    ['a key in base64', { algorithm: 'hmac-sha256', key: 'base64' }],
    ['a key after whsec_', { algorithm: 'hmac-sha256', key: 'whsec_' }],
    ['Ed25519', { algorithm: 'ed25519', key: 'pem' }],
    ['Ed25519 with a key in hexadecimal', { algorithm: 'ed25519', key: 'hex', encoding: 'base64' }],
    ['ECDSA', { algorithm: 'ecdsa-p256', key: 'pem', encoding: 'base64' }],
    ['RSA', { algorithm: 'rsa-sha256', encoding: 'base64', padding: 'pkcs1' }],
    ['RSA with PSS', { algorithm: 'rsa-sha256', encoding: 'base64', padding: 'pss' }],
    ['RSA in hexadecimal', { algorithm: 'rsa-sha256', encoding: 'hex' }],
    ['ECDSA with a key in base64', { algorithm: 'ecdsa-p256', key: 'base64' }],
  ])('finds %s', async (_, signature) => {
    const result = await found(definitionWith({ header: 'X-Harbor-Signature', ...signature }));
    expect(result.custom?.signature).toMatchObject({ header: 'x-harbor-signature', ...signature });
  });

  it.each([
    [',', 't=', 'seconds'],
    [';', 'ts:', 'milliseconds'],
    [' ', 'at=', 'iso'],
  ])('finds fields that "%s" separates, with the time after %s in %s', async (separator, prefix, format) => {
    const definition = definitionWith({
      algorithm: 'hmac-sha256',
      header: 'X-Harbor-Signature',
      separator,
      prefix: 'v1=',
      timestamp: { prefix, format },
      content: '{timestamp}.{body}',
    });
    const result = await found(definition);
    expect(result.custom?.signature).toMatchObject({ separator, prefix: 'v1=', timestamp: { prefix, format } });
  });

  it('finds a set of fields for each of two keys, of which the secret is one', async () => {
    const definition = definitionWith({
      algorithm: 'hmac-sha256',
      header: 'X-Harbor-Signature',
      separator: [' ', ','],
      prefix: 'v1=',
      timestamp: { prefix: 't=' },
      content: '{timestamp}.{body}',
    });
    const { request, secret } = requestOf(definition);
    const [own = ''] = request.headers.get('x-harbor-signature') ?? [];
    const other = own.replace(/v1=.*/, `v1=${'0'.repeat(64)}`);
    for (const value of [`${own} ${other}`, `${other} ${own}`]) {
      const headers = new Map([...request.headers, ['x-harbor-signature', [value]]]);
      const { match, causes } = await diagnosisOf(captured({ ...request, headers }), secret, { url: URL_GIVEN });
      expect(causes).toEqual([]);
      expect(match?.custom?.definition.signature).toMatchObject({ separator: [' ', ','], prefix: 'v1=' });
    }
  });

  it.each([
    ['a header', { header: 'X-Harbor-Token' }],
    ['a header, after a word', { header: 'X-Harbor-Token', prefix: 'Bearer ' }],
    ['the query string', { query: 'token' }],
    ['the body', { pointer: '/token' }],
    ['an object in the body', { pointer: '/auth/token' }],
  ])('finds a token in %s', async (_, place) => {
    const definition = definitionWith({ algorithm: 'token', ...place });
    const { request, secret } = requestOf(definition);
    const { match } = await diagnosisOf(captured(request), secret);
    expect(
      Object.entries(match?.custom?.definition.signature ?? {}).map(([name, value]) => [
        name,
        String(value).toLowerCase(),
      ]),
    ).toEqual(expect.arrayContaining(Object.entries(place).map(([name, value]) => [name, value.toLowerCase()])));
  });

  it('names the provider that signs alike, and a custom source if the body holds no event of it', async () => {
    const { request, secret } = requestOf(definitionWith({ algorithm: 'basic' }));
    const body = Buffer.from('{"MessageID":"1","RecordType":"Bounce"}');
    const other = await diagnosisOf(captured({ ...request, body }), secret, { url: URL_GIVEN });
    expect(other.match).toMatchObject({ providers: [{ name: 'chargebee' }], custom: {} });
    expect(other.match?.custom?.definition.signature).toEqual({ algorithm: 'basic' });
    expect(printed(other)).toMatch(/The body holds no event of Chargebee\. If the sender is another one, use a custom/);
    const own = signed('chargebee');
    const { match } = await diagnosisOf(captured(own.request), own.keys.verification);
    expect(match).not.toHaveProperty('custom');
  });

  it('proposes how the events are read', async () => {
    const { custom: definition } = await found(definitionOf('{body}'));
    expect(definition?.event).toEqual({
      id: { pointer: '/id' },
      type: { pointer: '/type' },
      time: { pointer: '/created', format: 'seconds' },
    });
  });

  it('prints the source with its URL and its warnings, and nothing of the secret or the body', async () => {
    const { diagnosis, secret, custom: definition } = await found(definitionOf('{url}{body}'));
    const text = printed(diagnosis);
    expect(text).toContain('"provider": "custom"');
    expect(text).toContain('"publicUrl": "https://hooks.example.com/webhooks/harbor?port=…"');
    expect(text).toContain('Replace … in publicUrl: ');
    for (const warning of definition ? warningsOf(definition) : ['no source']) expect(text).toContain(warning);
    for (const hidden of [secret, 'evt_1', 'arrival']) expect(text).not.toContain(hidden);
  });

  it('prints a source as an inbox takes it', async () => {
    const { diagnosis, custom: definition } = await found(definitionOf('{url}{body}'));
    const sources = parseSources(JSON.parse(`{${printedEntry(printed(diagnosis))}}`));
    expect(sources.get('partner')).toEqual({ provider: 'custom', publicUrl: expect.any(String), definition });
  });

  it('names what broke its request', async () => {
    const { request, secret } = requestOf(definitionOf('{timestamp}.{body}'));
    const bytes = captured({ ...request, body: Buffer.from(`${request.body}\n`) });
    const { causes, match } = await diagnosisOf(bytes, secret);
    expect(match).toBeUndefined();
    expect(causes[0]).toMatchObject({ name: 'body-final-line-end', match: { custom: {} } });
  });
});
