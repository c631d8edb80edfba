import type { EventItem } from '../../lambda/events/event-item.ts';
import type { QuarantineItem } from '../../lambda/quarantine/quarantine-item.ts';
import type { EventStatus, Outcome } from '../../lambda/telemetry/delivery-report.ts';

/** The deliveries of an inbox, deployed or on this machine. Each was answered: one that is still running is not listed. */
export interface DeliveryLog {
  /**
   * Lists deliveries, the newest last.
   * @throws {UsageError} if the log cannot be read
   */
  readonly list: (query: DeliveryQuery, signal?: AbortSignal) => AsyncIterable<Delivery>;
  /**
   * Lists deliveries as they come, from `query.from` on, each once, until the signal aborts. `to` and `limit` of the query
   * do not apply. A deployed inbox shows a delivery some seconds after its response, and not always in order.
   * @param onListed called each time when all that is there was listed
   * @throws {UsageError} if the log cannot be read
   */
  readonly follow: (query: DeliveryQuery, signal: AbortSignal, onListed?: () => void) => AsyncIterable<Delivery>;
}

/** Which deliveries to list. A delivery is listed if it matches everything that is given. */
export interface DeliveryQuery {
  /** Names of sources. @default - all, and deliveries to none */
  readonly sources?: readonly string[] | undefined;
  /** Epoch milliseconds; the first time. */
  readonly from: number;
  /** Epoch milliseconds; the time after the last. @default - now */
  readonly to?: number | undefined;
  /** Patterns of event types, in which `*` is any text: `invoice.*`. @default - all, and events without a type */
  readonly types?: readonly string[] | undefined;
  /** Of the delivery, or of one of its events. @default - all */
  readonly outcomes?: readonly Outcome[] | undefined;
  /** In the request id, an event id, a type, the source, the reason or a path, without regard to case. */
  readonly text?: string | undefined;
  /** The most deliveries: the newest. @default - all */
  readonly limit?: number | undefined;
}

/** A delivery, as the log of the receiver has it: without its body, its headers and its secret. */
export interface Delivery {
  /** When it was answered; epoch milliseconds. */
  readonly time: number;
  /** API Gateway's id of the request, which the response of a problem has too. */
  readonly requestId: string;
  /** Undefined if the path named no source. */
  readonly source: string | undefined;
  readonly provider: string | undefined;
  /** HTTP status of the response. */
  readonly status: number;
  /** Of several events, the most severe outcome. */
  readonly outcome: Outcome;
  /** The problem's code, as the caller got it. */
  readonly code?: string | undefined;
  /** Why it was rejected, in quarantine, or not stored at once; more exact than the code. */
  readonly reason?: string | undefined;
  /** What is wrong: the paths, and what was expected there. */
  readonly issues?: readonly DeliveryIssue[] | undefined;
  /** Its events, in the order of the body: at most 100. */
  readonly events: readonly DeliveredEvent[];
  /** How many more events it had. */
  readonly more: number;
  /** Size of the body; undefined if it was not read. */
  readonly bytes: number | undefined;
  readonly durationMs: number;
  /** Whether its signature was made with the secret before the last rotation. */
  readonly usedPreviousSecret: boolean;
  /** The secret that a handshake handed out, sealed for the operator who waited for it. */
  readonly sealedSecret?: string | undefined;
}

/** A path in an event, and what was expected there. */
export interface DeliveryIssue {
  readonly path: string;
  readonly expected: string;
}

/** An event of a delivery. */
export interface DeliveredEvent {
  /** Undefined if nothing identifies it. */
  readonly id?: string | undefined;
  readonly type?: string | undefined;
  /** Epoch milliseconds, where the provider says when. */
  readonly occurredAt?: number | undefined;
  /** Undefined for an event that was not stored because its delivery was rejected. */
  readonly outcome?: EventStatus | undefined;
}

/** The stored events of an inbox, deployed or on this machine. */
export interface StoredEvents {
  /**
   * Reads an event, and everything in quarantine that has its id.
   * @throws {UsageError} if a table or the bucket cannot be read
   */
  readonly read: (source: string, eventId: string) => Promise<StoredEvent>;
}

/** What is stored under an event id. */
export interface StoredEvent {
  /** Undefined if the events table does not have it. */
  readonly stored: WithPayload<EventItem> | undefined;
  /** What is in quarantine under the event id, such as the other payload of a conflict. */
  readonly quarantined: readonly WithPayload<QuarantineItem>[];
}

/** An item without its payload, and the payload as it was received. */
export interface WithPayload<Item> {
  readonly item: Omit<Item, 'payload'>;
  readonly payload: Buffer;
}

/** An inbox, deployed or on this machine, as its commands and its console show it. */
export interface InboxView {
  readonly deliveries: DeliveryLog;
  readonly events: StoredEvents;
  /** The names of its sources; undefined if they may not be read. @default - they are unknown */
  readonly sourceNames?: () => Promise<readonly string[] | undefined>;
}
