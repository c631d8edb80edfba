/** A verified and validated event, ready to be stored. */
export interface WebhookEvent {
  /** The name of the source that it was delivered to. */
  readonly source: string;
  /** The name of the provider that sent it. */
  readonly provider: string;
  /** The event id. */
  readonly id: string;
  readonly type: string | undefined;
  /** The time of the event in epoch milliseconds, where the provider names it. */
  readonly occurredAt: number | undefined;
  /** The time of the event in epoch milliseconds, where only that time protects it from replays. */
  readonly signedAt: number | undefined;
  /** The time of arrival in epoch milliseconds. */
  readonly receivedAt: number;
  /** The life of its item, in seconds. */
  readonly lifeSeconds: number;
  /** Whether another payload under the same id is a conflict. */
  readonly immutable: boolean;
  /** Whether the payload is one event of a body that held several, as JSON. */
  readonly fromBatch?: boolean | undefined;
  /** Set for an event that an operator accepted from quarantine as it was. */
  readonly origin?: 'accepted' | undefined;
  /** What the provider's schema picked. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The media type, and the headers that the event was read from; by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as received: UTF-8 text. */
  readonly payload: Buffer;
}
