import { type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that answers to operations. */
export interface Child extends AsyncDisposable {
  /** @throws {Error} what the operation threw, or that the process has ended */
  readonly call: <T>(operation: string, input?: unknown) => Promise<T>;
}

interface Call {
  readonly id: number;
  readonly operation: string;
  readonly input: unknown;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Starts a process that calls `serve`. */
export function startChild(script: string, options: ForkOptions): Child {
  const child = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], ...options, serialization: 'advanced' });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on('message', ({ id, result, error }: Answer) => {
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

/** Answers the calls of the process that started this one, until that lets go of it. */
// biome-ignore lint/suspicious/noExplicitAny: what an operation takes is between it and its caller
export function serve(operations: Readonly<Record<string, (input: any) => unknown>>): void {
  process.on('message', async ({ id, operation, input }: Call) => {
    try {
      process.send?.({ id, result: await operations[operation]?.(input) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
