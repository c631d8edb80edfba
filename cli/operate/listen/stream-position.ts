/** Where a reader of a table's stream is. */
export interface StreamPosition {
  /** Records that were written before are not read in a shard without a sequence number; epoch milliseconds. */
  readonly since: number;
  /** When the stream was last read; epoch milliseconds. Shards that began later are not known here. */
  readonly readAt: number;
  /** The last record by shard that is settled, with all before it. */
  readonly shards: Readonly<Record<string, string>>;
}

/** How long a stream keeps records, in milliseconds: 24 hours, less a margin for clocks and for the time that reading takes. */
export const STREAM_RETENTION_MS = (24 * 60 - 10) * 60_000;

/** The position of a reader that has read nothing. */
export const positionSince = (since: number, now: number): StreamPosition => ({ since, readAt: now, shards: {} });
