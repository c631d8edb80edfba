import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';

/** What the backends are set up with. */
export interface BackendsOptions {
  readonly tableName: string;
  readonly idempotencyTableName: string;
  readonly secretNames: readonly string[];
  /** The value of all of them. */
  readonly secret: string;
  /** Where the certificate of the endpoints is written, for those who call them to trust. */
  readonly certificateFile: string;
}

/** Their endpoints, over HTTPS as AWS's are. */
export interface Backends {
  readonly dynamodb: string;
  /** The same DynamoDB, behind a server that counts. */
  readonly countingDynamodb: string;
  readonly secretsManager: string;
  /** The same DynamoDB over HTTP, for the harness itself. */
  readonly plainDynamodb: string;
}

/** What went through the counting endpoint. */
export interface Tally {
  /** The operations, in order. */
  readonly requests: readonly string[];
  readonly writeUnits: number;
  readonly readUnits: number;
}

/** The backends, running. */
export interface BackendsProcess extends AsyncDisposable, Backends {
  /** What was counted since the last call. */
  readonly takeTally: () => Promise<Tally>;
}

/** Starts a DynamoDB and a Secrets Manager in one process. */
export async function startBackends(options: BackendsOptions): Promise<BackendsProcess> {
  const child: Child = startChild(fileURLToPath(new URL('./backends.ts', import.meta.url)), { execArgv: [] });
  const backends = await child.call<Backends>('start', options);
  return {
    ...backends,
    takeTally: () => child.call<Tally>('tally'),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
