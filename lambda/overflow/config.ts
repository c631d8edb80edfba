import * as v from 'valibot';
import { payloadBucketUrl } from '../payloads/payload-bucket-url.ts';

const Environment = v.object({
  TABLE_NAME: v.pipe(v.string(), v.minLength(1)),
  QUARANTINE_TABLE_NAME: v.pipe(v.string(), v.minLength(1)),
  PAYLOAD_BUCKET_NAME: v.pipe(v.string(), v.minLength(1)),
  PAYLOAD_PREFIX: v.optional(v.pipe(v.string(), v.minLength(1))),
  INBOX_NAME: v.pipe(v.string(), v.minLength(1)),
  AWS_REGION: v.pipe(v.string(), v.minLength(1)),
  AWS_ENDPOINT_URL_S3: v.optional(v.pipe(v.string(), v.url('URL'))),
  AWS_ENDPOINT_URL: v.optional(v.pipe(v.string(), v.url('URL'))),
});

/** The environment of the overflow function. */
export interface OverflowConfig {
  readonly inboxName: string;
  readonly tableName: string;
  readonly quarantineTableName: string;
  /** The URL of the payload bucket. */
  readonly payloadBucketUrl: string;
  /** What the keys of the payload bucket begin with. @default - nothing */
  readonly payloadPrefix: string | undefined;
}

/** @throws {Error} that names each variable that is missing or wrong */
export function readOverflowConfig(environment: NodeJS.ProcessEnv): OverflowConfig {
  const result = v.safeParse(Environment, environment);
  if (!result.success) {
    const wrong = result.issues.map((issue) => v.getDotPath(issue)).join(', ');
    throw new Error(`The environment is not what the stack sets: ${wrong} missing or wrong`);
  }
  const { TABLE_NAME, QUARANTINE_TABLE_NAME, PAYLOAD_BUCKET_NAME: name, AWS_REGION: region } = result.output;
  const endpoint = result.output.AWS_ENDPOINT_URL_S3 ?? result.output.AWS_ENDPOINT_URL;
  return {
    inboxName: result.output.INBOX_NAME,
    tableName: TABLE_NAME,
    quarantineTableName: QUARANTINE_TABLE_NAME,
    payloadBucketUrl: payloadBucketUrl({ name, region, endpoint }),
    payloadPrefix: result.output.PAYLOAD_PREFIX,
  };
}
