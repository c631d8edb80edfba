import { type ExistingSecret, isParameter } from './existing-secret.ts';
import type { InboxProviders } from './providers/inbox-providers.ts';
import { sourceProvider } from './source-provider.ts';
import { isCustomSource, type SourceProps, type SourcesProps } from './sources.ts';

interface NamedSource {
  readonly name: string;
  readonly source: SourceProps<string>;
}

/**
 * Validates that no source whose handshakes sign a challenge shares its secret with a source of another scheme: whoever
 * sends the challenge chooses the text, which could be the signed content of an event there. Sources of one scheme can
 * share it, because that scheme accepts no such signature for an event.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateSharedSecrets(sources: SourcesProps<string>, providers: InboxProviders): string | undefined {
  const named = Object.entries(sources).map(([name, source]) => ({ name, source }));
  const withSecret = named.filter(({ source }) => source.secret !== undefined);
  for (const signer of withSecret) {
    const other = withSecret.find((each) => isSecretShared(signer, each) && !isSameScheme(signer.source, each.source));
    if (!other || !sourceProvider(providers, signer.source).handshakes?.signsChallenge) continue;
    return `Sources "${signer.name}" and "${other.name}" have the same secret, but a handshake of "${signer.name}" signs text that its caller chooses, which could be an event of "${other.name}". Give "${other.name}" another secret.`;
  }
  return undefined;
}

function isSecretShared(one: NamedSource, other: NamedSource): boolean {
  const [secret, another] = [one.source.secret, other.source.secret];
  return one !== other && secret !== undefined && another !== undefined && isSameSecret(secret, another);
}

/** The same construct, or one that was imported twice: by its ARN, by its name, or by both. */
function isSameSecret(one: ExistingSecret, other: ExistingSecret): boolean {
  if (one === other) return true;
  const names = new Set(namesOf(one));
  return isParameter(one) === isParameter(other) && namesOf(other).some((name) => names.has(name));
}

function namesOf(secret: ExistingSecret): readonly string[] {
  // An ARN does not tell whether the name begins with a slash.
  if (isParameter(secret)) return [secret.parameterArn, secret.parameterName.replace(/^\//, '')];
  const { secretArn, secretFullArn, secretName } = secret;
  return [secretArn, secretFullArn ?? secretArn, secretName];
}

function isSameScheme(one: SourceProps<string>, other: SourceProps<string>): boolean {
  return schemeOf(one) === schemeOf(other);
}

/** Text that is the same only for sources whose requests are verified and answered in the same way. */
function schemeOf(source: SourceProps<string>): string {
  if (!isCustomSource(source)) return source.provider;
  const { signature, handshakes } = source;
  return JSON.stringify([signature, handshakes]);
}
