import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PayloadBucket } from '../../lambda/payloads/payload-bucket.ts';

/** A payload bucket on this machine. */
export interface LocalPayloadBucket extends PayloadBucket {
  /** The bytes of an object; undefined where there is none. */
  readonly get: (key: string) => Uint8Array | undefined;
}

/**
 * Keeps large payloads in memory, or in files of a folder.
 * @param folder such as `payloads` in `DATA_DIR`; undefined for memory
 */
export function localPayloadBucket(folder?: string): LocalPayloadBucket {
  return folder === undefined ? inMemory() : inFolder(folder);
}

function inMemory(): LocalPayloadBucket {
  const objects = new Map<string, Uint8Array>();
  return {
    get: (key) => objects.get(key),
    async put({ key, bytes }) {
      objects.set(key, bytes);
      return undefined;
    },
  };
}

function inFolder(folder: string): LocalPayloadBucket {
  return {
    get(key) {
      try {
        return readFileSync(join(folder, key));
      } catch {
        return undefined;
      }
    },
    async put({ key, bytes }) {
      try {
        const file = join(folder, key);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, bytes);
        return undefined;
      } catch (unavailable) {
        return { unavailable };
      }
    },
  };
}
