import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { JsonSchema } from '../../lambda/providers/custom/json-schema.ts';
import { custom } from '../../lambda/providers/index.ts';
import { parseSources } from '../../lambda/receiver/config.ts';
import { providersIn } from '../../lambda/receiver/deployed-sources.ts';
import { openSources } from '../../lambda/receiver/open-sources.ts';
import { deployedSources } from '../../lib/deployed-sources.ts';
import { writeFiles } from '../../lib/functions/function-code.ts';
import { receiverFiles } from '../../lib/functions/receiver-files.ts';
import { checkSample } from '../../lib/providers/check-sample.ts';
import type { CustomSourceProps, SourceProps } from '../../lib/sources.ts';
import { validateSources } from '../../lib/validate-sources.ts';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import { customDefinitions } from '../../samples/custom-definitions.ts';
import { signedSample } from '../../samples/sample.ts';
import { plainContext } from '../support/plain-request.ts';
import { inboxTemplate, resourcesOf } from './synthesis.ts';

const partner: CustomSourceProps = { provider: 'custom', ...customDefinitions.stripe };
const validate = (source: unknown) => validateSources({ partner: source as SourceProps });

describe('A custom source', () => {
  const sources = { partner, challenged: { provider: 'custom', ...customDefinitions.meta } } as const;
  const template = inboxTemplate({ sources, forwarding: false }, 'Inbox');

  it('is in the metadata and in the file of the receiver with its definition', () => {
    const { configs } = deployedSources(sources);
    expect(configs.partner).toEqual({ provider: 'custom', ...customDefinitions.stripe });
    expect(template.toJSON().Metadata['webhook-inbox:Inbox/Inbox'].sources).toEqual(configs);
  });

  it('has a signing secret, and the methods of its handshakes', () => {
    const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret').map(({ Properties }) => Properties.Name);
    expect(secrets).toEqual(['Inbox/Inbox/partner', 'Inbox/Inbox/challenged']);
    const methods = resourcesOf(template, 'AWS::ApiGateway::Method').map(({ Properties }) => Properties.HttpMethod);
    expect(methods.toSorted()).toEqual(['GET', 'POST']);
  });

  it('is opened by the deployed receiver, from the bundle of its provider alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-custom-'));
    try {
      writeFiles(folder, receiverFiles(deployedSources({ partner }).configs));
      const options = parseSources(JSON.parse(readFileSync(join(folder, 'sources.json'), 'utf8')));
      const source = (await openSources(options, providersIn(folder))).get('partner');
      if (!source) throw new Error('The source is missing.');
      const { signature } = source.provider;
      const { signing, verification } = signature.generateKeys();
      const signed = signedSample(source, { key: signing, url: 'https://hooks.example.com/webhooks/partner', now: 0 });
      expect(await signature.verify(signed, { ...plainContext, secret: verification })).toBe('valid');
      expect(source.onInvalid).toBe('reject');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is refused at synthesis with each fault of its definition', () => {
    expect(validate(partner)).toBeUndefined();
    const faulty = {
      ...partner,
      signature: { algorithm: 'ed25519', header: 'X', key: 'whsec_' },
      event: { id: { pointer: 'id' } },
    };
    expect(validate(faulty)).toMatch(
      /^Source "partner": signature\.key: an Ed25519 key cannot be "whsec_".*\nSource "partner": event\.id\.pointer: /,
    );
    expect(validate({ provider: 'custom' })).toBe(
      'Source "partner": signature: is required.\nSource "partner": event: is required.',
    );
    expect(validate({ ...partner, handshake: [] })).toBe(
      'Source "partner": handshake: there is no such option; did you mean "handshakes"?',
    );
    expect(validate({ ...partner, settings: { a: 'b' } })).toMatch(/has no settings/);
    expect(validate({ ...partner, maxBodyBytes: 0 })).toMatch(/maxBodyBytes/);
  });

  it('has a warning at synthesis for each weak choice, and none without', () => {
    const stack = new Stack(new App(), 'Hooks');
    const weak: CustomSourceProps = { provider: 'custom', ...customDefinitions.intercom };
    new WebhookInbox(stack, 'Inbox', { sources: { partner, weak }, forwarding: false });
    const annotations = Annotations.fromStack(stack);
    for (const path of ['signature.algorithm', 'signature.timestamp']) {
      annotations.hasWarning('/Hooks/Inbox', Match.stringLikeRegexp(`^Source "weak": ${path}: .*custom:weak:${path}`));
    }
    expect(annotations.findWarning('*', Match.stringLikeRegexp('Source "partner"'))).toEqual([]);
  });
});

describe('The sample of a custom source', () => {
  it.each(Object.entries(customDefinitions))('is verified and has an event with the scheme of %s', (_, definition) => {
    expect(() => checkSample('partner', custom(definition))).not.toThrow();
  });

  it('has another id for a new event, if the schema allows one', async () => {
    const schemaOf = (id: JsonSchema) => ({ type: 'object', properties: { id } }) as const;
    const idWith = (id: JsonSchema, seed: string) => {
      const provider = custom({ ...customDefinitions.stripe, event: { id: { pointer: '/id' }, schema: schemaOf(id) } });
      const source = { providerName: 'custom', provider, settings: {} };
      const url = 'https://hooks.example.com/webhooks/partner';
      return JSON.parse(String(signedSample(source, { key: 'key', url, now: Date.now(), seed }).body)).id;
    };
    expect(idWith({ type: 'string' }, 'one')).not.toBe(idWith({ type: 'string' }, 'two'));
    expect(idWith({ type: 'string', maxLength: 10 }, 'one')).toHaveLength(7);
    expect(idWith({ enum: ['only'] }, 'one')).toBe('only');
  });

  it('matches the schema of its events', () => {
    const definition = {
      ...customDefinitions.stripe,
      event: {
        id: { pointer: '/data/id' },
        batch: '/events',
        schema: {
          type: 'object',
          required: ['data', 'kind', 'lines'],
          properties: {
            kind: { enum: ['paid', 'void'] },
            data: {
              type: 'object',
              required: ['id'],
              properties: { id: { type: 'string', minLength: 10, maxLength: 64 } },
            },
            lines: { type: 'array', minItems: 2, items: { type: 'integer', minimum: 3.5 } },
          },
        },
      },
    } as const;
    expect(() => checkSample('partner', custom(definition))).not.toThrow();
  });
});
