import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { readConfig } from '../../lambda/receiver/config.ts';
import type { Sources } from '../../lambda/receiver/source.ts';
import { UsageError } from '../arguments.ts';
import { withAdvice } from './aws-errors.ts';

/**
 * The sources of a deployed receiver: they are in its environment, as it reads them.
 * @throws {UsageError} if its configuration cannot be read, or is of another version of the inbox
 */
export async function receiverSources(functionName: string): Promise<Sources> {
  const client = new LambdaClient();
  const { Environment } = await withAdvice(`read the configuration of the receiver ${functionName}`, () =>
    client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName })),
  );
  if (Environment?.Error)
    throw new UsageError(`The receiver's environment is not readable: ${Environment.Error.Message}`);
  // Lambda itself sets the region.
  const environment = { ...Environment?.Variables, AWS_REGION: await client.config.region() };
  try {
    return readConfig(environment).sources;
  } catch (error) {
    throw new UsageError('The receiver is of another version of the inbox: deploy this one first.', { cause: error });
  }
}
