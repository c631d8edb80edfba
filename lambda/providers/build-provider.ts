import type {
  EventData,
  EventRequest,
  Issue,
  Provider,
  ProviderEvent,
  ProviderFacts,
  ReadEvent,
  SettingsByName,
} from './provider.ts';

/** What an event holds, or what is wrong with it. */
export type Validation<TOutput> = { readonly output: TOutput } | { readonly issues: readonly Issue[] };

/** What a provider is built from, whatever library validates its events. */
export interface ProviderParts<TOutput, TSettings extends SettingsByName, TData extends EventData>
  extends ProviderFacts<TSettings> {
  /** The events of a body that holds several; undefined if the body is one event. @default - every body is one event */
  readonly items?: (content: unknown) => readonly unknown[] | undefined;
  /** Validates an event, and picks the values that `event` gets. */
  readonly validate: (value: unknown) => Validation<TOutput>;
  /** @param request the whole request. If the body holds several events, `body` is the JSON of this event */
  readonly event: (output: TOutput, request: EventRequest) => ProviderEvent<TData>;
}

/** Builds a provider. */
export function buildProvider<TOutput, TSettings extends SettingsByName, TData extends EventData>(
  parts: ProviderParts<TOutput, TSettings, TData>,
): Provider<TSettings, TData> {
  const { validate, event, items, ...facts } = parts;

  function readEvent(value: unknown, request: EventRequest): ReadEvent<TData> {
    const validation = validate(value);
    return 'output' in validation ? { event: event(validation.output, request) } : validation;
  }

  return {
    contentTypes: ['application/json'],
    methods: ['POST'],
    eventHeaders: [],
    ...facts,
    settings: parts.settings ?? ({} as TSettings),
    hasItems: items !== undefined,
    readEvent,
    read({ value, exact }, request) {
      const values = items?.(value);
      if (!values) return { events: [readEvent(value, request)], isBatch: false };
      const exactValues = exact === value ? values : (items?.(exact) ?? []);
      const events = values.map((each, index) => {
        const json = JSON.stringify(exactValues[index]) ?? '';
        return { ...readEvent(each, { ...request, body: Buffer.from(json) }), json };
      });
      return { events, isBatch: true };
    },
  };
}
