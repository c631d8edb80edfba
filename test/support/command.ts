import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from './compile-cache.ts';

/** The exit status of a command and its whole output. */
export interface CommandResult {
  /** Null if a signal ended the command. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command, in its own process. */
export interface Command extends AsyncDisposable {
  /**
   * Waits until the output matches.
   * @param stream default: `stdout`
   * @throws {Error} if the command ends first
   */
  readonly shows: (pattern: RegExp, stream?: 'stdout' | 'stderr') => Promise<RegExpExecArray>;
  readonly interrupt: () => void;
  readonly ended: Promise<CommandResult>;
}

/**
 * Starts a command in this environment alone; only the compile cache is added to it.
 * @param name `webhook-inbox`, one of its commands, or another file in bin/ without `.ts`
 * @param input all of its standard input; without it, standard input stays open
 */
export function startCommand(
  name: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  input?: string,
): Command {
  const child = spawn(process.execPath, [...scriptOf(name), ...args], { env: { ...COMPILE_CACHE, ...environment } });
  // The command may end before it has read its input.
  if (input !== undefined) child.stdin.on('error', () => undefined).end(input);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  const ended = once(child, 'close').then(([status]) => ({ status, ...output }));
  const isOver = ended.then(() => true);

  async function shows(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    const match = pattern.exec(output[stream]);
    if (match) return match;
    const isEnded = await Promise.race([once(child[stream], 'data').then(() => false), isOver]);
    if (isEnded && !pattern.test(output[stream])) throw new Error(`${pattern} was not shown: ${output.stderr}`);
    return shows(pattern, stream);
  }

  return {
    shows,
    interrupt: () => void child.kill('SIGINT'),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function scriptOf(name: string): readonly string[] {
  const file = fileURLToPath(new URL(`../../bin/${name}.ts`, import.meta.url));
  if (existsSync(file)) return [file];
  return [fileURLToPath(new URL('../../bin/webhook-inbox.ts', import.meta.url)), name];
}

/** Runs a command to its end. */
export async function runCommand(
  name: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  input?: string,
): Promise<CommandResult> {
  await using command = startCommand(name, args, environment, input);
  return await command.ended;
}

/**
 * Runs a command whose standard output nobody reads.
 * @param output a file; `closed` for a pipe whose reader has ended, as `head` does
 */
export async function runInto(
  output: 'closed' | number,
  name: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Omit<CommandResult, 'stdout'>> {
  const child = spawn(process.execPath, [...scriptOf(name), ...args], {
    env: { ...COMPILE_CACHE, ...environment },
    stdio: ['ignore', output === 'closed' ? 'pipe' : output, 'pipe'],
  });
  child.stdout?.destroy();
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [status] = await once(child, 'close');
  return { status, stderr };
}
