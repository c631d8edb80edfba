import { suggestion } from '../lambda/providers/suggestion.ts';
import { run, UsageError } from './arguments.ts';
import { IS_CLONE, invocation } from './invocation.ts';
import { print, printError } from './print.ts';
import { systemMessage } from './system-message.ts';
import { VERSION } from './version.ts';

/** A command of `webhook-inbox`. */
export interface Command {
  /** What it does, in a line of `webhook-inbox --help`. */
  readonly summary: string;
  /** Loads its code, which no other command has to wait for. */
  readonly load: () => Promise<(environment: NodeJS.ProcessEnv) => Promise<void> | void>;
  /** The exit status after a `UsageError`. @default 1 */
  readonly usageStatus?: number;
}

/** The commands by name. */
export type Commands = Readonly<Record<string, Command>>;

/** The command `webhook-inbox`: runs the command that its first argument names. */
export async function webhookInbox(commands: Commands): Promise<void> {
  process.stdout.on('error', endUnlessClosed);
  // Without its name, the command finds its own arguments where a script has them.
  const [name] = process.argv.splice(2, 1);
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return await run(() => print(answerTo(name, commands)));
  await run(async () => (await command.load())(process.env), command.usageStatus);
}

/** Nobody has to read all of the output: `head` does not. The command still ends in its own way, with its exit status. */
function endUnlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  printError(`Standard output cannot be written: ${systemMessage(error)}.`);
  process.exit(1);
}

/** @throws {UsageError} unless help or the version is asked for */
function answerTo(name: string | undefined, commands: Commands): string {
  if (name === '--help' || name === '-h') return helpOn(commands);
  if (name === '--version') return VERSION;
  if (name === undefined) throw new UsageError(`Name a command.\n\n${helpOn(commands)}`);
  throw new UsageError(unknownCommand(name, Object.keys(commands)));
}

/** Does not repeat a name that is far from every command: it may be a secret. */
function unknownCommand(name: string, names: readonly string[]): string {
  if (name.startsWith('-')) return `The first argument is the command: ${names.join(', ')}. Its options follow it.`;
  const meant = suggestion(name, names);
  return meant
    ? `Unknown command "${name}", did you mean ${meant}?`
    : `Unknown command. The commands are: ${names.join(', ')}.`;
}

function helpOn(commands: Commands): string {
  const width = Math.max(...Object.keys(commands).map(({ length }) => length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}   ${summary}`);
  return `Receives signed webhooks on AWS, and on this machine.

  ${invocation('<command>', '[options]')}

${lines.join('\n')}

To describe a command:     ${invocation('<command>', '--help')}
To print the version:      ${IS_CLONE ? 'npm run webhook-inbox -- --version' : 'npx webhook-inbox --version'}`;
}
