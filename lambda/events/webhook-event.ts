/** A verified and validated event, ready to be stored. */
export interface WebhookEvent {
  /** The endpoint it came to. */
  readonly source: string;
  /** The name of the provider that sent it. */
  readonly provider: string;
  /** What makes two deliveries the same event. */
  readonly id: string;
  readonly type: string | undefined;
  /** When it happened, in epoch milliseconds, where the provider says so. */
  readonly occurredAt: number | undefined;
  /** When it happened, if the signature covers that; epoch milliseconds. */
  readonly signedAt: number | undefined;
  /** When its delivery arrived, in epoch milliseconds. */
  readonly receivedAt: number;
  /** How long its item lives, in seconds. */
  readonly retentionSeconds: number;
  /** Whether another payload under the same id is a conflict. */
  readonly immutable: boolean;
  /** What the provider's schema picked. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The bytes as received: UTF-8 text. */
  readonly payload: Buffer;
}
