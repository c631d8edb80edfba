import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { isProviderName, warningsOf } from '../lambda/providers/index.ts';
import type { InboxProviders } from './providers/inbox-providers.ts';
import { unsignedIdWarning } from './providers/unsigned-id-headers.ts';
import { definitionOf, isCustomSource, type SourcesProps } from './sources.ts';

/**
 * Warns of weak choices in the definitions of custom sources, and of providers of the app that identify events by headers
 * that they do not sign. Nobody can choose for a built-in provider: its page and `describe` have the same warning. The id of
 * a warning, to acknowledge it, ends with the name of the source and the path of the choice, such as
 * `webhook-inbox:custom:partner:signature.timestamp` or `webhook-inbox:provider:shop:event.id`.
 */
export function warnOfWeakSources(scope: Construct, sources: SourcesProps<string>, providers: InboxProviders): void {
  const unsignedId = warningByProvider(providers);
  for (const [name, source] of Object.entries(sources)) {
    if (isCustomSource(source)) addWarnings(scope, name, 'custom', warningsOf(definitionOf(source)));
    else if (!isProviderName(source.provider) && !source.allowedCidrs)
      addWarnings(scope, name, 'provider', unsignedId(source.provider));
  }
}

/**
 * Warns of providers of the app whose signatures cannot be tried at synthesis. The id of the warning, to acknowledge it, is
 * `webhook-inbox:provider:<provider>:signature`.
 */
export function warnOfUntriedProviders(scope: Construct, { untried }: InboxProviders): void {
  for (const name of untried) {
    const message = `providers.${name}: its signature needs keys that the sender publishes, and synthesis opens no connection, so its sample was not verified. Try it with "webhook-inbox start" and "webhook-inbox send".`;
    Annotations.of(scope).addWarningV2(`webhook-inbox:provider:${name}:signature`, message);
  }
}

function addWarnings(scope: Construct, name: string, kind: 'custom' | 'provider', warnings: readonly string[]): void {
  for (const warning of warnings) {
    const [path] = warning.split(':');
    Annotations.of(scope).addWarningV2(`webhook-inbox:${kind}:${name}:${path}`, `Source "${name}": ${warning}`);
  }
}

/** Each provider is tried once, however many sources it has. */
function warningByProvider(providers: InboxProviders): (provider: string) => readonly string[] {
  const warnings = new Map<string, readonly string[]>();
  return (name) => {
    const provider = providers.get(name);
    const found =
      warnings.get(name) ?? (provider ? unsignedIdWarning(name, provider) : []).map((text) => `event.id: ${text}`);
    warnings.set(name, found);
    return found;
  };
}
