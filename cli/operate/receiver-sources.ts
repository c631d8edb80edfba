import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { readConfig } from '../../lambda/receiver/config.ts';
import { type LoadProvider, openSources } from '../../lambda/receiver/open-sources.ts';
import type { Sources } from '../../lambda/receiver/source.ts';
import { type InboxProviders, inboxProviders, providerOf } from '../../lib/providers/inbox-providers.ts';
import { type SourcesMetadata, sourcesMetadataKey } from '../../lib/sources-metadata.ts';
import { UsageError } from '../arguments.ts';
import { withAdvice } from './aws-errors.ts';
import { type NamedInbox, STANDARD_STACK } from './named-inbox.ts';
import { type DeployedOutputs, outputOf } from './stack-outputs.ts';
import { stackTemplate } from './stack-template.ts';

/**
 * The sources of a deployed inbox, as its receiver reads them: from the metadata of the stack's template, with the values
 * that only the function's environment has.
 * @throws {UsageError} if these cannot be read, or are of another version of the inbox
 */
export async function receiverSources(
  { stack = STANDARD_STACK }: NamedInbox,
  outputs: DeployedOutputs,
): Promise<Sources> {
  const inboxName = outputOf(outputs, 'InboxName');
  const functionName = outputOf(outputs, 'ReceiverName');
  const [metadata, environment] = await Promise.all([metadataIn(stack, inboxName), environmentOf(functionName)]);
  const { sources, providers: own } = metadata ?? {};
  const providers = ownProviders(own);
  try {
    const load: LoadProvider = async (provider) => (definition) => providerOf(providers, { provider, definition });
    return await openSources(readConfig(environment, sources).sources, load);
  } catch (error) {
    throw new UsageError('The receiver is of another version of the inbox: deploy this one first.', { cause: error });
  }
}

/** Own providers are in files of the app, whose paths are relative to its folder. */
function ownProviders(own: SourcesMetadata['providers']): InboxProviders {
  try {
    return inboxProviders(own);
  } catch (error) {
    const advice = 'Run the command in the folder of the app that deployed the inbox.';
    throw new UsageError(`${(error as Error).message} ${advice}`, { cause: error });
  }
}

const Metadata = v.object({
  sources: v.unknown(),
  providers: v.optional(v.record(v.string(), v.object({ entry: v.string() }))),
});

async function metadataIn(stack: string, inboxName: string) {
  const { Metadata: all } = await stackTemplate(stack);
  const result = v.safeParse(Metadata, all[sourcesMetadataKey(inboxName)]);
  return result.success ? result.output : undefined;
}

/**
 * The names of the sources of a deployed inbox.
 * @returns undefined if they are unknown: the template may not be read, or has none
 */
export async function sourceNames(
  { stack = STANDARD_STACK }: NamedInbox,
  outputs: DeployedOutputs,
): Promise<readonly string[] | undefined> {
  const metadata = await metadataIn(stack, outputOf(outputs, 'InboxName')).catch(undefinedIfRefused);
  const names = v.safeParse(v.record(v.string(), v.unknown()), metadata?.sources);
  return names.success && Object.keys(names.output).length > 0 ? Object.keys(names.output) : undefined;
}

function undefinedIfRefused(error: unknown): undefined {
  if (!(error instanceof UsageError)) throw error;
}

async function environmentOf(functionName: string): Promise<NodeJS.ProcessEnv> {
  const client = new LambdaClient();
  const { Environment } = await withAdvice(`read the configuration of the receiver ${functionName}`, () =>
    client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName })),
  );
  if (Environment?.Error)
    throw new UsageError(`The receiver's environment is not readable: ${Environment.Error.Message}`);
  // Lambda itself sets the region.
  return { ...Environment?.Variables, AWS_REGION: await client.config.region() };
}
