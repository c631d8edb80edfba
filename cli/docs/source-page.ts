import type { CustomHandshake } from '../../lambda/providers/custom/custom-definition.ts';
import { isSignedHandshake } from '../../lambda/providers/custom/definition-facts.ts';
import type { Handshakes, ProviderResponse } from '../../lambda/providers/handshake.ts';
import { type CustomDefinition, warningsOf } from '../../lambda/providers/index.ts';
import type { Provider } from '../../lambda/providers/provider.ts';
import type { Source } from '../../lambda/receiver/source.ts';
import { hasSecret } from '../../lambda/signature/scheme.ts';
import { unsignedIdWarning } from '../../lib/providers/unsigned-id-headers.ts';
import { asCurl, sampleOf, signedSample } from '../../samples/sample.ts';
import { placeText } from './place-text.ts';
import { COVERAGES, checkedTimeOf, code, row, signatureHeaders, toleranceOf } from './provider-facts.ts';

/** What a page is written from. */
export interface SourcePageOptions {
  readonly source: Source;
  /** The definition of a custom source. @default - the provider is in code */
  readonly definition?: CustomDefinition | undefined;
  /** The URL of the source. */
  readonly url: string;
  /** The time that the sample is signed at, in epoch milliseconds. */
  readonly now: number;
}

/** A page in Markdown about a source: for the partner who sends to it, and for whoever operates it. */
export function sourcePage(options: SourcePageOptions): string {
  const { source, definition, url } = options;
  const { provider } = source;
  const { methods, documentation } = provider;
  const link = URL.canParse(documentation) ? [`[The sender's documentation](${documentation})`] : [];
  const sections = [
    `# ${provider.title} (${source.name})`,
    `Source ${code(source.name)}: ${code(`${methods.join(', ')} ${url}`)}`,
    ...link,
    section('Signature', table(signatureFacts(source, definition))),
    section('Events', table(eventFacts(provider, definition))),
    ...handshakes(provider, definition),
    section('Response', responseTo(source)),
    section('Sample request', sampleRequest(options)),
    section('Warnings', warnings(source, definition)),
  ];
  return `${sections.join('\n\n')}\n`;
}

const section = (heading: string, text: string) => `## ${heading}\n\n${text}`;

type Fact = readonly [name: string, value: string];

/** A table of what is known. */
function table(facts: readonly Fact[]): string {
  const known = facts.filter(([, value]) => value !== '');
  return [row(['Field', 'Value']), row(['-', '-']), ...known.map(row)].join('\n');
}

function signatureFacts(source: Source, definition: CustomDefinition | undefined): readonly Fact[] {
  const { provider } = source;
  const { bodyCoverage } = provider.signature;
  return [
    ['signature', signatureHeaders(source)],
    ...Object.entries(definition?.signature ?? {}).map(([name, value]) => [name, shown(value)] as const),
    ['secret', secretOf(provider)],
    ['covers', `${bodyCoverage}: ${COVERAGES[bodyCoverage]}`],
    ['tolerance', toleranceOf(provider)],
  ];
}

function secretOf({ signature }: Provider): string {
  if (!hasSecret(signature)) return 'none, because the sender publishes its keys or its certificate';
  const { signing, verification } = signature.generateKeys();
  return signing === verification ? 'shared with the sender' : "the sender's public key";
}

function shown(value: unknown): string {
  const places = Array.isArray(value) ? value.map(placeText) : [placeText(value)];
  if (places.length > 0 && places.every((place) => place !== undefined)) return places.join(', ');
  return code(typeof value === 'string' && !value.includes('\n') ? value : JSON.stringify(value));
}

/** Values by their names. */
const shownFields = (fields: object) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${shown(value)}`)
    .join('; ');

function eventFacts(provider: Provider, definition: CustomDefinition | undefined): readonly Fact[] {
  const { type, data, batch, schema } = definition?.event ?? {};
  return [
    ['content types', provider.contentTypes.map(code).join(' ')],
    ['id', code(provider.eventIdLabel)],
    ['type', type === undefined ? '' : shown(type)],
    ['time', provider.eventTime ? code(provider.eventTime.label) : ''],
    ['time checked', checkedTimeOf(provider) && 'it must be inside the retention window'],
    ['batch', batch === undefined ? (provider.hasItems ? 'a body may hold several events' : '') : shown(batch)],
    ['same bytes each time', provider.immutable ? 'yes: another payload under a stored id is a conflict' : 'no'],
    ['data', data === undefined ? '' : shownFields(data)],
    ['schema', schema === undefined ? '' : shown(schema)],
    ['settings', Object.keys(provider.settings).map(code).join(' ')],
  ];
}

/** A definition has its handshakes as data. Of a provider in code, it is only known which kinds there are. */
function handshakes({ handshakes: kinds }: Provider, definition: CustomDefinition | undefined): readonly string[] {
  if (!kinds) return [];
  const described = definition?.handshakes?.map((each) => table(handshakeFacts(each)));
  return [section('Handshakes', described?.join('\n\n') ?? answeredInCode(kinds))];
}

function answeredInCode({ unsigned, signed, handOut }: Handshakes): string {
  const kinds = Object.entries({ unsigned, signed, 'hands out the secret': handOut });
  const present = kinds.flatMap(([kind, answer]) => (answer ? [kind] : []));
  return `Answered in code: ${present.join(' and ')}.`;
}

function handshakeFacts(handshake: CustomHandshake): readonly Fact[] {
  const { method, when = [], challenge, secret, answer } = handshake;
  const text = 'json' in answer ? JSON.stringify(answer.json) : (answer.text ?? '');
  const meaning = text.includes('{hmac}') ? ', where `{hmac}` is the HMAC of the challenge' : '';
  const repeated = 'header' in answer && answer.header ? `, with the challenge in ${code(answer.header)}` : '';
  return [
    ['method', code(method)],
    ['signed', isSignedHandshake(handshake) ? 'yes' : 'no'],
    ['when', when.map(shown).join(' and ')],
    ['challenge', challenge ? shown(challenge) : ''],
    ['challenge is the secret', secret ? 'yes' : ''],
    ['answer', `${answer.status ?? 200} ${text === '' ? 'without a body' : code(text)}${meaning}${repeated}`],
  ];
}

function responseTo(source: Source): string {
  const response = source.provider.acknowledge?.({ mediaType: 'application/json', parsedBody: sampleBody(source) });
  const durable = 'An event is acknowledged once it is durable';
  if (!response) return `${durable}: 200 with JSON, such as \`{"status":"processed","event_id":"…"}\`.`;
  return `${durable}: ${textOf(response)}.`;
}

function textOf({ status, contentType = 'text/plain', body }: ProviderResponse): string {
  return body === '' ? `${status} without a body` : `${status} ${code(contentType)} ${code(body)}`;
}

function sampleBody(source: Source): unknown {
  try {
    return JSON.parse(sampleOf(source).body);
  } catch {
    return undefined;
  }
}

function sampleRequest({ source, url, now }: SourcePageOptions): string {
  const { signing: key } = source.provider.signature.generateKeys();
  const curl = asCurl(signedSample(source, { key, url, now }));
  return `Signed at ${new Date(now).toISOString()} with a key that was generated for this page, so no source accepts it.\n\n\`\`\`sh\n${curl}\n\`\`\``;
}

function warnings({ provider, providerName }: Source, definition: CustomDefinition | undefined): string {
  const found = definition
    ? warningsOf(definition)
    : [...weaknesses(provider.signature), ...unsignedIdWarning(providerName, provider).map(sentence)];
  return found.length > 0 ? found.map((each) => `- ${each}`).join('\n') : 'None.';
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function weaknesses({ bodyCoverage, toleranceSeconds }: Provider['signature']): readonly string[] {
  return [
    ...(bodyCoverage === 'bytes' ? [] : [`The signature covers ${COVERAGES[bodyCoverage]}`]),
    ...(toleranceSeconds === undefined
      ? ['No time of transmission is signed, so a captured request stays valid.']
      : []),
  ];
}
