import type { EventItem } from '../lambda/events/event-item.ts';
import type { PayloadAttributes } from '../lambda/payloads/payload.ts';
import type { ProviderData, ProviderName } from '../lambda/providers/index.ts';

/**
 * An event of the inbox as EventBridge hands it to a rule's target. Where there are several providers, it is a union of
 * their events, which `detail.provider` tells apart.
 * @typeParam TPayload the provider's type of its events, such as `Stripe.Event`
 * @typeParam TSource the source's name
 */
export type InboxEvent<
  TProvider extends ProviderName = ProviderName,
  TPayload = unknown,
  TSource extends string = string,
> = TProvider extends ProviderName
  ? {
      readonly version: string;
      /** EventBridge's id, which differs each time the same event is put on the bus. The event's is `detail.id`. */
      readonly id: string;
      readonly account: string;
      /** When the inbox received the event: ISO 8601, UTC, whole seconds. */
      readonly time: string;
      readonly region: string;
      readonly resources: string[];
      readonly source: `webhook-inbox.${TSource}`;
      /** The event's type, at most 128 characters of it; `event` where the provider names none. */
      readonly 'detail-type': string;
      readonly detail: InboxEventDetail<TProvider, TPayload, TSource>;
      /** Set if the event comes from a replay of the bus's archive. */
      readonly 'replay-name'?: string;
    }
  : never;

/** The `detail` of an {@link InboxEvent}: the event's item (docs/tables.md) without what only the table needs. */
export type InboxEventDetail<
  TProvider extends ProviderName = ProviderName,
  TPayload = unknown,
  TSource extends string = string,
> = TProvider extends ProviderName
  ? Omit<
      EventItem,
      'source' | 'provider' | 'data' | 'expires_at' | 'payload' | 'payload_encoding' | 'payload_object'
    > & {
      readonly source: TSource;
      readonly provider: TProvider;
      readonly data: InboxEventData<TProvider>;
    } & PayloadPlace<TPayload>
  : never;

/**
 * What the provider's schema picked. Any field may be missing: the provider may leave it out, and an event that an operator
 * accepted from quarantine as it was has none.
 */
export type InboxEventData<TProvider extends ProviderName> = {
  readonly [K in keyof ProviderData<TProvider>]?: Exclude<ProviderData<TProvider>[K], undefined>;
};

/** The payload, or the place where `readPayload` finds it. */
export type PayloadPlace<TPayload> =
  | {
      /** The parsed JSON; the text, if the payload is not JSON. */
      readonly payload: TPayload;
      readonly payload_text?: undefined;
      readonly payload_omitted?: undefined;
    }
  | {
      /** JSON with a number or a string that EventBridge does not take. `JSON.parse` rounds such a number. */
      readonly payload_text: string;
      readonly payload?: undefined;
      readonly payload_omitted?: undefined;
    }
  | {
      /** The payload is too large for the bus, not UTF-8, or refused by EventBridge: it is in the item `id` of `table`. */
      readonly payload_omitted: true;
      readonly table: string;
      readonly payload?: undefined;
      readonly payload_text?: undefined;
      readonly payload_object?: undefined;
    }
  | (Pick<PayloadAttributes, 'payload_encoding'> & {
      /** The payload is too large for an item: it is the object `payload_object` of `bucket`. */
      readonly payload_omitted: true;
      readonly bucket: string;
      readonly payload_object: string;
      readonly payload?: undefined;
      readonly payload_text?: undefined;
    });

/**
 * An event of one of several sources, which `source` and `detail.source` tell apart.
 *
 * ```ts
 * type Sources = { 'stripe-eu': 'stripe'; partner: 'generic' };
 * type Event = SourceEvent<Sources, { stripe: Stripe.Event; partner: Order }>;
 * ```
 * @typeParam TSources the provider of each source, by the source's name
 * @typeParam TPayloads the types of payloads, by the name of a source or of a provider; others are `unknown`
 */
export type SourceEvent<
  TSources extends Readonly<Record<keyof TSources, ProviderName>>,
  TPayloads extends PayloadsOf<TSources, TPayloads> = Record<never, never>,
> = {
  [K in keyof TSources & string]: InboxEvent<TSources[K], PayloadOfSource<K, TSources[K], TPayloads>, K>;
}[keyof TSources & string];

/** Refuses a name that is neither a source nor a provider of one. */
type PayloadsOf<TSources, TPayloads> = {
  [K in keyof TPayloads]: K extends keyof TSources | TSources[keyof TSources] ? unknown : never;
};

type PayloadOfSource<TSource, TProvider, TPayloads> = TSource extends keyof TPayloads
  ? TPayloads[TSource]
  : TProvider extends keyof TPayloads
    ? TPayloads[TProvider]
    : unknown;

/** The payload of an event, as its type declares it. */
export type PayloadOf<TEvent extends { readonly detail: object }> = TEvent['detail'] extends infer TDetail
  ? TDetail extends { readonly payload: infer TPayload }
    ? TPayload
    : never
  : never;
