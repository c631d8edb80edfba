import { text } from 'node:stream/consumers';
import { UsageError } from './arguments.ts';

/** The stream that a secret is typed or piped into. */
export type SecretInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * Reads a secret: one line from a terminal, without showing it, or another stream to its end. White space around the
 * secret, such as the newline that an editor adds, is removed.
 * @param message the prompt on a terminal
 * @throws {UsageError} if the secret is empty, or the user cancels
 */
export async function readSecret(message: string, input: SecretInput, output: NodeJS.WritableStream): Promise<string> {
  const given = input.isTTY ? await ask(message, input, output) : await text(input);
  const secret = given.trim();
  if (!secret) throw new UsageError('The secret is empty. Nothing was changed.');
  if (isFirstLineOfKey(secret))
    throw new UsageError('A key of several lines is read from a file: < FILE. Nothing was changed.');
  return secret;
}

/** A terminal reads only the first line of a pasted key. */
function isFirstLineOfKey(secret: string): boolean {
  return secret.startsWith('-----BEGIN ') && !secret.includes('-----END ');
}

async function ask(message: string, input: SecretInput, output: NodeJS.WritableStream): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  return await password({ message, mask: false, toggleMask: false }, { input, output }).catch((error) => {
    if (error.name !== 'ExitPromptError') throw error;
    throw new UsageError('Cancelled. Nothing was changed.', { cause: error });
  });
}
