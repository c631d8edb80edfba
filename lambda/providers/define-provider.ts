import * as v from 'valibot';
import { buildProvider, type ProviderParts } from './build-provider.ts';
import type { EventData, Issue, Provider, Setting, SettingsByName } from './provider.ts';

type BodySchema = v.GenericSchema<unknown, unknown>;

/** The declaration of a provider. */
export interface ProviderDefinition<
  TSchema extends BodySchema,
  TSettings extends SettingsByName,
  TData extends EventData = EventData,
> extends Omit<ProviderParts<v.InferOutput<TSchema>, TSettings, TData>, 'validate'> {
  /** Validates an event, and picks the values that `event` gets. */
  readonly schema: TSchema;
}

/** Defines a provider. */
export function defineProvider<
  TSchema extends BodySchema,
  TData extends EventData,
  const TSettings extends SettingsByName = Record<never, Setting>,
>({ schema, ...definition }: ProviderDefinition<TSchema, TSettings, TData>): Provider<TSettings, TData> {
  return buildProvider<v.InferOutput<TSchema>, TSettings, TData>({
    ...definition,
    validate(value) {
      const result = v.safeParse(schema, value);
      return result.success ? { output: result.output } : { issues: result.issues.map(toIssue) };
    },
  });
}

/** The messages of our schemas are constants. Those of valibot quote the received value, so they are left out. */
function toIssue(issue: v.BaseIssue<unknown>): Issue {
  return { path: v.getDotPath(issue) ?? '', expected: issue.expected ?? issue.message };
}
