import { hasSecret } from '../../lambda/signature/scheme.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { readSample, signedSample } from '../../samples/sample.ts';
import type { NamedProvider } from './named-providers.ts';

/** How a provider's requests look when they are signed. */
export interface ProviderForm extends NamedProvider {
  /** The headers that signing adds to the provider's sample, in lower case, with example values. */
  readonly headers: ReadonlyMap<string, string>;
  /** Whether the sender's key is the secret. If not, the secret is a public key. */
  readonly isShared: boolean;
}

/**
 * The forms of the providers whose sources have a secret. They are measured on the samples, so that no provider declares
 * them twice.
 */
export function providerForms(all: readonly NamedProvider[]): readonly ProviderForm[] {
  return all.filter(({ provider }) => hasSecret(provider.signature)).map(formOf);
}

function formOf({ name, provider }: NamedProvider): ProviderForm {
  const source = { providerName: name, provider, settings: exampleSettings(provider) };
  const { signing, verification } = provider.signature.generateKeys();
  const url = 'https://hooks.example.com/webhooks/example';
  const { headers } = signedSample(source, { key: signing, url, now: 1_800_000_000_000 });
  const sample = readSample(name).headers;
  const added = [...headers].filter(([header]) => !(header in sample));
  return {
    name,
    provider,
    headers: new Map(added.map(([header, [value = '']]) => [header, value])),
    isShared: signing === verification,
  };
}
