import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Source } from '../../lambda/receiver/source.ts';
import { isHandshakeKey } from '../../lambda/secrets/handshake-key.ts';
import { type ParameterStoreApi, parameterStoreApi } from '../../lambda/secrets/parameter-store-api.ts';
import { parameterStoreUrl } from '../../lambda/secrets/parameter-store-url.ts';
import { UsageError } from '../arguments.ts';
import { isDenied } from './aws-errors.ts';
import { isFirstHandshakeKey } from './handshake/handshake-key-pair.ts';
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
   * Stores a secret. If the store has the key of a command that waits for a handshake, or was killed, the secret before the
   * key is stored first, so that it becomes the previous one.
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
  const readPrevious = async () => {
    const previous = new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' });
    return (await client.send(previous).catch(undefinedIfMissing))?.SecretString;
  };
  return {
    name: SecretId,
    read,
    readPrevious,
    async put(secret) {
      const current = (await read().catch(undefinedIfUnknown))?.trim();
      if (current === secret) return false;
      const former = displacesFormer(current, secret) ? await readPrevious() : undefined;
      for (const SecretString of versionsOf(secret, former)) {
        await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
      }
      return true;
    },
  };
}

/** Whether a secret would take the place of a key, which has the former secret behind it. */
function displacesFormer(current: string | undefined, secret: string): boolean {
  return current !== undefined && isHandshakeKey(current) && !isFirstHandshakeKey(current) && !isHandshakeKey(secret);
}

/** The versions to store: a former secret that was behind a key, and the new one. */
function versionsOf(secret: string, former: string | undefined): readonly string[] {
  const kept = former?.trim() || secret;
  return kept === secret || isHandshakeKey(kept) ? [secret] : [kept, secret];
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
      const [, previous] = await historyOf(await systemsManager(), name);
      return previous?.Value;
    },
    async put(secret) {
      const call = await systemsManager();
      const [{ Value, Type, KeyId, Tier }, previous] = await historyOf(call, name);
      const current = Value?.trim();
      if (current === secret) return false;
      // Without its key, Systems Manager would encrypt the parameter with the account's own.
      const kept = { Type, ...(KeyId && { KeyId }), ...(Tier && { Tier }) };
      const former = displacesFormer(current, secret) ? previous?.Value : undefined;
      for (const version of versionsOf(secret, former)) {
        await call('PutParameter', { Name: name, Value: version, Overwrite: true, ...kept });
      }
      return true;
    },
  };
}

/**
 * The versions of a parameter, the latest first.
 * @throws {UsageError} if there is no such parameter
 */
async function historyOf(
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
