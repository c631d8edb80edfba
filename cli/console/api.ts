import type { EventItem } from '../../lambda/events/event-item.ts';
import type { QuarantineItem } from '../../lambda/quarantine/quarantine-item.ts';
import type { Outcome } from '../../lambda/telemetry/delivery-report.ts';

/** What the page shows of an inbox. */
export interface InboxDescription {
  /** Such as `on this machine`, or the name of a stack. */
  readonly name: string;
  readonly isDeployed: boolean;
  /** How far back the live list goes, in milliseconds. @default - all that is kept */
  readonly listedMs?: number | undefined;
  /** The event bus; undefined if events are not forwarded to one. */
  readonly busName?: string | undefined;
  readonly sources: readonly SourceDescription[];
  /** Why the sources cannot be read; undefined if they are. */
  readonly sourcesProblem?: string | undefined;
}

/** What the page shows of a source. */
export interface SourceDescription {
  readonly name: string;
  readonly provider: string;
  readonly url: string;
  /** The state of its signing secret, in words. */
  readonly secret: string;
  /** Whether deliveries cannot be verified, because there is no secret. */
  readonly isSecretMissing: boolean;
  /** The provider's page about its signatures; undefined if it has none. */
  readonly documentation?: string | undefined;
  /** The page of this project about the provider; undefined for a provider of one's own. */
  readonly guide?: string | undefined;
}

/** A payload, as it was received. */
export interface PayloadText {
  readonly text: string;
  /** Whether the payload is UTF-8, and so the text is exact. */
  readonly isText: boolean;
  readonly bytes: number;
}

/** A stored event without its payload, and its payload. */
export interface ShownEvent {
  readonly item: Omit<EventItem, 'payload'>;
  readonly payload: PayloadText;
}

/** An item of the quarantine without its payload. */
export type QuarantineEntry = Omit<QuarantineItem, 'payload'>;

/** An item of the quarantine, and its payload. */
export interface ShownEntry {
  readonly item: QuarantineEntry;
  readonly payload: PayloadText;
}

/** What is stored under an event id. */
export interface EventAnswer {
  readonly stored?: ShownEvent | undefined;
  readonly quarantined: readonly ShownEntry[];
}

/** The items of the quarantine, the newest first. */
export interface QuarantineAnswer {
  readonly items: readonly QuarantineEntry[];
}

/** The result of accepting or discarding an item. */
export interface DecisionAnswer {
  /** Whether the item is no longer in quarantine. */
  readonly isDone: boolean;
  readonly text: string;
}

/** The response to a request that the console sent. */
export interface SentAnswer {
  /** HTTP status; undefined if there was no response. */
  readonly status?: number | undefined;
  /** The beginning of the response's body, or why there was no response. */
  readonly text: string;
  readonly durationMs: number;
}

/** A request as a command for a shell. */
export interface CommandAnswer {
  readonly command: string;
}

/** A line of an answer that takes long: its progress, or, at the end, the result or why there is none. */
export type WatchedLine<Result> =
  | { readonly progress: string }
  | { readonly result: Result }
  | { readonly failure: string };

/** The ranges of the chart. */
export type ChartRange = 'hour' | 'day' | 'week';

/** The deliveries of a range, counted by outcome. */
export interface ChartAnswer {
  /** Epoch milliseconds; the first time. */
  readonly from: number;
  /** Epoch milliseconds; the time after the last. */
  readonly to: number;
  /** The length of a step, in milliseconds. The first step begins at a multiple of it, at or before `from`. */
  readonly stepMs: number;
  /** The outcomes that occur, each with its counts by step, the oldest first. */
  readonly series: readonly { readonly outcome: Outcome; readonly counts: readonly number[] }[];
}

/** The headers of a delivery; undefined if none are kept. A header has no value if that may be a signature or a secret. */
export interface HeadersAnswer {
  readonly headers?: readonly { readonly name: string; readonly value?: string | undefined }[] | undefined;
}

/** A rule of the event bus that matches an event. */
export interface MatchingRule {
  readonly name: string;
  readonly isEnabled: boolean;
  /** Whether all of its pattern was checked. */
  readonly isCertain: boolean;
  /** The ARNs of its targets. */
  readonly targets: readonly string[];
}

/** The rules that match an event. */
export interface RulesAnswer {
  readonly rules: readonly MatchingRule[];
}

/** The result of putting an event on the bus. */
export interface RedeliveryAnswer {
  /** Whether the bus has it. */
  readonly isPut: boolean;
  readonly text: string;
}

/** Why a request to the console failed. */
export interface FailureAnswer {
  readonly message: string;
}

/** The form in which an event is sent to a URL: as the provider delivers it, or as the event bus does. */
export type SentForm = 'delivery' | 'event';

/** What to send, and where. */
export interface ResendRequest {
  readonly source: string;
  readonly eventId: string;
  readonly url: string;
  readonly form: SentForm;
}
