import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** Ends a command with a message for its user, without a stack trace. */
export class UsageError extends Error {}

/**
 * Runs a command; an error that its user can act on becomes a line on standard error.
 * @param usageStatus the exit status then
 */
export async function run(main: () => Promise<void> | void, usageStatus = 1): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = usageStatus;
  }
}

/**
 * A command's options and arguments.
 * @returns undefined where `--help` was asked for, and given
 * @throws {UsageError} for an option that the command does not know
 */
export function readArguments<const T extends ParseArgsOptionsConfig>(help: string, options: T) {
  const config = { allowPositionals: true, options: { ...options, help: { type: 'boolean', short: 'h' } } } as const;
  const { values, positionals } = parse(config, help);
  if (!(values as { help?: boolean }).help) return { values, positionals };
  console.log(help);
  return undefined;
}

function parse<const T extends ParseArgsConfig>(config: T, help: string) {
  try {
    return parseArgs<T>(config);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`, { cause: error });
  }
}

/**
 * A port from the environment.
 * @throws {UsageError} unless it is a number from 0 to 65535
 */
export function portFrom(environment: NodeJS.ProcessEnv, name: string, standard: number): number {
  const text = environment[name] || String(standard);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`${name} must be a port from 0 to 65535, not "${text}".`);
  return port;
}
