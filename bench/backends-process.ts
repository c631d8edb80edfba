import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';

/** Tables, secrets and certificate of the backends. */
export interface BackendsOptions {
  readonly tableName: string;
  readonly idempotencyTableName: string;
  readonly secretNames: readonly string[];
  /** The value of every secret. */
  readonly secret: string;
  /** File to write the endpoints' certificate to, for their callers to trust. */
  readonly certificateFile: string;
}

/** Endpoints of the backends: HTTPS, as AWS's are. */
export interface Backends {
  readonly dynamodb: string;
  /** The same DynamoDB, behind a proxy that counts requests and units. */
  readonly countingDynamodb: string;
  readonly secretsManager: string;
  /** The same DynamoDB over HTTP, for the benchmark itself. */
  readonly plainDynamodb: string;
}

/** Requests through the counting endpoint, and the capacity that they consumed. */
export interface Tally {
  /** Names of the operations, in order. */
  readonly requests: readonly string[];
  readonly writeUnits: number;
  readonly readUnits: number;
}

/** The backends, running in their own process. */
export interface BackendsProcess extends AsyncDisposable, Backends {
  /** Returns the tally since the last call. */
  readonly takeTally: () => Promise<Tally>;
}

/** Starts an embedded DynamoDB and an embedded Secrets Manager in one new process. */
export async function startBackends(options: BackendsOptions): Promise<BackendsProcess> {
  const child = startChild(fileURLToPath(new URL('./backends.ts', import.meta.url)), { execArgv: [] });
  const backends = await child.call<Backends>('start', options);
  return {
    ...backends,
    takeTally: () => child.call<Tally>('tally'),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
