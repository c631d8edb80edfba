import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { COMPILED } from './compiled.ts';

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of bin/ in a process of its own. */
export interface Command extends AsyncDisposable {
  /** What it wrote to a stream, as soon as that matches; fails where the command ends before. @default 'stdout' */
  readonly shows: (pattern: RegExp, stream?: 'stdout' | 'stderr') => Promise<RegExpExecArray>;
  readonly interrupt: () => void;
  readonly ended: Promise<Ended>;
}

/**
 * Starts a command with this environment and no other, but for where Node.js keeps what it compiled; its standard input
 * is `input`, to its end.
 */
export function startCommand(
  name: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  input?: string,
): Command {
  const script = fileURLToPath(new URL(`../bin/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { env: { ...COMPILED, ...environment } });
  // It may end without having read its input.
  if (input !== undefined) child.stdin.on('error', () => undefined).end(input);
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    written.stderr += text;
  });
  const ended = once(child, 'close').then(([status]) => ({ status, ...written }));
  const isOver = ended.then(() => true);

  async function shows(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    const match = pattern.exec(written[stream]);
    if (match) return match;
    const isEnded = await Promise.race([once(child[stream], 'data').then(() => false), isOver]);
    if (isEnded && !pattern.test(written[stream])) throw new Error(`${pattern} was not shown: ${written.stderr}`);
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

/** Runs a command to its end. */
export async function runCommand(
  name: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  input?: string,
) {
  await using command = startCommand(name, args, environment, input);
  return await command.ended;
}
