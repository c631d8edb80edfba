import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readInboxFile } from '../../../cli/inbox-file.ts';
import { everySource } from '../../../cli/local/every-source.ts';
import { localFetch } from '../../../cli/local/local-certificates.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { hasSecret } from '../../../lambda/signature/scheme.ts';
import { exampleSettings } from '../../../samples/example-settings.ts';
import { captured, diagnosisOf, NOW, printed, printedEntry, signed } from './captured-samples.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'scheme-entries-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const NO_NETWORK = {
  certificates: { get: async () => 'unavailable' as const },
  fetch: async () => Promise.reject(new Error('no network')),
};

const NAMES = Object.keys(providers) as ProviderName[];
const WITH_SECRET = NAMES.filter((name) => hasSecret(providers[name]().signature));
const WITHOUT_SECRET = NAMES.filter((name) => !hasSecret(providers[name]().signature));

const settingsOf = (name: ProviderName) => exampleSettings(providers[name]());

/** What a provider without a secret publishes for these keys. */
async function publishedBy(name: ProviderName, signing: string): Promise<string> {
  const sources = everySource({}, 'https://hooks.example.com');
  const fetch = localFetch(sources, () => ({ signing, verification: '' }));
  const host = providers[name]().signature.keySetHost;
  if (host !== undefined) return await (await fetch(new URL(`https://${host}/keys`), {})).text();
  const { causes } = await diagnosisOf(captured(signed(name, { signing, verification: '' }).request), '', {
    settings: settingsOf(name),
  });
  const url = /https:\/\/\S+/.exec(causes[0]?.detail ?? '')?.[0] ?? '';
  return await (await fetch(new URL(url), {})).text();
}

describe('scheme, with the samples of the registry', () => {
  it.each(WITH_SECRET)('names %s, first or among those that sign in the same way', async (name) => {
    const { request, keys } = signed(name);
    const diagnosis = await diagnosisOf(captured(request), keys.verification, { settings: settingsOf(name) });
    expect(diagnosis.causes).toEqual([]);
    expect(diagnosis.match?.providers.map((each) => each.name)).toContain(name);
    const [first] = diagnosis.match?.providers ?? [];
    if (first?.name !== name) {
      expect(printed(diagnosis)).toMatch(new RegExp(`These providers sign in the same way.*\\b${name}\\b`));
    }
  });

  it.each(WITH_SECRET)('prints an entry that verifies the request of %s, pasted into inbox.json', async (name) => {
    const { request, keys } = signed(name);
    const diagnosis = await diagnosisOf(captured(request), keys.verification, { settings: settingsOf(name) });
    const file = join(FOLDER, 'inbox.json');
    writeFileSync(file, `{"sources":{${printedEntry(printed(diagnosis))}}}`);
    const own = readInboxFile(file);
    const [[pasted, options] = ['', undefined]] = own.sources;
    const source = everySource({}, 'https://hooks.example.com', own).get(pasted);
    const { publicUrl = request.url, settings = {} } = { ...options };
    const verdict = await source?.provider.signature.verify(
      { ...request, url: publicUrl },
      { secret: keys.verification, now: NOW, settings: { ...source.settings, ...settings }, ...NO_NETWORK },
    );
    expect(verdict).toBe('valid');
  });

  it.each(['github', 'meta', 'standard-webhooks', 'svix', 'intercom', 'slack', 'zoom', 'okta', 'gitlab'] as const)(
    'names %s first, although others sign in the same way or in the same header',
    async (name) => {
      const { request, keys } = signed(name);
      const { match } = await diagnosisOf(captured(request), keys.verification);
      expect(match?.providers[0]?.name).toBe(name);
    },
  );

  it('names GitLab first if it signs as Standard Webhooks', async () => {
    const { request, keys } = signed('gitlab', providers.svix().signature.generateKeys());
    const { match } = await diagnosisOf(captured(request), keys.verification);
    expect(match?.providers[0]?.name).toBe('gitlab');
  });

  it.each(WITHOUT_SECRET)('names what %s publishes, and verifies a request with it', async (name) => {
    const { request, keys } = signed(name);
    const settings = settingsOf(name);
    const bytes = captured(request);
    const without = await diagnosisOf(bytes, '', { settings });
    expect(without.match).toBeUndefined();
    expect(without.causes.map((cause) => cause.name)).toContain('certificate');
    expect(printed(without)).toMatch(new RegExp(`${name}, from https://`));
    const published = await publishedBy(name, keys.signing);
    const { match } = await diagnosisOf(bytes, '', { settings, published });
    expect(match?.providers[0]?.name).toBe(name);
  });
});
