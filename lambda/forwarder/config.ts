import * as v from 'valibot';

const name = () => v.pipe(v.string(), v.minLength(1));

const Environment = v.object({
  BUS_NAME: name(),
  DEAD_LETTER_QUEUE_URL: name(),
  TABLE_NAME: name(),
  PAYLOAD_BUCKET_NAME: name(),
});

/** The environment of the forwarder. */
export interface ForwarderConfig {
  readonly busName: string;
  readonly deadLetterQueueUrl: string;
  readonly tableName: string;
  readonly payloadBucketName: string;
}

/** @throws {Error} that names each variable that is missing */
export function readForwarderConfig(environment: NodeJS.ProcessEnv): ForwarderConfig {
  const result = v.safeParse(Environment, environment);
  if (result.success) {
    const { BUS_NAME, DEAD_LETTER_QUEUE_URL, TABLE_NAME, PAYLOAD_BUCKET_NAME } = result.output;
    return {
      busName: BUS_NAME,
      deadLetterQueueUrl: DEAD_LETTER_QUEUE_URL,
      tableName: TABLE_NAME,
      payloadBucketName: PAYLOAD_BUCKET_NAME,
    };
  }
  const missing = result.issues.map((issue) => v.getDotPath(issue)).join(', ');
  throw new Error(`The environment is not what the stack sets: ${missing} missing`);
}
