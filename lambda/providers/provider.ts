import type { SignatureScheme } from '../signature/scheme.ts';
import type { HeaderValues, SignedRequest } from '../signature/signed-request.ts';
import type { Handshakes, ProviderResponse } from './handshake.ts';

/** The values of an event that are worth querying, by name. */
export type EventData = Readonly<Record<string, unknown>>;

/** One event, read from a verified and validated body. */
export interface ProviderEvent<TData extends EventData = EventData> {
  /** Two deliveries with the same id are the same event. Undefined if the provider sent none: the delivery is rejected. */
  readonly id: string | undefined;
  /**
   * The provider's name for what happened.
   * @default - its events have no type
   */
  readonly type?: string | undefined;
  /**
   * When it happened, in epoch milliseconds.
   * @default - its events have no time
   */
  readonly occurredAt?: number | undefined;
  /** The values that are worth querying. They become the item's `data`; undefined ones are left out. */
  readonly data: TData;
}

/** An invalid field of an event: its path and what was expected there, but never its value. */
export interface Issue {
  readonly path: string;
  readonly expected: string;
}

/** An event of a body, or what is wrong with it. */
export type ReadEvent<TData extends EventData = EventData> = (
  | { readonly event: ProviderEvent<TData> }
  | { readonly issues: readonly Issue[] }
) & {
  /** The event's JSON, with every number as it was sent; undefined if the event is the whole body. */
  readonly json?: string;
};

/** The events of a body. Each is read by itself, so that an invalid one does not block the others. */
export interface Reading {
  readonly events: readonly ReadEvent[];
  /** Whether the body is a list of events, however many it holds. */
  readonly isBatch: boolean;
}

/** A parsed body. */
export interface ParsedPayload {
  readonly value: unknown;
  /** The same value, whose JSON has every number as it was sent. */
  readonly exact: unknown;
}

/** A request as a provider's events are read from it. */
export interface EventRequest extends Omit<SignedRequest, 'headers'> {
  /** Only those headers that the provider declares in `eventHeaders`. */
  readonly headers: HeaderValues;
  /** The media type of the body, without its parameters. */
  readonly mediaType: string;
  /** When the delivery arrived, in epoch milliseconds. */
  readonly receivedAt: number;
}

/** A setting that sources of a provider have besides their secret. */
export interface Setting {
  /** The meaning of the setting, and where to find its value. */
  readonly description: string;
  /** The format of the value. */
  readonly pattern: RegExp;
  /** A value for the local server and the samples. They leave an optional setting out, so docs and errors alone show it. */
  readonly example: string;
  /** Set if a source may leave the setting out. @default - every source needs the setting */
  readonly isOptional?: true;
}

/** A field of a form that holds JSON. */
export interface FormField {
  /** The name of the field. */
  readonly name: string;
  /** Whether every form has the field. If so, a form without it is not an event. */
  readonly isRequired: boolean;
}

/** A delivery whose events are durable. */
export interface AcknowledgedDelivery {
  /** The media type of the body, without its parameters. */
  readonly mediaType: string;
  /** The JSON value of the body, or the fields of its form; undefined if it could not be parsed. */
  readonly parsedBody: unknown;
}

/** Settings by name. */
export type SettingsByName = Readonly<Record<string, Setting>>;

/** The time that an event itself has, as against the time of its delivery. */
export interface EventTime {
  /** The place of the time, for people to read: docs and problem details name it, and no code looks it up. */
  readonly label: string;
  /**
   * Whether the signature covers this time. If it does, and covers no transmission time, an event outside the retention
   * window is invalid, so that a captured request is not accepted again after its item has expired.
   */
  readonly isSigned: boolean;
}

/** A request of a provider, before it is signed. */
export interface Sample {
  /** The names are in lower case. The values may hold placeholders for times and ids. */
  readonly headers: Readonly<Record<string, string>>;
  /** May hold placeholders for times and ids, such as `{{today:seconds}}` and `{{id}}`. */
  readonly body: string;
}

/** What a provider declares of itself, except how its events are read. */
export interface ProviderFacts<TSettings extends SettingsByName> {
  /** The provider's name in text. */
  readonly title: string;
  /** The URL of the page that documents its signatures. */
  readonly documentation: string;
  readonly signature: SignatureScheme;
  /** The settings that its sources have besides their secret. @default - none */
  readonly settings?: TSettings;
  /** The media types that it sends, in lower case. @default - JSON */
  readonly contentTypes?: readonly string[];
  /** The HTTP methods that it uses. @default - POST */
  readonly methods?: readonly string[];
  /** The headers that its events are read from, in lower case; never one with a signature. @default - none */
  readonly eventHeaders?: readonly string[];
  /** Whether it also sends events by GET, with the fields in the query string. @default false */
  readonly sendsQuery?: boolean;
  /** The field of its forms that holds JSON. @default - the fields of the form are the event */
  readonly formField?: FormField;
  /** The response that it requires to a delivery whose events are durable. @default - 200 with JSON */
  readonly acknowledge?: (delivery: AcknowledgedDelivery) => ProviderResponse | undefined;
  /** The place of the event id, for people to read: docs and problem details name it, and no code looks it up. */
  readonly eventIdLabel: string;
  /** The time of the event. @default - its events have no time */
  readonly eventTime?: EventTime;
  /** Whether each delivery of an event carries the same payload. If so, another payload is a conflict. */
  readonly immutable: boolean;
  /** The handshakes that it makes before it sends events. @default - none */
  readonly handshakes?: Handshakes;
  /** Requests for `send`, the probe and the docs, by name. @default - the file samples/<name>.json, for the registry's */
  readonly samples?: Readonly<Record<string, Sample>>;
}

/**
 * A provider in the registry: `read` and `readEvent` replace the schema and `event` of its declaration. Its type keeps the
 * settings of its sources and the data of its events.
 */
export interface Provider<TSettings extends SettingsByName = SettingsByName, TData extends EventData = EventData>
  extends ProviderFacts<TSettings> {
  /** The settings that its sources have besides their secret. */
  readonly settings: TSettings;
  /** The media types that it sends, in lower case. */
  readonly contentTypes: readonly string[];
  /** The HTTP methods that it uses. */
  readonly methods: readonly string[];
  /** The headers that its events are read from, in lower case. */
  readonly eventHeaders: readonly string[];
  /** Whether a body may hold several events, each of which is stored as separate JSON. */
  readonly hasItems: boolean;
  /** Reads the events of a parsed body, and validates each. */
  readonly read: (parsed: ParsedPayload, request: EventRequest) => Reading;
  /**
   * Reads and validates one event, which may have been one of several in a body.
   * @param value the event, as `read` finds it in the body
   */
  readonly readEvent: (value: unknown, request: EventRequest) => ReadEvent<TData>;
}
