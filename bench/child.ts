import { type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';

/** A child process that executes operations. */
export interface Child extends AsyncDisposable {
  /**
   * Executes an operation in the child process.
   * @throws {Error} if the operation throws, or if the process ends first
   */
  readonly call: <T>(operation: string, input?: unknown) => Promise<T>;
}

interface Call {
  readonly id: number;
  readonly operation: string;
  readonly input: unknown;
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Starts a script that calls {@link serve}. */
export function startChild(script: string, options: ForkOptions): Child {
  const child = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], ...options, serialization: 'advanced' });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on('message', ({ id, result, error }: Reply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  const ended = once(child, 'exit').then(([status]) => {
    for (const { reject } of waiting.values()) reject(new Error(`${script} ended with ${status}.`));
  });
  let calls = 0;
  return {
    call<T>(operation: string, input?: unknown) {
      calls += 1;
      const call = Promise.withResolvers<unknown>();
      waiting.set(calls, call);
      child.send({ id: calls, operation, input });
      return call.promise as Promise<T>;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Executes the operations that the parent process calls, until the parent disconnects; then exits. */
export function serve(operations: Readonly<Record<string, (input: never) => unknown>>): void {
  process.on('message', async ({ id, operation, input }: Call) => {
    try {
      process.send?.({ id, result: await operations[operation]?.(input as never) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
