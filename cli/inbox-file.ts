import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { suggestion } from '../lambda/providers/suggestion.ts';
import { faultOf, parseSources } from '../lambda/receiver/config.ts';
import type { SourceOptions } from '../lambda/receiver/source.ts';
import { type InboxProviders, inboxProviders, REGISTRY } from '../lib/providers/inbox-providers.ts';
import { isSourcesMetadataKey } from '../lib/sources-metadata.ts';
import { UsageError } from './arguments.ts';
import { duplicateName } from './duplicate-name.ts';
import { sourceFaults } from './source-faults.ts';
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

const FILE_FORM = 'The file is an object with "sources" and "providers".';

function fileFault(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === 'Object' && !issue.path) return 'is no JSON object.';
  const meant = issue.expected === 'never' && suggestion(String(issue.path?.at(-1)?.key), Object.keys(Own.entries));
  return meant ? `${faultOf(issue)}; did you mean "${meant}"?` : `${faultOf(issue)}.`;
}

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
  const json = inboxIn(readJson(path));
  if (Array.isArray(json)) throw new UsageError(`${path}: is a list. ${FILE_FORM}`);
  const own = v.safeParse(Own, json);
  if (!own.success) {
    throw new UsageError(`${path}: ${own.issues.map(fileFault).join(' ')} ${FILE_FORM}`);
  }
  try {
    const providers = inboxProviders(own.output.providers);
    const faults = sourceFaults(own.output.sources, providers);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    const sources = parseSources(own.output.sources);
    return { providers, sources: new Map([...unused(own.output.providers, sources), ...sources]) };
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function readJson(path: string): unknown {
  const text = readText(path);
  try {
    const json: unknown = JSON.parse(text);
    const name = duplicateName(text);
    if (name === undefined) return json;
    throw new UsageError(
      `${path}: ${JSON.stringify(name)} is there twice in one object; rename or remove one of them.`,
    );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`--config ${path} cannot be read: it is not JSON${placeOf(error, text)}.`, { cause: error });
  }
}

/** Without the byte order mark that editors on Windows write, which is no part of JSON. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw new UsageError(`--config ${path} cannot be read: ${systemMessage(error)}.`, { cause: error });
  }
}

/** The line and the column of a syntax error, where the engine names its position. */
function placeOf({ message }: SyntaxError, text: string): string {
  const [, position] = /at position (\d+)/.exec(message) ?? [];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return `: line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
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
