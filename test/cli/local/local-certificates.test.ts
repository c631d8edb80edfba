import { expect, it } from '@jest/globals';
import { localFetch } from '../../../cli/local/local-certificates.ts';
import { custom } from '../../../lambda/providers/index.ts';
import { toSource } from '../../../lambda/receiver/registered-source.ts';
import { openSource } from '../../../lambda/receiver/source.ts';
import { customDefinitions } from '../../../samples/custom-definitions.ts';
import { exampleSettings } from '../../../samples/example-settings.ts';
import { signedSample } from '../../../samples/sample.ts';
import { plainContext } from '../../support/plain-request.ts';

it('Sources whose keys one host publishes are each verified with their own key', async () => {
  const builtIn = toSource('push', { provider: 'google-pubsub' });
  const described = openSource('partner', { provider: 'custom' }, custom(customDefinitions['google-pubsub']));
  const sources = new Map([builtIn, described].map((source) => [source.name, source]));
  const keys = new Map([...sources.keys()].map((name) => [name, described.provider.signature.generateKeys()]));
  const keysOf = ({ name }: { readonly name: string }) => keys.get(name) ?? { signing: '', verification: '' };
  const fetch = localFetch(sources, keysOf);
  for (const { name, provider } of sources.values()) {
    const settings = exampleSettings(provider);
    const source = { providerName: 'google-pubsub', provider, settings };
    const url = 'https://hooks.example.com/webhooks/google-pubsub';
    const now = Date.parse('2026-03-01T12:00:00Z');
    const signed = signedSample(source, { key: keysOf({ name }).signing, url, now });
    expect(await provider.signature.verify(signed, { ...plainContext, fetch, now, settings, secret: '' })).toBe(
      'valid',
    );
  }
});
