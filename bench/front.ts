import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../bin/webhook-inbox.ts', import.meta.url));

/** `npm start` in its own process. */
export interface Front extends AsyncDisposable {
  /** Its base URL, once it listens. Rejects if the process ends first. */
  readonly url: Promise<string>;
}

/**
 * Starts `npm start` on free ports.
 * @param secret of the source `generic`
 */
export function startFront(secret: string): Front {
  const env = { PORT: '0', DYNAMODB_PORT: '0', WEBHOOK_SECRET_GENERIC: secret };
  const child = spawn(process.execPath, [COMMAND, 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  return {
    url: urlIn(child.stdout),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function urlIn(output: Readable): Promise<string> {
  // The interface goes on reading after the URL: a full pipe would block the server.
  const lines = createInterface(output);
  for await (const [line] of on(lines, 'line', { close: ['close'] })) {
    const [, url] = /POST (http:\S+)\/webhooks\/generic/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('npm start ended before it was ready.');
}
