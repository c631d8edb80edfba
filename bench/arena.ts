import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackendsProcess, startBackends } from './backends-process.ts';
import { type Bundle, bundle, bundleReceiver } from './bundle.ts';
import {
  BARE_HMAC_ENTRY,
  CONTESTANTS,
  type ContestantName,
  environmentOf,
  IDEMPOTENCY_TABLE_NAME,
  INBOX_NAME,
  SECRET,
  TABLE_NAME,
} from './contestants.ts';
import { type FunctionProcess, startFunction } from './function-process.ts';

/** The bundled contestants and the running backends that they call. */
export interface Arena extends AsyncDisposable {
  readonly backends: BackendsProcess;
  readonly bundles: ReadonlyMap<ContestantName, Bundle>;
  /** The bundle that a refused forgery is compared with. */
  readonly bareHmac: Bundle;
  /**
   * Starts a process for a contestant.
   * @param counted whether its requests go through the counting endpoint; default: false
   * @param variables more environment variables; default: none
   */
  readonly start: (counted?: boolean, variables?: NodeJS.ProcessEnv) => FunctionProcess;
}

/** Bundles every contestant and starts the backends. Disposing of the arena stops them and deletes the bundles. */
export async function openArena(): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-bench-'));
  const runtime = await bundle('bench/function-runtime.ts', folder);
  const bundles = new Map<ContestantName, Bundle>();
  for (const { name, entry } of CONTESTANTS) {
    bundles.set(name, await (name === 'inbox' ? bundleReceiver : bundle)(entry, folder));
  }
  const bareHmac = await bundle(BARE_HMAC_ENTRY, folder);
  const certificateFile = join(folder, 'certificate.pem');
  const backends = await startBackends({
    tableName: TABLE_NAME,
    idempotencyTableName: IDEMPOTENCY_TABLE_NAME,
    secretNames: ['partner', 'github', 'stripe'].map((source) => `${INBOX_NAME}/${source}`),
    secret: SECRET,
    certificateFile,
  });
  return {
    backends,
    bundles,
    bareHmac,
    start: (counted = false, variables = {}) => {
      const dynamodb = counted ? backends.countingDynamodb : backends.dynamodb;
      return startFunction(runtime.file, {
        ...environmentOf(backends, dynamodb),
        NODE_EXTRA_CA_CERTS: certificateFile,
        ...variables,
      });
    },
    async [Symbol.asyncDispose]() {
      await backends[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The bundled file of a contestant. */
export const fileOf = ({ bundles }: Arena, name: ContestantName): string => bundles.get(name)?.file ?? '';
