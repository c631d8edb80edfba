/** Whether this code runs from a clone of the repository. The package has JavaScript: Node.js loads no TypeScript in one. */
export const IS_CLONE = import.meta.filename.endsWith('.ts');

/**
 * How the reader of a text calls a command: `npm run send -- generic` in a clone, and `npx webhook-inbox send generic`
 * where the package is installed.
 * @param args the command's arguments, as they are typed
 */
export function invocation(command: string, args = ''): string {
  const [call, separator] = IS_CLONE ? [npmScript(command), ' -- '] : [`npx webhook-inbox ${command}`, ' '];
  return args === '' ? call : call + separator + args;
}

/** npm has its own command for the script `start`. */
const npmScript = (name: string) => (name === 'start' ? 'npm start' : `npm run ${name}`);
