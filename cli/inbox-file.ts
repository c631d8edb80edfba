import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { validateCustom } from '../lambda/providers/index.ts';
import { faultOf, parseSources } from '../lambda/receiver/config.ts';
import type { SourceOptions } from '../lambda/receiver/source.ts';
import { type InboxProviders, inboxProviders, REGISTRY } from '../lib/providers/inbox-providers.ts';
import { isSourcesMetadataKey } from '../lib/sources-metadata.ts';
import { UsageError } from './arguments.ts';
import { systemMessage } from './system-message.ts';

/** Sources and providers of one's own, beside those that are built in. */
export interface InboxFile {
  /** The registry's providers, and those of the file. */
  readonly providers: InboxProviders;
  /** What makes the sources, by name. */
  readonly sources: ReadonlyMap<string, SourceOptions>;
}

/** No sources or providers of one's own. */
export const NO_INBOX_FILE: InboxFile = { providers: REGISTRY, sources: new Map() };

/** Text of `--help` for the option that names the file. */
export const CONFIG_HELP = 'JSON with "sources" and "providers" of your own, or a template in cdk.out';

const Own = v.strictObject({
  sources: v.optional(v.unknown(), {}),
  providers: v.optional(v.record(v.string(), v.strictObject({ entry: v.string() })), {}),
});

const Template = v.object({ Metadata: v.record(v.string(), v.unknown()) });

/**
 * Reads sources and providers of one's own from a JSON file, as a construct's props have them, or from the template of a
 * stack with an inbox. A provider that no source uses gets a source with its name.
 * @param path of the file; undefined for no such file
 * @throws {UsageError} if the file cannot be read, or what it says is invalid; the message says what to change
 */
export function readInboxFile(path: string | undefined): InboxFile {
  if (path === undefined) return NO_INBOX_FILE;
  const own = v.safeParse(Own, inboxIn(readJson(path)));
  if (!own.success) {
    const [issue] = own.issues;
    throw new UsageError(`${path}: ${faultOf(issue)}. The file is an object with "sources" and "providers".`);
  }
  try {
    const providers = inboxProviders(own.output.providers);
    const sources = parseSources(own.output.sources);
    checkDefinitions(sources);
    return { providers, sources: new Map([...unused(own.output.providers, sources), ...sources]) };
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws {Error} with all that is wrong with the definitions of custom sources, each with its path and a remedy */
function checkDefinitions(sources: ReadonlyMap<string, SourceOptions>): void {
  const messages = [...sources].flatMap(([name, { provider, definition }]) =>
    provider === 'custom' ? validateCustom(definition).map((message) => `sources.${name}.${message}`) : [],
  );
  if (messages.length > 0) throw new Error(messages.join('\n'));
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : systemMessage(error);
    throw new UsageError(`--config ${path} cannot be read: ${reason}.`, { cause: error });
  }
}

/** The first inbox of a template, or the whole file. */
function inboxIn(json: unknown): unknown {
  const template = v.safeParse(Template, json);
  if (!template.success) return json;
  return Object.entries(template.output.Metadata).find(([key]) => isSourcesMetadataKey(key))?.[1];
}

function unused(providers: object, sources: ReadonlyMap<string, SourceOptions>): [string, SourceOptions][] {
  const used = new Set([...sources.values()].map(({ provider }) => provider));
  const names = Object.keys(providers).filter((name) => !used.has(name));
  return names.map((provider) => [provider, { provider }]);
}
