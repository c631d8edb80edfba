import * as v from 'valibot';
import { payloadBucketUrl } from '../payloads/payload-bucket-url.ts';
import { isProviderName, type ProviderName, providers } from '../providers/index.ts';
import type { Settings } from '../signature/scheme.ts';
import type { OnInvalid, Source, Sources } from './source.ts';

/** The default retention: 30 days, in seconds. */
const RETENTION_SECONDS = 30 * 24 * 3600;

/**
 * Nobody can fix what a named provider sends, so its invalid events are kept. The sender of a generic source is a partner
 * who reads the response.
 */
export function defaultOnInvalid(provider: ProviderName): OnInvalid {
  return provider === 'generic' ? 'reject' : 'quarantine';
}

const positiveInteger = () => v.pipe(v.number(), v.safeInteger('integer'), v.minValue(1));

const seconds = () => v.pipe(v.string(), v.digits('whole seconds'), v.transform(Number));

const SourceConfig = v.strictObject({
  provider: v.custom<ProviderName>((name) => typeof name === 'string' && isProviderName(name), 'name of a provider'),
  maxBodyBytes: v.optional(positiveInteger()),
  onInvalid: v.optional(v.picklist(['quarantine', 'reject'])),
  retentionSeconds: v.optional(positiveInteger()),
  publicUrl: v.optional(v.pipe(v.string(), v.url('URL'))),
  settings: v.optional(v.record(v.string(), v.string())),
  hasOwnResource: v.optional(v.boolean()),
});

const Environment = v.object({
  TABLE_NAME: v.pipe(v.string(), v.minLength(1)),
  QUARANTINE_TABLE_NAME: v.pipe(v.string(), v.minLength(1)),
  OVERFLOW_QUEUE_URL: v.pipe(v.string(), v.url('URL')),
  PAYLOAD_BUCKET_NAME: v.pipe(v.string(), v.minLength(1)),
  AWS_REGION: v.pipe(v.string(), v.minLength(1)),
  AWS_ENDPOINT_URL_S3: v.optional(v.pipe(v.string(), v.url('URL'))),
  AWS_ENDPOINT_URL: v.optional(v.pipe(v.string(), v.url('URL'))),
  INBOX_NAME: v.pipe(v.string(), v.minLength(1)),
  RETENTION_SECONDS: seconds(),
  PREVIOUS_SECRET_GRACE_SECONDS: seconds(),
  PUBLIC_URL: v.optional(v.pipe(v.string(), v.url('URL'))),
  SOURCES: v.pipe(v.string(), v.parseJson(undefined, 'JSON'), v.record(v.string(), SourceConfig)),
});

/** One source in the environment variable `SOURCES`, by the source's name. */
export type SourceConfig = v.InferInput<typeof SourceConfig>;

/** What the function's environment says. */
export interface Config {
  readonly tableName: string;
  readonly quarantineTableName: string;
  readonly overflowQueueUrl: string;
  /** The URL of the payload bucket. */
  readonly payloadBucketUrl: string;
  readonly sources: Sources;
  /** Name of the inbox: a dimension of the metrics. A secret's name is this, a slash and its source's name. */
  readonly inboxName: string;
  readonly previousSecretGraceSeconds: number;
}

/**
 * Reads the environment, once, at cold start.
 * @throws {Error} that names each variable that is wrong, and what was expected
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const result = v.safeParse(Environment, environment);
  if (!result.success) throw new Error(`The environment is not what the stack sets: ${faults(result.issues)}`);
  const { TABLE_NAME, INBOX_NAME, RETENTION_SECONDS, PREVIOUS_SECRET_GRACE_SECONDS, SOURCES } = result.output;
  const { PUBLIC_URL, PAYLOAD_BUCKET_NAME, AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = result.output;
  const endpoint = AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
  return {
    tableName: TABLE_NAME,
    quarantineTableName: result.output.QUARANTINE_TABLE_NAME,
    overflowQueueUrl: result.output.OVERFLOW_QUEUE_URL,
    payloadBucketUrl: payloadBucketUrl({ name: PAYLOAD_BUCKET_NAME, region: AWS_REGION, endpoint }),
    sources: new Map(
      Object.entries(SOURCES).map(([name, { retentionSeconds = RETENTION_SECONDS, ...source }]) => {
        const publicUrl = PUBLIC_URL && `${PUBLIC_URL}/webhooks/${name}`;
        return [name, toSource(name, { publicUrl, ...source, retentionSeconds })];
      }),
    ),
    inboxName: INBOX_NAME,
    previousSecretGraceSeconds: PREVIOUS_SECRET_GRACE_SECONDS,
  };
}

/** What makes a source; `SOURCE_DEFAULTS` has the rest. */
export interface SourceOptions {
  readonly provider: ProviderName;
  readonly maxBodyBytes?: number | undefined;
  readonly onInvalid?: OnInvalid | undefined;
  readonly retentionSeconds?: number;
  readonly publicUrl?: string | undefined;
  readonly settings?: Settings;
  readonly hasOwnResource?: boolean | undefined;
}

/** A source with its provider built, and the defaults where nothing else is said. */
export function toSource(name: string, options: SourceOptions): Source {
  const { provider, onInvalid = defaultOnInvalid(provider), retentionSeconds = RETENTION_SECONDS, ...rest } = options;
  return {
    name,
    providerName: provider,
    provider: providers[provider](),
    settings: {},
    hasOwnResource: false,
    ...rest,
    onInvalid,
    retentionSeconds,
  };
}

function faults(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map((issue) => `${v.getDotPath(issue)}: expected ${issue.expected ?? issue.message}`).join('; ');
}
