import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { UsageError } from '../../arguments.ts';
import { KEYS_FILE } from '../../local/local-keys.ts';
import { withLock } from '../../local/with-lock.ts';
import { systemMessage } from '../../system-message.ts';

/** The file of the token, which only its owner can read. */
const TOKEN_FILE = join(dirname(KEYS_FILE), 'token');

/** The length below which a token could be guessed, such as that of a file that a full disk left empty. */
const MIN_LENGTH = 32;

/**
 * The token with which commands on this machine read the deliveries of the local inbox; generated and saved on first use.
 * @throws {UsageError} if its file cannot be read or written, or has no token
 */
export function accessToken(file = TOKEN_FILE): string {
  if (!existsSync(file)) addToken(file);
  const token = readFileSync(file, 'utf8').trim();
  if (token.length < MIN_LENGTH)
    throw new UsageError(`${file} has no token of this version. Delete it: a new one is generated.`);
  return token;
}

/** The file appears as a whole, and another process that needs it at once gets the same token. */
function addToken(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    withLock(file, () => {
      if (existsSync(file)) return;
      writeFileSync(join(dirname(file), '.gitignore'), '*\n');
      writeFileSync(`${file}.new`, randomBytes(32).toString('base64url'), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    });
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${systemMessage(error)}.`, { cause: error });
  }
}

/** Whether a request has the token. */
export function hasToken({ headers: { authorization = '' } }: IncomingMessage, token: string): boolean {
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
