import { text } from 'node:stream/consumers';
import { UsageError } from './arguments.ts';

/** Where a secret is typed, or piped in from. */
export type SecretInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * Reads a secret: from a terminal without showing it, from anything else to its end. White space around it, such as the
 * newline that an editor leaves, is not part of it.
 * @param message what a terminal asks
 * @throws {UsageError} where it is empty, or was given up
 */
export async function readSecret(message: string, input: SecretInput, output: NodeJS.WritableStream): Promise<string> {
  const given = input.isTTY ? await ask(message, input, output) : await text(input);
  const secret = given.trim();
  if (!secret) throw new UsageError('The secret is empty. Nothing was changed.');
  if (isBeginning(secret))
    throw new UsageError('A key of several lines is read from a file: < FILE. Nothing was changed.');
  return secret;
}

/** A terminal takes the first line of what is pasted. */
function isBeginning(secret: string): boolean {
  return secret.startsWith('-----BEGIN ') && !secret.includes('-----END ');
}

async function ask(message: string, input: SecretInput, output: NodeJS.WritableStream): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  return await password({ message, mask: false, toggleMask: false }, { input, output }).catch((error) => {
    if (error.name !== 'ExitPromptError') throw error;
    throw new UsageError('Given up. Nothing was changed.', { cause: error });
  });
}
