import { type ProviderName, warningsOf } from '../../lambda/providers/index.ts';
import { CAUSES } from './causes.ts';
import type { Diagnosis, Match, NearestCause } from './diagnosis.ts';
import type { NamedMatch } from './named-providers.ts';
import { withoutValues } from './repairs/request-repairs.ts';
import { MAX_TRIES } from './tries.ts';

/** A diagnosis as text. It holds nothing of the secret or of a signature, and of the body only names of fields. */
export function reportOf(diagnosis: Diagnosis, names: ReadonlyMap<string, string>): string {
  const { match, causes, ageSeconds, tries } = diagnosis;
  const count = `${tries.count().toLocaleString('en')} tries`;
  const paragraphs = [
    match ? verifiedBy(match, names) : `Nothing verifies this request as it is (${count}).`,
    ...(ageSeconds === undefined ? [] : [ageOf(ageSeconds)]),
    ...causesOf(causes, match !== undefined, names),
    ...(tries.areUsedUp()
      ? [
          `Not everything was tried: the limit is ${MAX_TRIES.toLocaleString('en')} tries, and each 64 KiB of the body counts as one.`,
        ]
      : []),
  ];
  return paragraphs.join('\n\n');
}

function verifiedBy(match: Match, names: ReadonlyMap<string, string>): string {
  const [first, ...others] = match.providers;
  const heading = first ? `Verified: ${first.provider.title}.` : 'Verified, by a custom source.';
  const other = first && match.custom ? [otherSender(first, match, names)] : [];
  return [heading, configurationOf(match, names), ...(others.length > 0 ? [alikeOf(others)] : []), ...other].join(
    '\n\n',
  );
}

const otherSender = ({ provider }: NamedMatch, match: Match, names: ReadonlyMap<string, string>) =>
  `The body holds no event of ${provider.title}. If the sender is another one, use a custom source:\n\n${customSource(match, names)}`;

const alikeOf = (others: readonly NamedMatch[]) =>
  `These providers sign in the same way, but fit less to the headers and the body: ${others.map(({ name }) => name).join(', ')}.`;

/** The configuration of a source that verifies a delivery, to paste into `sources`. */
function configurationOf(match: Match, names: ReadonlyMap<string, string>): string {
  const [named] = match.providers;
  return named ? namedSource(named, match) : customSource(match, names);
}

function namedSource(
  { name, provider, settings, isUrlSigned, knownSettings }: NamedMatch,
  { delivery }: Match,
): string {
  const entries = Object.keys(settings).map((each) => [each, knownSettings.includes(each) ? settings[each] : '…']);
  const source = {
    provider: name,
    ...(isUrlSigned && { publicUrl: withoutValues(delivery.request.url) }),
    ...(entries.length > 0 && { settings: Object.fromEntries(entries) }),
  };
  const unknown = Object.keys(provider.settings).filter((each) => each in settings && !knownSettings.includes(each));
  const missing = unknown.length > 0 ? `\n\nAdd ${unknown.join(', ')}: see docs/providers/${name}.md.` : '';
  return `${entryOf(name, source)}${noteOf(source)}${missing}`;
}

function customSource({ custom, delivery }: Match, names: ReadonlyMap<string, string>): string {
  if (!custom) return '';
  const { definition, isUrlSigned } = custom;
  const source = {
    provider: 'custom' satisfies 'custom' | ProviderName,
    ...(isUrlSigned && { publicUrl: withoutValues(delivery.request.url) }),
    ...withNames(definition, names),
  };
  const warnings = warningsOf(definition).map((warning) => `  ${warning}`);
  return [
    `${entryOf('partner', source)}${noteOf(source)}`,
    'The part `event` is a proposal: one request does not tell what identifies an event (docs/custom.md).',
    ...(warnings.length > 0 ? [`Warnings:\n${warnings.join('\n')}`] : []),
  ].join('\n\n');
}

/** The names of headers as the request has them. */
function withNames<T>(value: T, names: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(value), (key, each) => (key === 'header' ? (names.get(each) ?? each) : each));
}

/** An entry of `sources`, in JSON: a file of `--config` takes it, and TypeScript too. */
const entryOf = (name: string, source: object) =>
  `${JSON.stringify(name)}: ${JSON.stringify(source, undefined, 2)}`.replace(/^/gm, '  ');

const noteOf = ({ publicUrl = '' }: { readonly publicUrl?: string }) =>
  publicUrl.includes('…')
    ? '\n\nReplace … in publicUrl: values in a query string may be secret, so they are not shown.'
    : '';

function ageOf(seconds: number): string {
  const age = Math.abs(seconds).toLocaleString('en');
  return `It was signed ${age} s ${seconds < 0 ? 'in the future' : 'ago'}. Whether it arrived within the tolerance is not known: say when with --at.`;
}

function causesOf(
  causes: readonly NearestCause[],
  isVerified: boolean,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  if (causes.length === 0) return [];
  const heading = isVerified ? 'It differs from what a provider sends:' : 'The nearest causes, the likeliest first:';
  return [heading, ...causes.map((cause, index) => `${index + 1}. ${causeText(cause, names)}`)];
}

function causeText({ name, detail, match }: NearestCause, names: ReadonlyMap<string, string>): string {
  const text = `${CAUSES[name]}${detail === undefined ? '' : `\n   ${detail}`} [${name}]`;
  return match ? `${text}\n   Without this, the signature is valid with:\n${configurationOf(match, names)}` : text;
}
