import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { UsageError } from '../../arguments.ts';
import { KEYS_FILE } from '../../local/local-keys.ts';
import { systemMessage } from '../../system-message.ts';
import type { StreamPosition } from './stream-position.ts';

/** What a mark is for. */
export interface MarkOwner {
  readonly inboxName: string;
  /** The table, since an inbox of the same name may be in another account or region. */
  readonly streamArn: string;
  /** The URL of the handler. */
  readonly url: string;
}

/** The mark of what a handler has got. */
export interface ListenMark {
  /** @returns undefined if there is none */
  readonly read: () => StreamPosition | undefined;
  readonly write: (position: StreamPosition) => void;
  readonly remove: () => void;
}

const Mark = v.object({ since: v.number(), readAt: v.number(), shards: v.record(v.string(), v.string()) });

/** The folder of the marks, beside the generated keys. */
const FOLDER = join(dirname(KEYS_FILE), 'listen');

/**
 * A mark in a file, one per inbox and URL.
 * @throws {UsageError} from each function if the file cannot be read or written
 */
export function listenMark({ inboxName, streamArn, url }: MarkOwner, folder = FOLDER): ListenMark {
  const name = createHash('sha256')
    .update(JSON.stringify([streamArn, inboxName, url]))
    .digest('hex')
    .slice(0, 32);
  const file = join(folder, `${name}.json`);
  return {
    read: () => readMark(file),
    write(position) {
      const text = `${JSON.stringify({ inboxName, url, ...position }, undefined, 2)}\n`;
      attempt('written', file, () => writeWhole(file, text));
    },
    remove: () => attempt('removed', file, () => rmSync(file, { force: true })),
  };
}

function readMark(file: string): StreamPosition | undefined {
  try {
    return v.parse(Mark, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`${file} cannot be read: ${systemMessage(error)}. Begin again with --reset.`, {
      cause: error,
    });
  }
}

/** A process that ends half-way leaves the file as it was. */
function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(join(dirname(file), '.gitignore'), '*\n');
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function attempt(doing: string, file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new UsageError(`${file} cannot be ${doing}: ${systemMessage(error)}.`, { cause: error });
  }
}
