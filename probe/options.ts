import { readFileSync } from 'node:fs';
import { readArguments, UsageError } from '../cli/arguments.ts';
import { isProviderName, type ProviderName, providers, type Setting } from '../lambda/providers/index.ts';
import { toSource } from '../lambda/receiver/config.ts';
import type { Source } from '../lambda/receiver/source.ts';
import type { Check } from './checks/check.ts';
import { checks, requestsOf } from './checks/index.ts';
import { SEVERITIES, type Severity } from './probe-report.ts';
import { providerSender, type Sender } from './sender.ts';
import { DESCRIPTION_HELP, describedSender, readDescription } from './signature-description.ts';
import { type Target, toTarget } from './target.ts';

/** Requests a second over a network, where nothing else is said. */
const REMOTE_RATE = 20;

const HELP = `Tries the abuse on a webhook endpoint that it should withstand, and says what it does not. Your own endpoints only.

  npm run probe -- --url URL [--source NAME] [--secret-stdin] [options]

  --url URL             the endpoint; with --source, the base that /webhooks/NAME is put behind (unless it is there)
  --source NAME         the endpoint's source
  --secret-stdin        reads the signing secret from standard input; typed without being shown on a terminal.
                        On this machine it is the one of npm start. Without one, checks that need it are skipped
  --provider NAME       who signs (the source's name where that is a provider's, else generic)
  --setting NAME=VALUE  what the provider signs besides, such as topicArn; once each
  --public-url URL      the URL that the sender was given, where that is signed and is not --url

An endpoint that takes something else than our providers:
  --signature PARTS     how it is signed, such as header=X-Signature,prefix=sha256=,encoding=hex,algorithm=sha256
${DESCRIPTION_HELP}
  --body FILE           a valid body; JSON, for most checks
  --content-type TYPE   its content type (application/json)
  --id-field FIELD      where its event id stands, such as event_id or data.id
  --time-field FIELD    where its own time stands

What to do:
  --list                lists the checks, and probes nothing
  --only ID,...         these checks only
  --skip ID,...         all but these
  --other-source NAME   another source of the same deployment, with a secret of its own
  --max-body BYTES      the largest body that it takes (1048576)
  --timing              measures the time of comparing signatures also over a network
  --rate N              requests a second at most (${REMOTE_RATE}; on this machine, no limit)
  --timeout SECONDS     how long to wait for an answer (10)
  --yes                 does not ask whether the endpoint is yours

What comes of it:
  --json FILE, --sarif FILE, --junit FILE, --html FILE   reports; - is standard output
  --fail-on SEVERITY    the least severity that counts: ${SEVERITIES.join(', ')} (low)

A probe sends ${requestsOf(checks)} requests at most, and leaves a few dozen made-up events in the endpoint's table, of the generic
provider under user_42, the sample's user. Exit status 0 where nothing failed, 1 where a check of that severity did or
none could be decided, 2 where it could not be made. What is inconclusive is shown, and does not count.`;

const OPTIONS = {
  url: { type: 'string' },
  source: { type: 'string' },
  'secret-stdin': { type: 'boolean', default: false },
  provider: { type: 'string' },
  setting: { type: 'string', multiple: true, default: [] as string[] },
  'public-url': { type: 'string' },
  signature: { type: 'string' },
  body: { type: 'string' },
  'content-type': { type: 'string', default: 'application/json' },
  'id-field': { type: 'string' },
  'time-field': { type: 'string' },
  list: { type: 'boolean', default: false },
  only: { type: 'string' },
  skip: { type: 'string' },
  'other-source': { type: 'string' },
  'max-body': { type: 'string', default: '1048576' },
  timing: { type: 'boolean', default: false },
  rate: { type: 'string' },
  timeout: { type: 'string', default: '10' },
  yes: { type: 'boolean', default: false },
  json: { type: 'string' },
  sarif: { type: 'string' },
  junit: { type: 'string' },
  html: { type: 'string' },
  'fail-on': { type: 'string', default: 'low' },
} as const;

type Values = NonNullable<ReturnType<typeof readValues>>;

/** Where reports are written to, by their kind; `-` is standard output. */
export type ReportFiles = Readonly<Partial<Record<'json' | 'sarif' | 'junit' | 'html', string>>>;

/** What the command was asked to do. */
export type ProbeOptions = { readonly isList: true } | ({ readonly isList: false } & ProbeRun);

/** A probe to be made. */
export interface ProbeRun {
  readonly target: Target;
  readonly sender: Sender;
  /** The provider's source, whose key is known on this machine; undefined where the signature is described. */
  readonly source: Source | undefined;
  readonly isSecretRead: boolean;
  readonly isConfirmed: boolean;
  readonly isChosen: (check: Check) => boolean;
  readonly otherSource: string | undefined;
  readonly maxBodyBytes: number;
  readonly measuresTiming: boolean;
  /** Requests a second; undefined for no limit. */
  readonly rate: number | undefined;
  readonly timeoutMs: number;
  readonly files: ReportFiles;
  readonly failOn: Severity;
}

/**
 * Reads the command's options.
 * @returns undefined where help was asked for, and given
 * @throws {UsageError} for what cannot be done
 */
export function readOptions(): ProbeOptions | undefined {
  const values = readValues();
  if (!values) return undefined;
  if (values.list) return { isList: true };
  if (values.url === undefined) throw new UsageError(`Name the endpoint: --url.\n\n${HELP}`);
  const target = toTarget(values.url, values.source);
  return {
    isList: false,
    target,
    ...senderOf(values, target),
    isSecretRead: values['secret-stdin'],
    isConfirmed: values.yes,
    isChosen: choiceOf(values.only, values.skip),
    otherSource: values['other-source'],
    maxBodyBytes: numberFrom(values['max-body'], '--max-body', 1),
    measuresTiming: values.timing,
    rate: rateOf(values.rate, target),
    timeoutMs: numberFrom(values.timeout, '--timeout', 1) * 1000,
    files: filesOf(values),
    failOn: severityOf(values['fail-on']),
  };
}

function readValues() {
  const given = readArguments(HELP, OPTIONS);
  if (!given) return undefined;
  const [unknown] = given.positionals;
  // It may be a secret, so that it is not repeated.
  if (unknown !== undefined) throw new UsageError(`This takes options only. A secret is never an argument.\n\n${HELP}`);
  return given.values;
}

function senderOf(values: Values, target: Target): Pick<ProbeRun, 'sender' | 'source'> {
  const url = publicUrlOf(values['public-url'], target);
  if (values.signature !== undefined) return { sender: describedOf(values, values.signature, url), source: undefined };
  if (values.body !== undefined || values['id-field'] !== undefined || values['time-field'] !== undefined) {
    throw new UsageError(
      '--body, --id-field and --time-field go with --signature: a provider has a sample of its own.',
    );
  }
  const provider = providerOf(values.provider, target);
  const settings = settingsOf(provider, values.setting);
  const source = toSource(target.source ?? provider, { provider, publicUrl: url, settings });
  return { sender: providerSender(source, url), source };
}

function publicUrlOf(given: string | undefined, { url }: Target): string {
  if (given !== undefined && !URL.canParse(given)) throw new UsageError('--public-url is no URL.');
  return given ?? url.href;
}

function describedOf(values: Values, signature: string, url: string): Sender {
  if (values.provider !== undefined) throw new UsageError('Give --provider or --signature, not both.');
  const description = readDescription(signature);
  if (values.body === undefined) throw new UsageError('--signature needs a valid body: --body FILE.');
  const events = {
    body: readBody(values.body),
    contentType: values['content-type'],
    idField: values['id-field'],
    timeField: values['time-field'],
  };
  return describedSender(signature, description, events, url);
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function providerOf(given: string | undefined, { source = '' }: Target): ProviderName {
  const name = given ?? (isProviderName(source) ? source : 'generic');
  if (isProviderName(name)) return name;
  throw new UsageError(`There is no provider "${name}". There are: ${Object.keys(providers).join(', ')}`);
}

/** What the samples say, unless it is given. */
function settingsOf(provider: ProviderName, given: readonly string[]): Record<string, string> {
  const known = Object.entries<Setting>(providers[provider]().settings);
  const settings = Object.fromEntries(known.map(([name, { example }]) => [name, example]));
  for (const each of given) {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/s.exec(each) ?? [];
    if (!Object.hasOwn(settings, name)) {
      throw new UsageError(
        `${provider} has ${Object.keys(settings).join(', ') || 'no settings'}: --setting NAME=VALUE.`,
      );
    }
    settings[name] = value;
  }
  return settings;
}

function choiceOf(only: string | undefined, skip: string | undefined): (check: Check) => boolean {
  const [chosen, left] = [idsOf(only), idsOf(skip)];
  return ({ id }) => (chosen === undefined || chosen.includes(id)) && !left?.includes(id);
}

function idsOf(text: string | undefined): readonly string[] | undefined {
  const ids = text?.split(',').map((id) => id.trim());
  const unknown = ids?.find((id) => !checks.some((check) => check.id === id));
  if (unknown !== undefined)
    throw new UsageError(`There is no check "${unknown}". npm run probe -- --list lists them.`);
  return ids;
}

function rateOf(text: string | undefined, { isLoopback }: Target): number | undefined {
  if (text !== undefined) return numberFrom(text, '--rate', 1);
  return isLoopback ? undefined : REMOTE_RATE;
}

function numberFrom(text: string, option: string, least: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least) return number;
  throw new UsageError(`${option} must be a whole number of at least ${least}, not "${text}".`);
}

function filesOf({ json, sarif, junit, html }: Values): ReportFiles {
  const files = Object.fromEntries(
    Object.entries({ json, sarif, junit, html }).filter(([, file]) => file !== undefined),
  );
  if (Object.values(files).filter((file) => file === '-').length < 2) return files;
  throw new UsageError('Only one report can go to standard output.');
}

function severityOf(text: string): Severity {
  const severity = SEVERITIES.find((each) => each === text);
  if (severity) return severity;
  throw new UsageError(`--fail-on must be one of ${SEVERITIES.join(', ')}.`);
}
