import type { Construct } from 'constructs';
import type { SourceConfigs } from '../lambda/receiver/config.ts';
import { outermostStack } from './inbox-name.ts';

/** Key of an inbox's sources in the metadata of its stack's template. */
export const sourcesMetadataKey = (inboxName: string): string => `webhook-inbox:${inboxName}`;

/**
 * Adds the sources to the metadata of the stack's template, from which the commands for a deployed inbox read them. The
 * receiver has them in its code, which is harder to read.
 */
export function addSourcesMetadata(inbox: Construct, inboxName: string, sources: SourceConfigs): void {
  outermostStack(inbox).addMetadata(sourcesMetadataKey(inboxName), { sources });
}
