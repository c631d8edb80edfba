import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as v from 'valibot';
import { UsageError } from '../arguments.ts';
import { KEYS_FILE } from '../local/local-keys.ts';
import { systemMessage } from '../system-message.ts';
import type { RedeliveryResources } from './redelivery.ts';

/** A redelivery of several events that can be resumed: it is in a file until all of them are put. */
export interface RedeliveryFile {
  /** Relative to the current folder. */
  readonly path: string;
  readonly resources: RedeliveryResources;
  /** The ids of the items that are not put yet, in order. */
  readonly ids: readonly string[];
  /** Notes that an item is put. */
  readonly note: (id: string) => void;
  /** Deletes the file. */
  readonly delete: () => void;
}

const Header = v.object({
  tableName: v.string(),
  busName: v.string(),
  payloadBucketName: v.optional(v.string()),
});

const Line = v.union([v.object({ id: v.string() }), v.object({ put: v.string() })]);

/**
 * Saves what is to be put. It has ids and no payloads, and only its owner can read it.
 * @param ids the ids of the items, in order
 * @throws {UsageError} if the file cannot be written
 */
export function saveRedelivery(resources: RedeliveryResources, ids: readonly string[]): RedeliveryFile {
  const folder = dirname(KEYS_FILE);
  const path = relative('', join(folder, `redeliver-${randomBytes(4).toString('hex')}.ndjson`));
  const lines = [resources, ...ids.map((id) => ({ id }))].map((line) => `${JSON.stringify(line)}\n`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.gitignore'), '*\n');
    writeFileSync(path, lines.join(''), { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${systemMessage(error)}.`, { cause: error });
  }
  return open(path, resources, ids);
}

/**
 * Reads what is left to be put.
 * @throws {UsageError} if the file cannot be read
 */
export function readRedelivery(path: string): RedeliveryFile {
  const [header, ...lines] = linesOf(path);
  const resources = v.safeParse(v.pipe(v.string(), v.parseJson(), Header), header);
  if (!resources.success) throw new UsageError(`${path} is no file of a redelivery.`);
  const ids = new Set<string>();
  for (const line of lines) {
    const entry = v.safeParse(v.pipe(v.string(), v.parseJson(), Line), line);
    // The last line may be cut short, if the machine failed: its event is put once more.
    if (!entry.success) continue;
    if ('id' in entry.output) ids.add(entry.output.id);
    else ids.delete(entry.output.put);
  }
  const { payloadBucketName, ...others } = resources.output;
  return open(path, { ...others, payloadBucketName }, [...ids]);
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch (error) {
    throw new UsageError(`--resume ${path} cannot be read: ${systemMessage(error)}.`, { cause: error });
  }
}

function open(path: string, resources: RedeliveryResources, ids: readonly string[]): RedeliveryFile {
  return {
    path,
    resources,
    ids,
    note: (id) => appendFileSync(path, `${JSON.stringify({ put: id })}\n`),
    delete: () => rmSync(path),
  };
}
