import * as v from 'valibot';
import { payloadBucketUrl } from '../payloads/payload-bucket-url.ts';
import type { CustomDefinition } from '../providers/custom/custom-definition.ts';
import { parameterStoreUrl } from '../secrets/parameter-store-url.ts';
import { isJsonObject } from '../signature/json-body.ts';
import type { SourceOptions } from './source.ts';

const positiveInteger = () => v.pipe(v.number(), v.safeInteger('integer'), v.minValue(1));

const seconds = () => v.pipe(v.string(), v.digits('whole seconds'), v.transform(Number));

const url = () => v.pipe(v.string(), v.url('URL'));

const text = () => v.pipe(v.string(), v.minLength(1));

const settings = () => v.record(v.string(), v.string());

/** The fields of a custom source's definition, which the provider itself validates. */
export const definition = {
  title: v.optional(v.unknown()),
  documentation: v.optional(v.unknown()),
  signature: v.optional(v.unknown()),
  event: v.optional(v.unknown()),
  handshakes: v.optional(v.unknown()),
  acknowledgement: v.optional(v.unknown()),
  samples: v.optional(v.unknown()),
};

/** The schema of one source in the file of the sources. */
export const SourceConfig = v.strictObject({
  ...definition,
  provider: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,39}$/, 'name of a provider')),
  maxBodyBytes: v.optional(positiveInteger()),
  onInvalid: v.optional(v.picklist(['quarantine', 'reject'])),
  retentionSeconds: v.optional(positiveInteger()),
  publicUrl: v.optional(url()),
  settings: v.optional(settings()),
  secretId: v.optional(text()),
  parameterName: v.optional(text()),
  hasOwnResource: v.optional(v.boolean()),
});

/** Values by the names of sources. Valibot's own `record` leaves out `constructor`, which a source may be named. */
const bySource = <TSchema extends v.GenericSchema>(schema: TSchema) =>
  v.pipe(
    v.unknown(),
    v.check(isJsonObject, 'object'),
    v.transform((values) => new Map(Object.entries(Object(values)))),
    v.map(v.string(), schema),
  );

/** The schema of the sources as their file has them. The fields of a definition are validated by the provider. */
export const SourceConfigs = bySource(SourceConfig);

const SourceValues = v.strictObject({
  publicUrl: v.optional(url()),
  settings: v.optional(settings()),
  secretId: v.optional(text()),
  parameterName: v.optional(text()),
});

const Environment = v.object({
  TABLE_NAME: v.pipe(v.string(), v.minLength(1)),
  QUARANTINE_TABLE_NAME: v.pipe(v.string(), v.minLength(1)),
  OVERFLOW_QUEUE_URL: url(),
  PAYLOAD_BUCKET_NAME: v.pipe(v.string(), v.minLength(1)),
  PAYLOAD_PREFIX: v.optional(text()),
  AWS_REGION: v.pipe(v.string(), v.minLength(1)),
  AWS_ENDPOINT_URL_S3: v.optional(url()),
  AWS_ENDPOINT_URL_SSM: v.optional(url()),
  AWS_ENDPOINT_URL: v.optional(url()),
  INBOX_NAME: v.pipe(v.string(), v.minLength(1)),
  RETENTION_SECONDS: seconds(),
  PREVIOUS_SECRET_GRACE_SECONDS: seconds(),
  PUBLIC_URL: v.optional(url()),
  SOURCE_VALUES: v.optional(v.pipe(v.string(), v.parseJson(undefined, 'JSON'), bySource(SourceValues))),
});

/** One source in the file of the sources. */
export type SourceConfig = v.InferInput<typeof SourceConfig>;

/** The file of the sources: each by its name. */
export type SourceConfigs = Readonly<Record<string, SourceConfig>>;

/**
 * Options of a source whose values are known only when the stack is deployed, in the environment variable
 * `SOURCE_VALUES`, by the source's name.
 */
export type SourceValues = v.InferInput<typeof SourceValues>;

/** What the function's environment and its file of sources say. */
export interface Config {
  readonly tableName: string;
  readonly quarantineTableName: string;
  readonly overflowQueueUrl: string;
  /** The URL of the payload bucket. */
  readonly payloadBucketUrl: string;
  /** What the keys of the payload bucket begin with. @default - nothing */
  readonly payloadPrefix: string | undefined;
  /** The URL of Systems Manager. */
  readonly parameterStoreUrl: string;
  /** What makes the sources, by name. */
  readonly sources: ReadonlyMap<string, SourceOptions>;
  /**
   * Name of the inbox: a dimension of the metrics. The name of a source's secret is this, a slash and the source's name,
   * unless the source has an existing secret or parameter.
   */
  readonly inboxName: string;
  readonly previousSecretGraceSeconds: number;
}

/**
 * Reads the environment and the sources, once, at cold start.
 * @param sources the parsed file of the sources
 * @throws {Error} that names each variable and option that is wrong, and what was expected
 */
export function readConfig(environment: NodeJS.ProcessEnv, sources: unknown): Config {
  const output = expected(Environment, environment, 'The environment is invalid');
  const { PAYLOAD_BUCKET_NAME, AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = output;
  const endpoint = AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
  return {
    tableName: output.TABLE_NAME,
    quarantineTableName: output.QUARANTINE_TABLE_NAME,
    overflowQueueUrl: output.OVERFLOW_QUEUE_URL,
    payloadBucketUrl: payloadBucketUrl({ name: PAYLOAD_BUCKET_NAME, region: AWS_REGION, endpoint }),
    payloadPrefix: output.PAYLOAD_PREFIX,
    parameterStoreUrl: parameterStoreUrl(AWS_REGION, output.AWS_ENDPOINT_URL_SSM ?? AWS_ENDPOINT_URL),
    sources: new Map([...parseSources(sources)].map(([name, config]) => [name, sourceOptions(name, config, output)])),
    inboxName: output.INBOX_NAME,
    previousSecretGraceSeconds: output.PREVIOUS_SECRET_GRACE_SECONDS,
  };
}

/**
 * The sources as their file has them.
 * @throws {Error} that names each option that is wrong, and what was expected
 */
export function parseSources(sources: unknown): ReadonlyMap<string, SourceOptions> {
  const configs = expected(SourceConfigs, sources, 'The sources are invalid');
  return new Map([...configs].map(([name, config]) => [name, withDefinition(config)]));
}

function withDefinition(config: v.InferOutput<typeof SourceConfig>): SourceOptions {
  const { title, documentation, signature, event, handshakes, acknowledgement, samples, ...options } = config;
  if (config.provider !== 'custom') return options;
  const fields = { title, documentation, signature, event, handshakes, acknowledgement, samples };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  // Building the provider validates it.
  return { ...options, definition: given as unknown as CustomDefinition };
}

function sourceOptions(
  name: string,
  config: SourceOptions,
  { PUBLIC_URL, RETENTION_SECONDS, SOURCE_VALUES }: v.InferOutput<typeof Environment>,
): SourceOptions {
  const { retentionSeconds = RETENTION_SECONDS, ...rest } = config;
  const values = SOURCE_VALUES?.get(name);
  return {
    ...(PUBLIC_URL && { publicUrl: `${PUBLIC_URL}/webhooks/${name}` }),
    ...rest,
    ...values,
    settings: { ...config.settings, ...values?.settings },
    retentionSeconds,
  };
}

function expected<TSchema extends v.GenericSchema>(schema: TSchema, input: unknown, what: string) {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  throw new Error(`${what}: ${faults(result.issues)}`);
}

const faults = (issues: readonly v.BaseIssue<unknown>[]) => issues.map(faultOf).join('; ');

/** What is wrong with a value: its path and what was expected there, but never the value. */
export function faultOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'the file';
  if (issue.type === 'strict_object' && issue.expected === 'never') return `${path}: unknown option`;
  if (issue.type === 'strict_object' && issue.received === 'undefined') return `${path}: missing`;
  return `${path}: expected ${issue.expected ?? issue.message}`;
}
