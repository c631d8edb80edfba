/** An event that the bus refuses, with and without its payload. It holds nothing of the payload. */
export interface DeadLetter {
  /** The item's id. */
  readonly id: string;
  /** The table that has the item, until the item expires. */
  readonly table: string;
  /** The error code of the bus, or `Unreadable` for an item that no entry can be made of. */
  readonly reason: string;
}

/** The queue of the events that could not be forwarded. */
export interface DeadLetters {
  /** @throws {Error} if the queue does not accept the letter */
  readonly send: (letter: DeadLetter) => Promise<void>;
}
