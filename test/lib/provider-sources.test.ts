import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import type { Setting } from '../../lambda/providers/provider.ts';
import { hasSecret } from '../../lambda/signature/scheme.ts';
import { constructId } from '../../lib/construct-id.ts';
import type { SourceProps, SourcesProps } from '../../lib/sources.ts';
import { validateSources } from '../../lib/validate-sources.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { inboxTemplate } from './synthesis.ts';

const names = Object.keys(providers) as ProviderName[];
const isWithoutSecret = (name: ProviderName) => !hasSecret(providers[name]().signature);
const settingsOf = (name: ProviderName) => Object.entries<Setting>(providers[name]().settings);

/** A source of a provider, with the examples of its settings. Tests below show that the type holds. */
function sourceOf(provider: ProviderName): SourceProps {
  return { provider, settings: exampleSettings(providers[provider]()) } as SourceProps;
}

function synthesize(sources: SourcesProps): Template {
  return inboxTemplate({ sources, forwarding: false }, 'Inbox');
}

const validate = (source: unknown) => validateSources({ it: source as SourceProps });

const propertiesOf = (template: Template, type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }): Record<string, unknown> => Properties);

/** The sources in the metadata of the template, as the receiver has them too. */
const sourcesOf = (template: Template) => template.toJSON().Metadata['webhook-inbox:Inbox/Inbox'].sources;

describe('stack with a source of every provider', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize(Object.fromEntries(names.map((name) => [name, sourceOf(name)])));
  });

  it('has every source in the metadata of the template, from which the commands read them', () => {
    const expected = names.map((name) => {
      const { settings = {} } = sourceOf(name);
      return [name, { provider: name, ...(Object.keys(settings).length > 0 && { settings }) }];
    });
    expect(sourcesOf(template)).toEqual(Object.fromEntries(expected));
  });

  function routesOf(built: Template): string[] {
    const resources = built.findResources('AWS::ApiGateway::Resource');
    const pathOf = (id: string): string => resources[id]?.Properties.PathPart;
    return propertiesOf(built, 'AWS::ApiGateway::Method')
      .map(({ HttpMethod, ResourceId }) => `${HttpMethod} ${pathOf((ResourceId as { Ref: string }).Ref)}`)
      .sort();
  }

  it('serves the HTTP methods of all providers by the resource that they share', () => {
    const methods = new Set(names.flatMap((name) => providers[name]().methods));
    expect(routesOf(template)).toEqual([...methods].map((method) => `${method} {source}`).sort());
  });

  it('serves exactly the HTTP methods of each provider if each source has its own resource', () => {
    const throttle = { rateLimit: 1, burstLimit: 1 };
    const throttled = synthesize(Object.fromEntries(names.map((name) => [name, { ...sourceOf(name), throttle }])));
    const expected = names.flatMap((name) => providers[name]().methods.map((method) => `${method} ${name}`));
    expect(routesOf(throttled)).toEqual(expected.sort());
  });

  it('has a secret and an output of its name for every provider that signs with a secret', () => {
    const withSecret = names.filter((name) => !isWithoutSecret(name));
    const secretNames = propertiesOf(template, 'AWS::SecretsManager::Secret').map(({ Name }) => Name);
    expect(secretNames.sort()).toEqual(withSecret.map((name) => `Inbox/Inbox/${name}`).sort());
    const outputs = Object.keys(template.findOutputs('*')).filter((id) => id.endsWith('SecretName'));
    expect(outputs.sort()).toEqual(withSecret.map((name) => `${constructId(name)}SecretName`).sort());
  });
});

it.each(names.filter(isWithoutSecret))('a function whose only source is %s may read no secret', (name) => {
  const roles = JSON.stringify(propertiesOf(synthesize({ it: sourceOf(name) }), 'AWS::IAM::Role'));
  expect(roles).toContain('dynamodb:PutItem');
  expect(roles).not.toContain('secretsmanager:');
});

describe('settings of a source', () => {
  it.each(names)('of %s cannot have an unknown name', (provider) => {
    const known = settingsOf(provider).map(([key]) => key);
    expect(validate({ ...sourceOf(provider), settings: { ...sourceOf(provider).settings, shoeSize: '43' } })).toBe(
      `Source "it": the provider "${provider}" has no setting "shoeSize". Its settings are: ${known.join(', ') || 'none'}.`,
    );
  });

  const declared = names.flatMap((name) => settingsOf(name).map(([key, setting]) => [name, key, setting] as const));
  const needed = declared.filter(([, , { isOptional }]) => !isOptional);
  const optional = declared.filter(([, , { isOptional }]) => isOptional);

  if (needed.length > 0) {
    it.each(needed)('of %s require %s', (provider, key, { description, example }) => {
      const { [key]: _, ...others } = { ...sourceOf(provider).settings } as Record<string, string>;
      for (const settings of [undefined, others, { ...others, [key]: '' }]) {
        const message = validate({ provider, settings });
        expect(message).toMatch(`Source "it": the provider "${provider}" needs the setting `);
        if (settings) expect(message).toMatch(`${key}: ${description} For example: settings: { ${key}: '${example}' }`);
      }
    });

    it.each(declared)('of %s reject an invalid %s and name it', (provider, key, setting) => {
      expect(setting.example).toMatch(setting.pattern);
      const wrong = '\u0000 no such thing\n';
      expect(wrong).not.toMatch(setting.pattern);
      for (const value of [wrong, 7, null, ...(setting.isOptional ? [''] : [])]) {
        const settings = { ...sourceOf(provider).settings, [key]: value };
        expect(validate({ provider, settings })).toMatch(`is not a valid value of the setting ${key}: `);
      }
    });
  }

  it.each(optional)('of %s may leave out %s, and have it', (provider, key, { example }) => {
    const { settings } = sourceOf(provider);
    expect(settings).not.toHaveProperty(key);
    expect(validate({ provider, settings })).toBeUndefined();
    expect(validate({ provider, settings: { ...settings, [key]: undefined } })).toBeUndefined();
    expect(validate({ provider, settings: { ...settings, [key]: example } })).toBeUndefined();
  });

  it('may be left out if all of them are optional, and are typed', () => {
    const without: SourceProps = { provider: 'standard-webhooks' };
    const empty: SourceProps = { provider: 'standard-webhooks', settings: {} };
    const given: SourceProps = { provider: 'standard-webhooks', settings: { secretEncoding: 'text' } };
    // @ts-expect-error standard-webhooks has no such setting
    const unknown: SourceProps = { provider: 'standard-webhooks', settings: { shoeSize: '43' } };
    // @ts-expect-error sns needs its setting
    const incomplete: SourceProps = { provider: 'sns' };
    expect([without, empty, given].map(validate)).toEqual([undefined, undefined, undefined]);
    expect([unknown, incomplete].map(validate)).toEqual([expect.any(String), expect.any(String)]);
    expect(sourcesOf(synthesize({ it: given }))).toEqual({ it: given });
  });

  it('are a type error if the provider has none', () => {
    const plain: SourceProps = { provider: 'generic' };
    // @ts-expect-error generic has no settings
    const tooMany: SourceProps = { provider: 'generic', settings: { shoeSize: '43' } };
    // @ts-expect-error there is no such provider
    const unknown: SourceProps = { provider: 'carrier-pigeon' };
    expect([plain, tooMany, unknown].map(validate)).toEqual([undefined, expect.any(String), expect.any(String)]);
  });
});

describe('publicUrl of a source', () => {
  const messageFor = (publicUrl: unknown) => validate({ provider: 'hubspot', publicUrl });

  it.each(['https://hooks.example.com/webhooks/hubspot', 'https://hooks.example.com/h?team=a%20b'])(
    'is passed to the function: %s',
    (url) => {
      expect(messageFor(url)).toBeUndefined();
      const template = synthesize({ it: { provider: 'hubspot', publicUrl: url } });
      expect(sourcesOf(template)).toEqual({ it: { provider: 'hubspot', publicUrl: url } });
    },
  );

  it.each([
    'http://hooks.example.com/',
    'hooks.example.com',
    '',
    'https://me:it@a.example/',
    'https://a.example/#b',
    ' https://a.example/',
  ])('cannot be %j', (url) => {
    expect(messageFor(url)).toBe(
      `Source "it": publicUrl must be the complete https:// URL that the provider was given, not "${url}".`,
    );
  });
});
