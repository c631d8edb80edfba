import { inspect, type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { suggestion } from '../lambda/providers/suggestion.ts';
import { print, printError } from './print.ts';

/** An error that the user of a command can act on: `run` prints its message without a stack trace. */
export class UsageError extends Error {}

/**
 * Runs a command. Prints the message of a `UsageError` on standard error, and any other error with its stack trace, as
 * Node.js does; but nothing in either can control the terminal.
 * @param usageStatus the exit status after a `UsageError`
 */
export async function run(main: () => Promise<void> | void, usageStatus = 1): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isExpected = error instanceof UsageError;
    printError(isExpected ? error.message : inspect(error));
    if (!isExpected) process.exit(1);
    process.exitCode = usageStatus;
  }
}

/**
 * Reads the options and the positional arguments of a command.
 * @returns undefined after `--help`, which prints the help
 * @throws {UsageError} for an unknown option
 */
export function readArguments<const T extends ParseArgsOptionsConfig>(help: string, options: T) {
  const config = { allowPositionals: true, options: { ...options, help: { type: 'boolean', short: 'h' } } } as const;
  const { values, positionals } = parse(config, help);
  if (!(values as { help?: boolean }).help) return { values, positionals };
  print(help);
  return undefined;
}

/**
 * Reads the options of a command that takes no positional arguments.
 * @returns undefined after `--help`, which prints the help
 * @throws {UsageError} for an unknown option, and for a positional argument: without repeating it, as it may be a secret
 */
export function readOptions<const T extends ParseArgsOptionsConfig>(help: string, options: T) {
  const given = readArguments(help, options);
  if (given && given.positionals.length > 0) throw new UsageError(`This command takes options only.\n\n${help}`);
  return given?.values;
}

function parse<const T extends ParseArgsConfig>(config: T, help: string) {
  try {
    return parseArgs<T>(config);
  } catch (error) {
    throw new UsageError(explained(error as NodeJS.ErrnoException, config.options ?? {}, help), { cause: error });
  }
}

/** What is wrong with the arguments. Of an unknown option, Node.js says more than helps. */
function explained({ message }: Error, options: ParseArgsOptionsConfig, help: string): string {
  const [unknown, typed = ''] = /^Unknown option '--([^']+)'/.exec(message) ?? [];
  const meant = suggestion(typed, Object.keys(options));
  if (unknown && meant) return `${unknown}, did you mean --${meant}? All options: --help.`;
  return `${unknown ? `${unknown}.` : message}\n\n${help}`;
}

/**
 * Reads a port from an environment variable.
 * @throws {UsageError} unless it is a number from 0 to 65535
 */
export function portFrom(environment: NodeJS.ProcessEnv, name: string, standard: number): number {
  const text = environment[name] || String(standard);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`${name} must be a port from 0 to 65535, not "${text}".`);
  return port;
}

/**
 * Checks a URL that a request is sent to, or that a provider signs.
 * @param name of the option or the environment variable that it comes from
 * @throws {UsageError} unless it is an absolute http or https URL without a user name and a password
 */
export function checkUrl(name: string, text: string): string {
  const url = URL.parse(text);
  if (!url) throw new UsageError(`${name} "${text}" is not a URL. Give one such as https://hooks.example.com.`);
  if (!/^https?:$/.test(url.protocol)) throw new UsageError(`${name} "${text}" is not an http or https URL.`);
  if (url.username || url.password) throw new UsageError(`${name} must not hold a user name or a password.`);
  return text;
}
