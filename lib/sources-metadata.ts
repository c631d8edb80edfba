import { relative, resolve, sep } from 'node:path';
import type { Construct } from 'constructs';
import type { SourceConfigs } from '../lambda/receiver/config.ts';
import { outermostStack } from './inbox-name.ts';
import type { OwnProviderProps } from './providers/own-provider.ts';

/** Key of an inbox's sources in the metadata of its stack's template. */
export const sourcesMetadataKey = (inboxName: string): string => `${PREFIX}${inboxName}`;

/** Whether a key of a template's metadata is that of an inbox's sources. */
export const isSourcesMetadataKey = (key: string): boolean => key.startsWith(PREFIX);

const PREFIX = 'webhook-inbox:';

/** The sources and the own providers of an inbox, as the metadata has them. */
export interface SourcesMetadata {
  readonly sources: SourceConfigs;
  /** @default - none */
  readonly providers?: Readonly<Record<string, OwnProviderProps>>;
}

/**
 * Adds the sources to the metadata of the stack's template, from which the commands for a deployed inbox read them. The
 * receiver has them in its code, which is harder to read.
 */
export function addSourcesMetadata(inbox: Construct, inboxName: string, metadata: SourcesMetadata): void {
  const { sources, providers = {} } = metadata;
  const entries = Object.entries(providers).map(([name, { entry }]) => [name, { entry: relativePath(entry) }]);
  outermostStack(inbox).addMetadata(sourcesMetadataKey(inboxName), {
    sources,
    ...(entries.length > 0 && { providers: Object.fromEntries(entries) }),
  });
}

/** Paths in a template are relative to the app's folder, which is another one on each machine. */
const relativePath = (entry: string) => relative(process.cwd(), resolve(entry)).replaceAll(sep, '/');
