import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import type { Provider } from '../../lambda/providers/provider.ts';
import { unsignedIdHeaders } from '../../lib/providers/unsigned-id-headers.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { readSample } from '../../samples/sample.ts';
import { UsageError } from '../arguments.ts';
import { COVERAGES, checkedTimeOf, code, row, signatureHeaders, toleranceOf } from './provider-facts.ts';

/** A provider in the table. */
interface Entry {
  readonly name: ProviderName;
  readonly provider: Provider;
}

/**
 * The text of docs/providers.md, from the registry.
 * @throws {UsageError} if a provider has no sample
 */
export function providerDocs(): string {
  const names = Object.keys(providers) as ProviderName[];
  const entries = names.map((name) => entryOf(name));
  const byTitle = entries.toSorted((one, other) => one.provider.title.localeCompare(other.provider.title, 'en'));
  const table = [row(COLUMNS.map(([title]) => title)), row(COLUMNS.map(() => '-')), ...byTitle.map(toRow)];
  return `${[INTRODUCTION, table.join('\n')].join('\n\n')}\n`;
}

function entryOf(name: ProviderName): Entry {
  try {
    readSample(name);
  } catch (error) {
    throw new UsageError(`samples/${name}.json cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return { name, provider: providers[name]() };
}

const MEANINGS = Object.entries(COVERAGES).map(([coverage, meaning]) => `  - \`${coverage}\`: ${meaning}`);

const INTRODUCTION = `# Providers

<!-- Written by \`npm run docs\` from lambda/providers and samples. Change those, not this file. -->

Each provider has a page. It describes where to enter the URL, which secret to store, how to rotate the secret, when the provider retries, and the weaknesses of its scheme. A source names its provider, and has the settings of the provider besides its secret:

\`\`\`ts
new WebhookInboxStack(app, 'WebhookInbox', {
  sources: {
    'github-main': { provider: 'github' },
    'hubspot-eu': { provider: 'hubspot', publicUrl: 'https://hooks.example.com/webhooks/hubspot-eu' },
  },
});
\`\`\`

## Secrets

The stack's outputs list the URL of each source, which you give to its provider, and the name of its secret. Store the secret that the provider shows, or that you generated for it: \`npm run secret -- <source>\`. A provider that signs with its own certificate has no secret.

When you store a new secret, the one before it stays accepted for the grace period: 24 hours by default (\`previousSecretGrace\`). Only one previous secret is kept, so do not store another one within that time. [operations.md](operations.md#secret-rotation) describes a rotation step by step.

## Columns

- **Signature**: the headers that hold the signature and the signed time, or the body.
- **Body**: how much of the body the signature covers. If this depends on the content type or on the kind of secret, the column has the weakest case. If it is not \`bytes\`, the provider's page describes the weakness.
${MEANINGS.join('\n')}
- **Tolerance**: how old the signed transmission time may be. It may be as far in the future, but by 300 seconds at most. If the column is empty, no transmission time is signed.
- **Event id**: the fields or headers that identify an event. Names with capitals and hyphens are headers, others are fields of the body; \`+\` joins several of them. "(not signed)" means that the signature does not cover a header that identifies the event: a captured request can be sent again under another id. The provider's page describes this, and synthesis warns of it.
- **Time checked**: the field with the event's time, if this time must be inside the retention window. When an event's item has expired, a captured request with the event is already too old. If a transmission time is signed, the event's time is not checked.
- **Immutable**: whether each delivery of an event carries the same payload. If so, another payload under a stored id is a [conflict](http.md). If not, such a delivery is a duplicate, and the payload of the first delivery is kept.

If a body holds several events, each of them is stored as a separate item, and deduplicated separately. Events of unknown types are stored like all others.

## Table`;

/** The columns of the table: the title, and the value for a provider. */
const COLUMNS: readonly (readonly [string, (entry: Entry) => string])[] = [
  ['Provider', ({ name, provider: { title } }) => `[${title}](providers/${name}.md)`],
  ['`provider`', ({ name }) => code(name)],
  ['Signature', (entry) => signatureOf(entry)],
  ['Body', ({ provider }) => provider.signature.bodyCoverage],
  ['Tolerance', ({ provider }) => toleranceOf(provider)],
  ['Event id', (entry) => eventIdOf(entry)],
  ['Time checked', ({ provider }) => checkedTimeOf(provider)],
  ['Immutable', ({ provider }) => (provider.immutable ? 'yes' : 'no')],
  ['Content types', ({ provider }) => provider.contentTypes.map(code).join(' ')],
  ['Methods', ({ provider }) => provider.methods.join(' ')],
  ['Settings', ({ provider }) => settingsOf(provider)],
];

function eventIdOf({ name, provider }: Entry): string {
  return unsignedIdHeaders(name, provider).length > 0 ? `${provider.eventIdLabel} (not signed)` : provider.eventIdLabel;
}

const toRow = (entry: Entry) => row(COLUMNS.map(([, say]) => say(entry)));

function settingsOf({ settings }: Provider): string {
  const entries = Object.entries(settings);
  return entries.map(([name, { isOptional }]) => `${code(name)}${isOptional ? ' (optional)' : ''}`).join(' ');
}

function signatureOf({ name, provider }: Entry): string {
  return signatureHeaders({ providerName: name, provider, settings: exampleSettings(provider) });
}
