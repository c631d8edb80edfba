import * as v from 'valibot';
import type { SignatureScheme } from '../signature/scheme.ts';
import type { SignedRequest } from '../signature/signed-request.ts';
import type { Handshakes } from './handshake.ts';

/** What the provider's own words say of one event, once they are verified and validated. */
export interface ProviderEvent {
  /** What makes two deliveries the same event; undefined where the provider sent none, which refuses the delivery. */
  readonly id: string | undefined;
  /** What happened, in the provider's words. */
  readonly type?: string | undefined;
  /** When it happened, in epoch milliseconds. */
  readonly occurredAt?: number | undefined;
  /** What is worth querying: stored as the item's `data`. What is undefined is left out. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** One of the events of a body. */
export interface ReadEvent extends ProviderEvent {
  /** Its JSON, where the body holds several; undefined where it is the body. */
  readonly json?: string;
}

/** One thing wrong with an event: where, and what was expected. Never what was found. */
export interface Issue {
  readonly path: string;
  readonly expected: string;
}

/** What reading a body came to. */
export type Reading =
  | { readonly events: readonly ReadEvent[]; readonly isBatch: boolean; readonly issues?: undefined }
  | { readonly events?: undefined; readonly issues: readonly Issue[] };

/** Something that a source of this provider must be told besides its secret. */
export interface Setting {
  /** What it is, and where it is found. */
  readonly description: string;
  /** The form it must have. */
  readonly pattern: RegExp;
  /** One for the local server and the samples. */
  readonly example: string;
}

type BodySchema = v.GenericSchema<unknown, unknown>;
type SettingsOf = Readonly<Record<string, Setting>>;

/** A provider, as its file declares it. */
export interface ProviderDefinition<TSchema extends BodySchema, TSettings extends SettingsOf> {
  /** Its name, as people write it. */
  readonly title: string;
  /** The page that says how it signs. */
  readonly documentation: string;
  readonly signature: SignatureScheme;
  /** What a source must be told besides its secret. @default nothing */
  readonly settings?: TSettings;
  /** The media types that it sends, in lower case. @default JSON */
  readonly contentTypes?: readonly string[];
  /** The HTTP methods that it uses. @default POST */
  readonly methods?: readonly string[];
  /** Where a form holds JSON in one of its fields, that field. @default the form's fields are the content */
  readonly formField?: string;
  /** The events of a body that holds several; undefined for a body that is one event. @default one event */
  readonly items?: (content: unknown) => readonly unknown[] | undefined;
  /** Where the event id stands: a field's path or a header's name. */
  readonly eventId: string;
  /**
   * Where the time of the event stands, if the signature covers it: such an event must lie inside the retention window,
   * so that a captured request cannot be accepted again once its item has expired.
   */
  readonly signedTime?: string;
  /** Whether every delivery of an event carries the same payload; if so, another payload is a conflict. */
  readonly immutable: boolean;
  /** What an event must look like; what it picks is what `event` is given. */
  readonly schema: TSchema;
  /** @param request the whole request; of an event among several, its body is that event's JSON */
  readonly event: (body: v.InferOutput<TSchema>, request: SignedRequest) => ProviderEvent;
  /** The handshakes that it makes before it sends events. @default - none */
  readonly handshakes?: Handshakes;
}

/** A provider, as the receiver uses it: its schema and `event` have become `read`. */
export interface Provider<TSettings extends SettingsOf = SettingsOf>
  extends Omit<ProviderDefinition<BodySchema, TSettings>, 'schema' | 'event' | 'items'> {
  readonly settings: TSettings;
  readonly contentTypes: readonly string[];
  readonly methods: readonly string[];
  /** Whether a body may hold several events, each of which is then stored as JSON of its own. */
  readonly hasItems: boolean;
  /** Validates a parsed body, and picks the events out of it. */
  readonly read: (content: unknown, request: SignedRequest) => Reading;
}

/** Makes a provider of its definition. */
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

/** All or nothing: a body with one event that does not match is refused before any of it is stored. */
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

/** Every message of ours is a constant; valibot's own say what was received, and are left out. */
function toIssue(issue: v.BaseIssue<unknown>): Issue {
  return { path: v.getDotPath(issue) ?? '', expected: issue.expected ?? issue.message };
}
