import { printable } from './printable.ts';

/**
 * Prints lines on standard output. What they quote from elsewhere cannot control the terminal.
 * @throws {Error} if standard output is a file that cannot be written: `console.log` would ignore that
 */
export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** Prints lines on standard error. What they quote from elsewhere cannot control the terminal. */
export function printError(text: string): void {
  console.error(printable(text));
}
