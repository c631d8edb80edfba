import * as v from 'valibot';
import type { SignatureScheme } from '../signature/scheme.ts';
import type { HeaderValues } from '../signature/signed-request.ts';

/** What the provider's own words say of one event, once they are verified and validated. */
export interface ProviderEvent {
  /** What makes two deliveries the same event; undefined where the provider sent none, which refuses the delivery. */
  readonly id: string | undefined;
  /** What happened, in the provider's words. */
  readonly type?: string | undefined;
  /** When it happened, in epoch milliseconds. */
  readonly occurredAt?: number | undefined;
  /** What is worth querying: stored as the item's `data`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** One thing wrong with an event: where, and what was expected. Never what was found. */
export interface Issue {
  readonly path: string;
  readonly expected: string;
}

/** What reading a body came to. */
export type Reading =
  | { readonly event: ProviderEvent; readonly issues?: undefined }
  | { readonly event?: undefined; readonly issues: readonly Issue[] };

type BodySchema = v.GenericSchema<unknown, unknown>;

/** A provider, as its file declares it. */
export interface ProviderDefinition<TSchema extends BodySchema> {
  /** Its name, as people write it. */
  readonly title: string;
  /** The page that says how it signs. */
  readonly documentation: string;
  readonly signature: SignatureScheme;
  /** The media types that it sends, in lower case. */
  readonly contentTypes: readonly string[];
  /** The HTTP methods that it uses. */
  readonly methods: readonly string[];
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
  readonly event: (body: v.InferOutput<TSchema>, headers: HeaderValues) => ProviderEvent;
}

/** A provider, as the receiver uses it: its schema and `event` have become `read`. */
export interface Provider extends Omit<ProviderDefinition<BodySchema>, 'schema' | 'event'> {
  /** Validates a parsed body, and picks the event out of it. */
  readonly read: (body: unknown, headers: HeaderValues) => Reading;
}

/** Makes a provider of its definition. */
export function defineProvider<TSchema extends BodySchema>(definition: ProviderDefinition<TSchema>): Provider {
  const { schema, event, ...rest } = definition;
  return {
    ...rest,
    read(body, headers) {
      const result = v.safeParse(schema, body);
      return result.success ? { event: event(result.output, headers) } : { issues: result.issues.map(toIssue) };
    },
  };
}

/** Every message of ours is a constant; valibot's own say what was received, and are left out. */
function toIssue(issue: v.BaseIssue<unknown>): Issue {
  return { path: v.getDotPath(issue) ?? '', expected: issue.expected ?? issue.message };
}
