import { createHash } from 'node:crypto';
import { decodePayload } from '../payloads/decode-payload.ts';
import type { PayloadAttributes } from '../payloads/payload.ts';

/** How the payload of a conflict differs from the stored one. */
export interface ConflictDetails {
  /** Hex SHA-256 of the stored payload; undefined where the item has none. */
  readonly storedSha256: string | undefined;
  /** Hex SHA-256 of the payload that was received. */
  readonly receivedSha256: string;
  /** Names of the top-level fields that differ; undefined where either payload is no JSON object, or is not at hand. */
  readonly differingFields: readonly string[] | undefined;
}

/** The most fields that are named. */
const MAX_FIELDS = 20;

/** Compares the payload of a conflict with the stored one. */
export function compareConflict(received: Buffer, stored: Partial<PayloadAttributes>): ConflictDetails {
  const [one, other] = [fieldsOf(decodePayload(stored)), fieldsOf(received)];
  return {
    storedSha256: stored.payload_sha256,
    receivedSha256: createHash('sha256').update(received).digest('hex'),
    differingFields: one && other && differing(one, other).slice(0, MAX_FIELDS),
  };
}

type Fields = ReadonlyMap<string, string>;

function differing(one: Fields, other: Fields): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}

/** The JSON of each top-level field. */
function fieldsOf(payload: Buffer | undefined): Fields | undefined {
  try {
    const value: unknown = JSON.parse(String(payload));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value).map(([name, field]) => [name, JSON.stringify(field)]));
  } catch {
    return undefined;
  }
}
