import { buildProvider, type ProviderParts } from '../lambda/providers/build-provider.ts';
import type { EventData, Issue, Provider, Sample, Setting, SettingsByName } from '../lambda/providers/provider.ts';
import type { SchemaIssue, StandardSchema } from './standard-schema.ts';

/** The declaration of a provider of one's own. */
export interface ProviderDefinition<TOutput, TSettings extends SettingsByName, TData extends EventData>
  extends Omit<ProviderParts<TOutput, TSettings, TData>, 'validate' | 'samples'> {
  /** Validates an event, and picks the values that `event` gets: a schema of valibot, zod or the like. */
  readonly schema: StandardSchema<TOutput>;
  /** Requests before they are signed, by name. `send` and the probe use the first one. */
  readonly samples: Readonly<Record<string, Sample>>;
}

/**
 * Defines a provider of one's own, in a file that `providers` of an inbox names. The file exports it as its default.
 * @throws {TypeError} when an event is read, if the schema is asynchronous
 */
export function defineProvider<
  TOutput,
  TData extends EventData,
  const TSettings extends SettingsByName = Record<never, Setting>,
>({ schema, ...definition }: ProviderDefinition<TOutput, TSettings, TData>): Provider<TSettings, TData> {
  return buildProvider<TOutput, TSettings, TData>({
    ...definition,
    validate(value) {
      const result = schema['~standard'].validate(value);
      if (result instanceof Promise) throw new TypeError('The schema of a provider must be synchronous.');
      return result.issues ? { issues: result.issues.map(toIssue) } : { output: result.value };
    },
  });
}

/** The message may quote the value, which problem details must not have. */
function toIssue({ path = [] }: SchemaIssue): Issue {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part));
  return { path: keys.join('.'), expected: 'a valid value' };
}
