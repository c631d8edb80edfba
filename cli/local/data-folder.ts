import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { UsageError } from '../arguments.ts';
import { invocation } from '../invocation.ts';
import { systemMessage } from '../system-message.ts';

/**
 * Prepares the folder of `DATA_DIR` for the embedded DynamoDB: creates it where it is missing, and opens the database in
 * it once, because the engine itself reports none of these errors before it crashes or hangs.
 * @throws {UsageError} if it is not a folder, is not writable, is in use by another process, or cannot be opened
 */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    createFolder(resolve(folder));
    if (!statSync(folder).isDirectory()) throw new UsageError(`DATA_DIR ${folder} is not a folder.`);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`DATA_DIR ${folder} cannot be used: ${systemMessage(error)}.`, { cause: error });
  }
  await openOnce(folder);
}

/** Not `mkdir` with `recursive`: that never returns where a file system, such as /proc, refuses with ENOENT. */
function createFolder(folder: string): void {
  if (existsSync(folder)) return;
  createFolder(dirname(folder));
  mkdirSync(folder);
}

async function openOnce(folder: string): Promise<void> {
  const database = new ClassicLevel(folder);
  try {
    await database.open();
    await database.close();
  } catch (error) {
    const { message, code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    if (code === 'LEVEL_LOCKED')
      throw new UsageError(`DATA_DIR ${folder} is in use by another ${invocation('start')}.`);
    throw new UsageError(`DATA_DIR ${folder} cannot be used: ${message}.`, { cause: error });
  }
}
