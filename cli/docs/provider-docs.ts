import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import type { Provider } from '../../lambda/providers/provider.ts';
import { toSource } from '../../lambda/receiver/config.ts';
import { readVectorFile, signedSample, type VectorFile } from '../../samples/sample.ts';
import { UsageError } from '../arguments.ts';

/** A provider, and the facts about its requests. */
interface Entry {
  readonly name: ProviderName;
  readonly provider: Provider;
  readonly vector: VectorFile;
}

/**
 * The text of docs/providers.md, from the registry.
 * @throws {UsageError} if a provider has no vector
 */
export function providerDocs(): string {
  const names = Object.keys(providers) as ProviderName[];
  const entries = names.map((name) => ({ name, provider: providers[name](), vector: vectorOf(name) }));
  const byTitle = entries.toSorted((one, other) => one.provider.title.localeCompare(other.provider.title, 'en'));
  const table = [row(COLUMNS.map(([title]) => title)), row(COLUMNS.map(() => '-')), ...byTitle.map(toRow)];
  return `${[INTRODUCTION, table.join('\n')].join('\n\n')}\n`;
}

function vectorOf(name: ProviderName): VectorFile {
  try {
    return readVectorFile(name);
  } catch (error) {
    throw new UsageError(`test/vectors/${name}.json cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

const INTRODUCTION = `# Providers

<!-- Written by \`npm run docs\` from lambda/providers and test/vectors. Change those, not this file. -->

Each provider has a page. It describes where to enter the URL, which secret to store, how to rotate the secret, when the provider retries, and the weaknesses of its scheme. A source names its provider, and has the settings that the provider needs besides its secret:

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

When you store a new secret, the one before it stays accepted for the grace period: 24 hours by default (\`previousSecretGrace\`). Only one previous secret is kept, so do not store another one within that time. [operations.md](operations.md#rotate-a-secret) describes a rotation step by step.

## Columns

- **Signature**: the headers that hold the signature and the signed time, or the body.
- **Signs every byte**: whether a request is rejected if any byte of its body is changed. If not, the provider's page describes the weakness.
- **Tolerance**: how far a signed timestamp may lie from now, into the past; into the future, the same, but 300 seconds at most. Where there is none, no such timestamp is signed.
- **Event id**: what makes two deliveries the same event. Names with capitals and hyphens are headers, others are fields of the body; \`+\` puts several together.
- **Time checked**: the field whose time must lie inside the retention window. A captured request is too old to be accepted by the time that its event has expired from the table.
- **Immutable**: whether every delivery of an event carries the same payload. If so, another payload under a stored id is answered 409; if not, it is a duplicate, and the payload of the first delivery is kept.

If a body holds several events, each of them is stored as a separate item, and deduplicated separately. Events of unknown types are stored like all others.

## Table`;

/** The columns of the table, and what each says of a provider. */
const COLUMNS: readonly (readonly [string, (entry: Entry) => string])[] = [
  ['Provider', ({ name, provider: { title } }) => `[${title}](providers/${name}.md)`],
  ['`provider`', ({ name }) => code(name)],
  ['Signature', (entry) => signatureOf(entry)],
  ['Signs every byte', ({ vector }) => (vector.signsBody === false ? 'no' : 'yes')],
  ['Tolerance', ({ vector }) => (vector.toleranceSeconds === undefined ? '' : `${vector.toleranceSeconds} s`)],
  ['Event id', ({ provider }) => provider.eventId],
  ['Time checked', ({ provider }) => provider.signedTime ?? ''],
  ['Immutable', ({ provider }) => (provider.immutable ? 'yes' : 'no')],
  ['Content types', ({ provider }) => provider.contentTypes.map(code).join(' ')],
  ['Methods', ({ provider }) => provider.methods.join(' ')],
  ['Settings', ({ provider }) => Object.keys(provider.settings).map(code).join(' ')],
];

const toRow = (entry: Entry) => row(COLUMNS.map(([, say]) => say(entry)));
const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const code = (text: string) => `\`${text}\``;

/** The headers that signing adds to the sample: nothing that a provider would have to declare twice. */
function signatureOf({ name, provider, vector }: Entry): string {
  const settings = Object.fromEntries(Object.entries(provider.settings).map(([key, { example }]) => [key, example]));
  const url = `https://hooks.example.com/webhooks/${name}`;
  const { signing: key } = provider.signature.generateKeys();
  const source = toSource(name, { provider: name, publicUrl: url, settings });
  const { headers } = signedSample(source, { key, url, now: Date.now() });
  const added = [...headers.keys()].filter((header) => !(header in vector.sample.headers));
  return added.length > 0 ? added.map(code).join(' ') : 'in the body';
}
