import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Source } from '../../lambda/receiver/source.ts';
import { type ParameterStoreApi, parameterStoreApi } from '../../lambda/secrets/parameter-store-api.ts';
import { parameterStoreUrl } from '../../lambda/secrets/parameter-store-url.ts';
import { UsageError } from '../arguments.ts';
import { isDenied } from './aws-errors.ts';
import { type DeployedOutputs, outputOf } from './stack-outputs.ts';

/** Where the signing secret of a deployed source is. */
export interface SecretStore {
  /** Name of the secret or the parameter. */
  readonly name: string;
  /** Reads the current secret, which may be `undefined` or have white space around it. */
  readonly read: () => Promise<string | undefined>;
  /** Reads the secret before the last rotation; undefined if there is none. */
  readonly readPrevious: () => Promise<string | undefined>;
  /**
   * Stores a secret.
   * @returns false if it is current already: to store it again would make it its own previous secret
   */
  readonly put: (secret: string) => Promise<boolean>;
}

/** Whether the inbox created the secret of a source. If not, it was given an existing secret or parameter. */
export function isCreatedByInbox({ secretId, parameterName }: Pick<Source, 'secretId' | 'parameterName'>): boolean {
  return secretId === undefined && parameterName === undefined;
}

/** The store of a source: the secret that the inbox made, or an existing secret or parameter. */
export function secretStoreOf(
  { name, secretId, parameterName }: Pick<Source, 'name' | 'secretId' | 'parameterName'>,
  outputs: DeployedOutputs,
): SecretStore {
  if (parameterName !== undefined) return parameterStore(parameterName);
  return managedSecret(secretId ?? `${outputOf(outputs, 'InboxName')}/${name}`);
}

function managedSecret(SecretId: string): SecretStore {
  const client = new SecretsManagerClient();
  const read = async () => (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  return {
    name: SecretId,
    read,
    async readPrevious() {
      const previous = new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' });
      return (await client.send(previous).catch(undefinedIfMissing))?.SecretString;
    },
    async put(secret) {
      if ((await read().catch(undefinedIfUnknown))?.trim() === secret) return false;
      await client.send(new PutSecretValueCommand({ SecretId, SecretString: secret }));
      return true;
    },
  };
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof ResourceNotFoundException) return undefined;
  throw error;
}

/** A user may be allowed to put a secret, but not to read it. */
function undefinedIfUnknown(error: unknown): undefined {
  if (error instanceof ResourceNotFoundException || (error instanceof Error && isDenied(error))) return undefined;
  throw error;
}

/** A version of a parameter. */
interface ParameterVersion {
  readonly Value?: string;
  readonly Version?: number;
  readonly Type?: string;
  readonly KeyId?: string;
  readonly Tier?: string;
}

function parameterStore(name: string): SecretStore {
  return {
    name,
    async read() {
      const call = await systemsManager();
      const output = await call('GetParameter', { Name: name, WithDecryption: true });
      return (output as { readonly Parameter?: ParameterVersion }).Parameter?.Value;
    },
    async readPrevious() {
      const [, previous] = await versionsOf(await systemsManager(), name);
      return previous?.Value;
    },
    async put(secret) {
      const call = await systemsManager();
      const [{ Value, Type, KeyId, Tier }] = await versionsOf(call, name);
      if (Value?.trim() === secret) return false;
      // Without its key, Systems Manager would encrypt the parameter with the account's own.
      const kept = { Type, ...(KeyId && { KeyId }), ...(Tier && { Tier }) };
      await call('PutParameter', { Name: name, Value: secret, Overwrite: true, ...kept });
      return true;
    },
  };
}

/**
 * The versions of a parameter, the latest first.
 * @throws {UsageError} if there is no such parameter
 */
async function versionsOf(
  call: ParameterStoreApi,
  name: string,
): Promise<readonly [ParameterVersion, ...ParameterVersion[]]> {
  const versions: ParameterVersion[] = [];
  let NextToken: string | undefined;
  do {
    const page = { ...(NextToken && { NextToken }) };
    const output = await call('GetParameterHistory', { Name: name, WithDecryption: true, MaxResults: 50, ...page });
    const history = output as { readonly Parameters?: readonly ParameterVersion[]; readonly NextToken?: string };
    versions.push(...(history.Parameters ?? []));
    NextToken = history.NextToken;
  } while (NextToken);
  const [latest, ...others] = versions.toSorted((a, b) => (b.Version ?? 0) - (a.Version ?? 0));
  if (!latest) throw new UsageError(`There is no parameter ${name}: create it first, best as a SecureString.`);
  return [latest, ...others];
}

/** Signs with the credentials that a client of the SDK finds. */
async function systemsManager(): Promise<ParameterStoreApi> {
  const { config } = new SecretsManagerClient();
  const endpoint = process.env.AWS_ENDPOINT_URL_SSM ?? process.env.AWS_ENDPOINT_URL;
  const call = parameterStoreApi({ url: parameterStoreUrl(await config.region(), endpoint), config, fetch });
  return (operation, input) =>
    call(operation, input).catch((error) => {
      // The error behind "fetch failed" names a socket or a host.
      throw error.cause ?? error;
    });
}
