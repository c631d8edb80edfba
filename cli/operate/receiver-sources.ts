import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { isProviderName, providers } from '../../lambda/providers/index.ts';
import { readConfig } from '../../lambda/receiver/config.ts';
import { type LoadProvider, openSources } from '../../lambda/receiver/open-sources.ts';
import type { Sources } from '../../lambda/receiver/source.ts';
import { sourcesMetadataKey } from '../../lib/sources-metadata.ts';
import { UsageError } from '../arguments.ts';
import { withAdvice } from './aws-errors.ts';
import { type NamedInbox, STANDARD_STACK } from './named-inbox.ts';
import { type DeployedOutputs, outputOf } from './stack-outputs.ts';

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
  const [configs, environment] = await Promise.all([sourcesIn(stack, inboxName), environmentOf(functionName)]);
  try {
    return await openSources(readConfig(environment, configs).sources, registeredProvider);
  } catch (error) {
    throw new UsageError('The receiver is of another version of the inbox: deploy this one first.', { cause: error });
  }
}

const registeredProvider: LoadProvider = async (name) => {
  if (!isProviderName(name)) throw new Error(`there is no provider ${name}`);
  return providers[name];
};

const Template = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ Metadata: v.record(v.string(), v.object({ sources: v.unknown() })) }),
);

async function sourcesIn(stack: string, inboxName: string): Promise<unknown> {
  const { TemplateBody } = await withAdvice(`read the template of the stack ${stack}`, () =>
    new CloudFormationClient().send(new GetTemplateCommand({ StackName: stack })),
  );
  const template = v.safeParse(Template, TemplateBody);
  return template.success ? template.output.Metadata[sourcesMetadataKey(inboxName)]?.sources : undefined;
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
