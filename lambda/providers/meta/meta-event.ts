/** The data of an event of Meta: each product sends some of it. */
export type MetaData = {
  readonly account?: string | number | undefined;
  readonly phone_number_id?: string | undefined;
  readonly message_type?: string | undefined;
  readonly status?: string | undefined;
  readonly sender_id?: string | undefined;
  readonly topic?: string | undefined;
};

/** An event of Meta. */
export interface MetaEvent {
  /** The values that identify it; undefined if it has none that identify it alone. */
  readonly identity?: readonly unknown[] | undefined;
  /** Whether it has a time, besides the time when it was sent. */
  readonly isTimed: boolean;
  readonly type: string;
  /** When it was sent, in epoch milliseconds. */
  readonly sentAt?: number | undefined;
  /** When it happened, in epoch milliseconds. */
  readonly time?: number | undefined;
  readonly data: MetaData;
}

/** An event in an entry, without what the entry adds to it. */
export type EntryEvent = Omit<MetaEvent, 'type' | 'sentAt'> & { readonly kind: string };
