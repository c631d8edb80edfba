import type { Guide } from '../../lambda/providers/guide.ts';
import { type ProviderName, providers, type Setting } from '../../lambda/providers/index.ts';
import type { Provider } from '../../lambda/providers/provider.ts';
import { toSource } from '../../lambda/receiver/config.ts';
import { readVectorFile, signedSample, type VectorFile } from '../../samples/sample.ts';
import { UsageError } from '../arguments.ts';

/** All that is told of one provider. */
interface Entry {
  readonly name: ProviderName;
  readonly provider: Provider;
  readonly guide: Guide;
  readonly vector: VectorFile;
}

/**
 * docs/providers.md, from what the providers declare.
 * @throws {UsageError} where a provider has no guide or no vector
 */
export async function providerDocs(): Promise<string> {
  const names = Object.keys(providers) as ProviderName[];
  const entries = await Promise.all(names.map(readEntry));
  const byTitle = entries.toSorted((one, other) => one.provider.title.localeCompare(other.provider.title, 'en'));
  const table = [row(COLUMNS.map(([title]) => title)), row(COLUMNS.map(() => '-')), ...byTitle.map(toRow)];
  return `${[INTRODUCTION, table.join('\n'), ...byTitle.map(section)].join('\n\n')}\n`;
}

/** The guide comes from the provider's file by its name, so that no part of the function imports it. */
async function readEntry(name: ProviderName): Promise<Entry> {
  const { guide }: { readonly guide?: Guide } = await import(
    `../../lambda/providers/${name === 'meta' ? 'meta/meta' : name}.ts`
  );
  if (!guide) throw new UsageError(`lambda/providers/${name}.ts exports no guide.`);
  return { name, provider: providers[name](), guide, vector: vectorOf(name) };
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

What each provider sends, what the inbox makes of it, and what to enter where. A source names its provider, and holds the settings that the provider needs besides its secret:

\`\`\`ts
new WebhookInboxStack(app, 'WebhookInbox', {
  sources: {
    'github-main': { provider: 'github' },
    'hubspot-eu': { provider: 'hubspot', publicUrl: 'https://hooks.example.com/webhooks/hubspot-eu' },
  },
});
\`\`\`

The stack's outputs are the URL of each source, to be given to its provider, and the name of the secret to put what the provider shows into. A provider that signs with a certificate of its own has no secret.

How to read the table:

- **Signature**: the headers that a request carries its signature and its signed time in, or the body.
- **Signs every byte**: whether a body with any byte changed is refused. Where it is not, the provider's section says what is weak.
- **Tolerance**: how far a signed timestamp may lie from now, into the past; into the future, the same, but 300 seconds at most. Where there is none, no such timestamp is signed.
- **Event id**: what makes two deliveries the same event. Names with capitals and hyphens are headers, others are fields of the body; \`+\` puts several together.
- **Time checked**: the field whose time must lie inside the retention window. A captured request is too old to be accepted by the time that its event has expired from the table.
- **Immutable**: whether every delivery of an event carries the same payload. If so, another payload under a stored id is answered 409; if not, it is a duplicate, and the payload of the first delivery is kept.

A provider whose body holds several events gets one item an event, each deduplicated on its own. Events of a type that is not known here are stored like any other.`;

/** The columns of the table, and what each says of a provider. */
const COLUMNS: readonly (readonly [string, (entry: Entry) => string])[] = [
  ['Provider', ({ provider: { title } }) => `[${title}](#${anchor(title)})`],
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

/** As GitHub makes the anchor of a heading. */
const anchor = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');

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

function section({ name, provider, guide }: Entry): string {
  const items = [
    ['Name', code(name)],
    ['Where the URL goes', guide.url],
    ['The secret', guide.secret],
    ...Object.entries(provider.settings).map(([key, setting]) => [`Setting ${code(key)}`, describe(setting)]),
    ['Rotating it', guide.rotation],
    ['Answers and retries', guide.retries],
    ['What is weak', guide.weaknesses],
    ...(guide.notes === undefined ? [] : [['Also', guide.notes]]),
    ['How it signs', `[its documentation](${provider.documentation})`],
  ];
  return [`## ${provider.title}`, items.map(([title, text]) => `- **${title}**: ${text}`).join('\n')].join('\n\n');
}

const describe = ({ description, example }: Setting) => `${description} For example ${code(example)}.`;
