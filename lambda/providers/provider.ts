import * as v from 'valibot';
import type { SignatureScheme } from '../signature/scheme.ts';
import type { SignedRequest } from '../signature/signed-request.ts';
import type { Handshakes } from './handshake.ts';

/** One event, read from a verified and validated body. */
export interface ProviderEvent {
  /** Two deliveries with the same id are the same event. Undefined if the provider sent none: the delivery is rejected. */
  readonly id: string | undefined;
  /** The provider's name for what happened. */
  readonly type?: string | undefined;
  /** When it happened, in epoch milliseconds. */
  readonly occurredAt?: number | undefined;
  /** The values that are worth querying. They become the item's `data`; undefined ones are left out. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event of a body. */
export interface ReadEvent extends ProviderEvent {
  /** The event's JSON if the body holds several events; undefined if the event is the whole body. */
  readonly json?: string;
}

/** An invalid field of an event: its path and what was expected there, but never its value. */
export interface Issue {
  readonly path: string;
  readonly expected: string;
}

/** The result of reading a body: its events, or what is wrong with it. */
export type Reading =
  | { readonly events: readonly ReadEvent[]; readonly isBatch: boolean; readonly issues?: undefined }
  | { readonly events?: undefined; readonly issues: readonly Issue[] };

/** A setting that sources of a provider need besides their secret. */
export interface Setting {
  /** The meaning of the setting, and where to find its value. */
  readonly description: string;
  /** The format of the value. */
  readonly pattern: RegExp;
  /** A value for the local server and the samples. */
  readonly example: string;
}

type BodySchema = v.GenericSchema<unknown, unknown>;
type SettingsOf = Readonly<Record<string, Setting>>;

/** The time that an event itself has, as against the time of its delivery. */
export interface EventTime {
  /** The place of the time, for people to read: docs and problem details name it, and no code looks it up. */
  readonly label: string;
  /**
   * Whether an event is rejected if this time is outside the retention window, so that a captured request is not accepted
   * again after its item has expired. Only a time that the signature covers may be checked: any other is the caller's
   * choice. The scheme's `toleranceSeconds` says whether a transmission time is signed too.
   */
  readonly isChecked: boolean;
}

/** The declaration of a provider. */
export interface ProviderDefinition<TSchema extends BodySchema, TSettings extends SettingsOf> {
  /** The provider's name in text. */
  readonly title: string;
  /** The URL of the page that documents its signatures. */
  readonly documentation: string;
  readonly signature: SignatureScheme;
  /** The settings that its sources need besides their secret. @default - none */
  readonly settings?: TSettings;
  /** The media types that it sends, in lower case. @default - JSON */
  readonly contentTypes?: readonly string[];
  /** The HTTP methods that it uses. @default - POST */
  readonly methods?: readonly string[];
  /** The field of its forms that holds JSON. @default - the fields themselves are the content */
  readonly formField?: string;
  /** The events of a body that holds several; undefined if the body is one event. @default - every body is one event */
  readonly items?: (content: unknown) => readonly unknown[] | undefined;
  /** The place of the event id, for people to read: docs and problem details name it, and no code looks it up. */
  readonly eventIdLabel: string;
  /** The time of the event. @default - its events have no time */
  readonly eventTime?: EventTime;
  /** Whether each delivery of an event carries the same payload. If so, another payload is a conflict. */
  readonly immutable: boolean;
  /** Validates an event, and picks the values that `event` gets. */
  readonly schema: TSchema;
  /** @param request the whole request. If the body holds several events, `body` is the JSON of this event */
  readonly event: (body: v.InferOutput<TSchema>, request: SignedRequest) => ProviderEvent;
  /** The handshakes that it makes before it sends events. @default - none */
  readonly handshakes?: Handshakes;
}

/** A provider in the registry: `read` replaces the schema and `event` of its declaration. */
export interface Provider<TSettings extends SettingsOf = SettingsOf>
  extends Omit<ProviderDefinition<BodySchema, TSettings>, 'schema' | 'event' | 'items'> {
  readonly settings: TSettings;
  readonly contentTypes: readonly string[];
  readonly methods: readonly string[];
  /** Whether a body may hold several events, each of which is stored as separate JSON. */
  readonly hasItems: boolean;
  /** Validates a parsed body, and reads its events. */
  readonly read: (content: unknown, request: SignedRequest) => Reading;
}

/** Defines a provider. */
export function defineProvider<TSchema extends BodySchema, const TSettings extends SettingsOf = Record<never, Setting>>(
  definition: ProviderDefinition<TSchema, TSettings>,
): Provider<TSettings> {
  const { schema, event, items, ...rest } = definition;

  function readOne(content: unknown, request: SignedRequest): ProviderEvent | readonly Issue[] {
    const result = v.safeParse(schema, content);
    return result.success ? event(result.output, request) : result.issues.map(toIssue);
  }

  return {
    contentTypes: ['application/json'],
    methods: ['POST'],
    ...rest,
    settings: definition.settings ?? ({} as TSettings),
    hasItems: items !== undefined,
    read(content, request) {
      const several = items?.(content);
      if (several) return readSeveral(several, request, readOne);
      const one = readOne(content, request);
      return isIssues(one) ? { issues: one } : { events: [one], isBatch: false };
    },
  };
}

type ReadOne = (content: unknown, request: SignedRequest) => ProviderEvent | readonly Issue[];

/** All or nothing: if one event of a body is invalid, none of them is stored. */
function readSeveral(items: readonly unknown[], request: SignedRequest, readOne: ReadOne): Reading {
  const events: ReadEvent[] = [];
  const issues: Issue[] = [];
  for (const [index, item] of items.entries()) {
    const json = JSON.stringify(item) ?? '';
    const read = readOne(item, { ...request, body: Buffer.from(json) });
    if (isIssues(read)) issues.push(...read.map((issue) => ({ ...issue, path: `[${index}].${issue.path}` })));
    else events.push({ ...read, json });
  }
  return issues.length > 0 ? { issues } : { events, isBatch: true };
}

function isIssues(read: ProviderEvent | readonly Issue[]): read is readonly Issue[] {
  return Array.isArray(read);
}

/** The messages of our schemas are constants. Those of valibot quote the received value, so they are left out. */
function toIssue(issue: v.BaseIssue<unknown>): Issue {
  return { path: v.getDotPath(issue) ?? '', expected: issue.expected ?? issue.message };
}
