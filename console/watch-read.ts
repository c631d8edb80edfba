import type { WatchedLine } from '../cli/console/api.ts';

/** How a read that takes long is watched. */
export interface WatchOptions {
  /** Stops the read. */
  readonly signal: AbortSignal;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/**
 * Reads an answer that comes in lines.
 * @throws {Error} for people, if the read failed or its end is missing
 */
export async function watchRead<Result>(response: Response, { onProgress }: WatchOptions): Promise<Result> {
  for await (const line of linesOf(response)) {
    const read = JSON.parse(line) as WatchedLine<Result>;
    if ('result' in read) return read.result;
    if ('failure' in read) throw new Error(read.failure);
    onProgress?.(read.progress);
  }
  throw new Error('The answer of the console was cut short.');
}

async function* linesOf({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    const lines = `${rest}${part.value}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
