import * as v from 'valibot';
import type {
  EventData,
  EventRequest,
  Issue,
  Provider,
  ProviderEvent,
  ProviderFacts,
  ReadEvent,
  Setting,
  SettingsByName,
} from './provider.ts';

type BodySchema = v.GenericSchema<unknown, unknown>;

/** The declaration of a provider. */
export interface ProviderDefinition<
  TSchema extends BodySchema,
  TSettings extends SettingsByName,
  TData extends EventData = EventData,
> extends ProviderFacts<TSettings> {
  /** The events of a body that holds several; undefined if the body is one event. @default - every body is one event */
  readonly items?: (content: unknown) => readonly unknown[] | undefined;
  /** Validates an event, and picks the values that `event` gets. */
  readonly schema: TSchema;
  /** @param request the whole request. If the body holds several events, `body` is the JSON of this event */
  readonly event: (body: v.InferOutput<TSchema>, request: EventRequest) => ProviderEvent<TData>;
}

/** Defines a provider. */
export function defineProvider<
  TSchema extends BodySchema,
  TData extends EventData,
  const TSettings extends SettingsByName = Record<never, Setting>,
>(definition: ProviderDefinition<TSchema, TSettings, TData>): Provider<TSettings, TData> {
  const { schema, event, items, ...rest } = definition;

  function readEvent(value: unknown, request: EventRequest): ReadEvent<TData> {
    const result = v.safeParse(schema, value);
    return result.success ? { event: event(result.output, request) } : { issues: result.issues.map(toIssue) };
  }

  return {
    contentTypes: ['application/json'],
    methods: ['POST'],
    eventHeaders: [],
    ...rest,
    settings: definition.settings ?? ({} as TSettings),
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

/** The messages of our schemas are constants. Those of valibot quote the received value, so they are left out. */
function toIssue(issue: v.BaseIssue<unknown>): Issue {
  return { path: v.getDotPath(issue) ?? '', expected: issue.expected ?? issue.message };
}
