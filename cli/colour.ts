/** The colours of what a command prints. */
export type Colour = 'green' | 'yellow' | 'red' | 'dim';

/** @see https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ */
const CODES: Readonly<Record<Colour, number>> = { green: 32, yellow: 33, red: 31, dim: 2 };

/** Whether standard output shows colours: it is a terminal, and `NO_COLOR` is not set. @see https://no-color.org */
export function showsColours(environment: NodeJS.ProcessEnv): boolean {
  return process.stdout.isTTY === true && !environment.NO_COLOR;
}

/** Colours text for a terminal. The text must be printable already. */
export function coloured(text: string, colour: Colour): string {
  return `\u001b[${CODES[colour]}m${text}\u001b[0m`;
}
