import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { constructId } from '../../lib/construct-id.ts';
import { readArguments, UsageError } from '../arguments.ts';
import { invocation } from '../invocation.ts';
import { print } from '../print.ts';
import { readSecret } from '../read-secret.ts';
import { isDenied, withAdvice } from './aws-errors.ts';
import { STANDARD_STACK, type StackOutputs, stackOutputs } from './stack-outputs.ts';

const HELP = `Stores a new signing secret of a source in AWS Secrets Manager.

  ${invocation('secret', '<source> [--stack NAME]')}
  ${invocation('secret', '<source> < FILE')}

  <source>      name in the stack's sources, such as partner
  --stack NAME  the stack (${STANDARD_STACK})

Type the secret, which is not shown, or send it to standard input. An argument would stay in the shell's history and in
the list of processes. A secret of several lines, such as a public key, is read from a file. The previous secret stays
valid for the inbox's grace period. Do not rotate twice within it: only one previous secret is valid. The account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** The command `webhook-inbox secret`. */
export async function putSecret(): Promise<void> {
  const given = readSecretArguments();
  if (!given) return;
  const source = onlySource(given.positionals);
  const secretName = secretNameOf(source, await stackOutputs(given.values.stack));
  const secret = await readSecret(`New signing secret of ${source}:`, process.stdin, process.stderr);
  const isNew = await put(secretName, secret);
  print(isNew ? nextSteps(source, secretName) : `${secretName} already holds this secret. Nothing was changed.`);
}

/** Does not repeat an unknown option, which may be a secret. */
function readSecretArguments() {
  try {
    return readArguments(HELP, { stack: { type: 'string', default: STANDARD_STACK } });
  } catch {
    throw new UsageError(`An option is unknown, or has no value.\n\n${HELP}`);
  }
}

/** Does not repeat further arguments, which may be a secret. */
function onlySource([source, ...others]: readonly string[]): string {
  if (others.length > 0) {
    const why = 'an argument stays in the shell’s history and in the list of processes';
    throw new UsageError(
      `Give the source only. A secret must not be an argument: ${why}. If you gave one, have the provider generate another.\n\n${HELP}`,
    );
  }
  if (!source) throw new UsageError(`Name a source.\n\n${HELP}`);
  return source;
}

function secretNameOf(source: string, outputs: StackOutputs): string {
  const id = constructId(source);
  const secretName = outputs.get(`${id}SecretName`);
  if (secretName) return secretName;
  const others = `Sources with a secret: ${sourcesWithSecret(outputs).join(', ') || 'none'}.`;
  if (!outputs.has(`${id}Url`)) throw new UsageError(`The stack has no source of that name. ${others}`);
  throw new UsageError(`${source} has no secret: its provider signs with a certificate. ${others}`);
}

/** The name of a secret ends with the name of its source. */
function sourcesWithSecret(outputs: StackOutputs): string[] {
  const names = [...outputs].filter(([key]) => key.endsWith('SecretName'));
  return names.map(([, secretName]) => secretName.split('/').at(-1) ?? secretName).sort();
}

/** @returns false if the secret is current already: to put it again would make it its own previous secret */
async function put(secretName: string, secret: string): Promise<boolean> {
  const client = new SecretsManagerClient();
  return await withAdvice(`put the secret ${secretName}`, async () => {
    if ((await currentSecret(client, secretName)) === secret) return false;
    await client.send(new PutSecretValueCommand({ SecretId: secretName, SecretString: secret }));
    return true;
  });
}

/** @returns undefined also for a user who may put a secret, but not read it */
async function currentSecret(client: SecretsManagerClient, secretName: string): Promise<string | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretName }));
    return SecretString?.trim();
  } catch (error) {
    const isUnknown = error instanceof ResourceNotFoundException || (error instanceof Error && isDenied(error));
    if (isUnknown) return undefined;
    throw error;
  }
}

function nextSteps(source: string, secretName: string): string {
  return `${secretName} has a new secret, which is accepted at once.
The previous one stays valid for the inbox's grace period (previousSecretGrace, 24 hours by default).
It is no longer used when the CloudWatch metric PreviousSecretUsed (namespace WebhookInbox, source ${source}) has no data
while Processed still counts events.`;
}
