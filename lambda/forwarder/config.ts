import * as v from 'valibot';

const Environment = v.object({
  BUS_NAME: v.pipe(v.string(), v.minLength(1)),
  TABLE_NAME: v.pipe(v.string(), v.minLength(1)),
});

/** The environment of the forwarder. */
export interface ForwarderConfig {
  readonly busName: string;
  readonly tableName: string;
}

/** @throws {Error} that names each variable that is missing */
export function readForwarderConfig(environment: NodeJS.ProcessEnv): ForwarderConfig {
  const result = v.safeParse(Environment, environment);
  if (result.success) return { busName: result.output.BUS_NAME, tableName: result.output.TABLE_NAME };
  const missing = result.issues.map((issue) => v.getDotPath(issue)).join(', ');
  throw new Error(`The environment is not what the stack sets: ${missing} missing`);
}
