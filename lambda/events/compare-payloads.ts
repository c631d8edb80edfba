import { createHash } from 'node:crypto';
import { decodePayload } from '../payloads/decode-payload.ts';
import type { PayloadAttributes } from '../payloads/payload.ts';

/** How the payload of a conflict differs from the stored one. */
export interface ConflictDetails {
  /** Hex SHA-256 of the stored payload; undefined if the item has none. */
  readonly storedSha256: string | undefined;
  /** Hex SHA-256 of the payload that was received. */
  readonly receivedSha256: string;
  /**
   * The names of the top-level fields that differ; empty if the payloads differ only in how the same values are written.
   * Undefined if either payload is not a JSON object, or if the stored one is in the payload bucket.
   */
  readonly differingFields: readonly string[] | undefined;
}

/** The most fields that are named, and the most characters of a name: the log is no place for a payload. */
const MAX_FIELDS = 20;
const MAX_NAME_CHARACTERS = 64;

/** Compares the payload of a conflict with the stored one. */
export function compareConflict(received: Buffer, stored: Partial<PayloadAttributes>): ConflictDetails {
  const one = fieldsOf(() => decodePayload(stored));
  const other = fieldsOf(() => received);
  return {
    storedSha256: stored.payload_sha256,
    receivedSha256: createHash('sha256').update(received).digest('hex'),
    differingFields: one && other && differingFields(one, other),
  };
}

/** The JSON of each top-level field, by its name. */
type Fields = ReadonlyMap<string, string>;

function differingFields(one: Fields, other: Fields): readonly string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  const differing = [...names].filter((name) => one.get(name) !== other.get(name));
  return differing.slice(0, MAX_FIELDS).map((name) => name.slice(0, MAX_NAME_CHARACTERS));
}

/** The fields of a payload; undefined if it is missing, cannot be decoded, or is not a JSON object. */
function fieldsOf(read: () => Buffer | undefined): Fields | undefined {
  try {
    const value: unknown = JSON.parse(String(read() ?? ''));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value).map(([name, field]) => [name, JSON.stringify(field)]));
  } catch {
    return undefined;
  }
}
