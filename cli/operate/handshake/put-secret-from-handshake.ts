import { createInterface } from 'node:readline';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Source } from '../../../lambda/receiver/source.ts';
import { UsageError } from '../../arguments.ts';
import type { DeliveryLog } from '../../deliveries/delivery-log.ts';
import { deployedDeliveryLog } from '../../deliveries/deployed/deployed-delivery-log.ts';
import { interruption } from '../../interruption.ts';
import { invocation } from '../../invocation.ts';
import { print } from '../../print.ts';
import { nextSteps } from '../next-steps.ts';
import { isCreatedByInbox, type SecretStore } from '../secret-store.ts';
import { type DeployedOutputs, outputOf } from '../stack-outputs.ts';
import { awaitSecret } from './awaited-secret.ts';
import { generateHandshakeKeyPair } from './handshake-key-pair.ts';
import { waitForHandshake } from './wait-for-handshake.ts';

/**
 * Waits for the handshake that hands out the secret of a source, shows every secret that comes, and stores the one that
 * the operator chooses. The receiver seals it for a key of this command, which is in the place of the secret meanwhile.
 * @throws {UsageError} if the provider hands out no secret, or the secret or the log may not be read
 */
export async function putSecretFromHandshake(
  source: Source,
  store: SecretStore,
  outputs: DeployedOutputs,
): Promise<void> {
  const { name, provider } = source;
  const handOut = provider.handshakes?.handOut;
  if (!handOut)
    throw new UsageError(
      `${provider.title} hands out no secret in a handshake: store it with ${invocation('secret', name)}`,
    );
  const logGroupName = outputOf(outputs, 'ReceiverLogGroupName');
  const deliveries = deployedDeliveryLog(new CloudWatchLogsClient(), { logGroupName });
  await checkReadable(deliveries, name);
  const signal = interruption();
  const pair = await generateHandshakeKeyPair();
  const awaited = await awaitSecret({ source: name, store, isCreatedByInbox: isCreatedByInbox(source), pair });
  const isTerminal = process.stdin.isTTY === true;
  print(`${store.name} holds the key of this command. Make ${provider.title} send its handshake to ${name} now.
Anyone can send one, so check a secret before you store it. ${handOut.check}
${isTerminal ? 'Type the number of the right one to store it. Ctrl-C stores none.\n' : 'Nothing is stored: see --help.\n'}`);
  const lines = isTerminal ? createInterface({ input: process.stdin }) : undefined;
  const isStored = await waitForHandshake({
    source: name,
    pair,
    awaited,
    deliveries,
    answers: lines,
    print,
    signal,
  }).finally(() => lines?.close());
  if (isStored) print(nextSteps(name, store.name));
  else if (!isTerminal) print(`Once you have checked the secret, store it: ${invocation('secret', name)}`);
}

/** Before anything is changed. */
async function checkReadable(deliveries: DeliveryLog, source: string): Promise<void> {
  for await (const _ of deliveries.list({ sources: [source], from: Date.now() - 1_000 })) return;
}
