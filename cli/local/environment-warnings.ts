import { generateKeyPairSync } from 'node:crypto';
import { suggestion } from '../../lambda/providers/suggestion.ts';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import { toPem } from '../../lambda/signature/asymmetric.ts';
import { hasSecret, type Verdict, type Verification } from '../../lambda/signature/scheme.ts';
import { signedSample } from '../../samples/sample.ts';
import { PREFIXES, variableOf } from './local-keys.ts';

/** One sentence per environment variable of a source that is wrong or has no effect; never with its value. */
export async function environmentWarnings(environment: NodeJS.ProcessEnv, sources: Sources): Promise<string[]> {
  const warnings = Object.keys(environment)
    .toSorted()
    .map((variable) => warningFor(variable, environment[variable]?.trim() ?? '', sources));
  return (await Promise.all(warnings)).filter((warning) => warning !== undefined);
}

async function warningFor(variable: string, value: string, sources: Sources): Promise<string | undefined> {
  const prefix = Object.values(PREFIXES).find((each) => variable.startsWith(each));
  if (!prefix) return undefined;
  const source = [...sources.values()].find(({ name }) => variableOf(prefix, name) === variable);
  if (!source) return `${variable} names no source.${suggested(variable, prefix, sources)}`;
  return prefix === PREFIXES.verifyToken
    ? verifyTokenWarning(variable, source)
    : await secretWarning(variable, value, source);
}

function suggested(variable: string, prefix: string, sources: Sources): string {
  const source = suggestion(variable.slice(prefix.length).replaceAll('_', '-'), sources.keys());
  return source ? ` Did you mean ${variableOf(prefix, source)}?` : '';
}

function verifyTokenWarning(variable: string, { name, settings }: Source): string | undefined {
  return 'verifyToken' in settings ? undefined : `${variable} has no effect: ${name} checks no verify token.`;
}

async function secretWarning(variable: string, value: string, source: Source): Promise<string | undefined> {
  if (!hasSecret(source.provider.signature))
    return `${variable} has no effect: ${source.name} signs with ${publishedBy(source)}, not with a secret.`;
  const isPrevious = variable.startsWith(PREFIXES.previousSecret);
  if (!value) return isPrevious ? undefined : `${variable} is empty: ${source.name} responds with 503.`;
  if (await isUsable(value, source)) return undefined;
  return `${variable} is no key of ${source.name}'s signature scheme: check that it was copied whole and unchanged.`;
}

const publishedBy = ({ provider }: Source) =>
  provider.signature.certificate ? 'a certificate' : 'keys that its provider publishes';

/** Verifies the source's sample, signed with the secret itself or with another key, until the verdict is about the secret. */
async function isUsable(secret: string, source: Source): Promise<boolean> {
  const ed25519 = toPem(generateKeyPairSync('ed25519').privateKey);
  for (const key of [secret, source.provider.signature.generateKeys().signing, ed25519]) {
    const verdict = await verdictOn(secret, key, source);
    if (verdict === 'unusable_secret') return false;
    if (verdict === 'valid' || verdict === 'mismatch') return true;
  }
  return true;
}

/** @returns undefined if the scheme cannot sign with the key */
async function verdictOn(secret: string, key: string, source: Source): Promise<Verdict | undefined> {
  const now = Date.now();
  try {
    const request = signedSample(source, { key, url: source.publicUrl ?? '', now });
    return await source.provider.signature.verify(request, {
      secret,
      now,
      settings: source.settings,
      ...NOTHING_PUBLISHED,
    });
  } catch {
    return undefined;
  }
}

const NOTHING_PUBLISHED: Pick<Verification, 'certificates' | 'fetch'> = {
  certificates: { get: async () => 'unavailable' },
  fetch: async () => new Response('', { status: 503 }),
};
