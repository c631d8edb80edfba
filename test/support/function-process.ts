import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { SourceConfigs } from '../../lambda/receiver/config.ts';
import type { ReceiverFunction } from '../../lambda/receiver/receiver.ts';
import { writeFiles } from '../../lib/functions/function-code.ts';
import { receiverFiles } from '../../lib/functions/receiver-files.ts';
import { COMPILE_CACHE } from './compile-cache.ts';

/** The deployed function, running in its own process. */
export interface FunctionProcess extends AsyncDisposable {
  readonly receive: ReceiverFunction;
  /** Ends the process. @returns its whole output, which Lambda would send to CloudWatch */
  readonly finish: () => Promise<string>;
}

/** What a test may choose. */
export interface FunctionOptions {
  /** Stretches the function's time limits a hundredfold. @default false */
  readonly hasSlowTimers?: boolean;
}

/** Starts the receiver as it is deployed, with this environment alone, plus the folder of Node.js's compile cache. */
export async function startFunction(
  environment: Readonly<Record<string, string>>,
  sources: SourceConfigs,
  { hasSlowTimers = false }: FunctionOptions = {},
): Promise<FunctionProcess> {
  const runtime = fileURLToPath(new URL('./function-runtime.ts', import.meta.url));
  const execArgv = hasSlowTimers ? ['--import', import.meta.resolve('./slow-timers.ts')] : [];
  const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-receiver-'));
  writeFiles(folder, receiverFiles(sources));
  const child = fork(runtime, [folder], { env: { ...COMPILE_CACHE, ...environment }, execArgv, silent: true });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  child.stderr?.on('data', (chunk) => chunks.push(chunk));
  const closed = once(child, 'close').finally(() => rmSync(folder, { recursive: true }));
  const written = () => Buffer.concat(chunks).toString();

  const waiting = new Map<number, (answer: APIGatewayProxyResult) => void>();
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: { ready?: true; id: number; answer: APIGatewayProxyResult }) => {
      if (message.ready) resolve();
      else waiting.get(message.id)?.(message.answer);
    });
    closed.then(() => reject(new Error(`The function ended: ${written()}`)));
  });
  await ready;

  let calls = 0;
  const finish = async () => {
    if (child.connected) child.send({ end: true });
    await closed;
    return written();
  };
  return {
    receive(event) {
      calls += 1;
      const id = calls;
      child.send({ id, event });
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    finish,
    [Symbol.asyncDispose]: async () => void (await finish()),
  };
}
