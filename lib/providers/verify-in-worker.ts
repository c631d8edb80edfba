import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Settings, Verdict } from '../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';

/** The code of a provider: a CommonJS module, and the file that it was bundled from. */
export interface ProviderCode {
  readonly file: string;
  readonly code: string;
}

/** What requests are verified with. Nothing is fetched. */
export interface WorkerVerification {
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly settings: Settings;
}

/** How long the verification of all requests may take. */
const TIMEOUT_MS = 10_000;

/**
 * Runs in the worker, which loads the provider again, because functions cannot be sent to it. It writes the verdicts to the
 * port, and then wakes the other thread.
 */
const SCRIPT = `
const { workerData } = require('node:worker_threads');
const { createRequire } = require('node:module');
const { compileFunction } = require('node:vm');
const { file, code, requests, verification, port, done } = workerData;

function loadedProvider() {
  const module = { exports: {} };
  compileFunction(code, ['module', 'exports', 'require'], { filename: file })(module, module.exports, createRequire(file));
  const own = module.exports.provider ?? module.exports.default;
  return typeof own === 'function' ? own() : own;
}

async function verdicts() {
  const { signature } = loadedProvider();
  const published = {
    certificates: { get: async () => 'unavailable' },
    fetch: async () => new Response('', { status: 503 }),
  };
  const results = [];
  for (const { query, body, ...request } of requests) {
    const rebuilt = { ...request, query: new URLSearchParams(query), body: Buffer.from(body) };
    results.push(await signature.verify(rebuilt, { ...verification, ...published }));
  }
  return { verdicts: results };
}

verdicts()
  .catch((error) => ({ error: String(error?.message ?? error) }))
  .then((result) => {
    port.postMessage(result);
    Atomics.store(done, 0, 1);
    Atomics.notify(done, 0);
  });
`;

/**
 * The verdicts of an asynchronous scheme on requests, one for each. A construct is synchronous, so this blocks until another
 * thread has them, for 10 seconds at most.
 * @throws {Error} if the scheme throws, or takes longer
 */
export function verifyInWorker(
  { file, code }: ProviderCode,
  requests: readonly SignedRequest[],
  verification: WorkerVerification,
): readonly Verdict[] {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2: port } = new MessageChannel();
  const sent = requests.map((request) => ({ ...request, query: request.query.toString() }));
  const workerData = { file, code, requests: sent, verification, port, done };
  const worker = new Worker(SCRIPT, { eval: true, execArgv: [], workerData, transferList: [port] });
  worker.unref();
  Atomics.wait(done, 0, 0, TIMEOUT_MS);
  const result: { readonly verdicts?: readonly Verdict[]; readonly error?: string } | undefined =
    receiveMessageOnPort(port1)?.message;
  port1.close();
  void worker.terminate();
  if (result?.verdicts) return result.verdicts;
  throw new Error(result?.error ?? `it has no result after ${TIMEOUT_MS / 1000} seconds`);
}
