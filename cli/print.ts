import { printable } from './printable.ts';

/** Prints lines on standard output. What they quote from elsewhere cannot control the terminal. */
export function print(text: string): void {
  console.log(printable(text));
}

/** Prints lines on standard error. What they quote from elsewhere cannot control the terminal. */
export function printError(text: string): void {
  console.error(printable(text));
}
