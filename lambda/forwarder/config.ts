import * as v from 'valibot';

const Environment = v.object({
  BUS_NAME: v.pipe(v.string(), v.minLength(1)),
  TABLE_NAME: v.pipe(v.string(), v.minLength(1)),
  PAYLOAD_BUCKET_NAME: v.pipe(v.string(), v.minLength(1)),
});

/** The environment of the forwarder. */
export interface ForwarderConfig {
  readonly busName: string;
  readonly tableName: string;
  readonly payloadBucketName: string;
}

/** @throws {Error} that names each variable that is missing */
export function readForwarderConfig(environment: NodeJS.ProcessEnv): ForwarderConfig {
  const result = v.safeParse(Environment, environment);
  if (result.success) {
    const { BUS_NAME: busName, TABLE_NAME: tableName, PAYLOAD_BUCKET_NAME: payloadBucketName } = result.output;
    return { busName, tableName, payloadBucketName };
  }
  const missing = result.issues.map((issue) => v.getDotPath(issue)).join(', ');
  throw new Error(`The environment is not what the stack sets: ${missing} missing`);
}
