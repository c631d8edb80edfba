import { type EmbeddedSecretsManager, startEmbeddedSecretsManager } from '../../cli/local/embedded-secrets-manager.ts';
import type { ClientLimits } from '../../lambda/aws/client-limits.ts';
import type { OpenDeadline } from '../../lambda/aws/deadline.ts';
import { secretsManagerSecrets } from '../../lambda/secrets/secrets-manager.ts';
import { secretsManagerClient } from './aws-clients.ts';
import { type StoppedDeadlines, stoppedDeadlines } from './deadlines.ts';
import { type FaultyServer, passOn, startFaultyServer } from './faulty-server.ts';
import { SECRET } from './generic-event.ts';
import { startInbox, type TestInbox } from './inbox.ts';

/** A test's inbox whose table and secrets are reached through servers that can be made to misbehave. */
export interface FaultyInbox extends TestInbox {
  readonly table: FaultyServer;
  readonly secrets: FaultyServer;
  /** The Secrets Manager behind `secrets`, with the secret of each source. */
  readonly manager: EmbeddedSecretsManager;
  /** The deadlines of its reads and writes, unless the test chose others. */
  readonly deadlines: StoppedDeadlines;
}

/** What a test may choose. */
export interface FaultyInboxOptions {
  readonly retentionSeconds?: number;
  /** @default none */
  readonly previousSecretGraceSeconds?: number;
  /** Time limits of the clients. @default none */
  readonly limits?: ClientLimits;
  /** @default they pass when the test lets them */
  readonly openDeadline?: OpenDeadline;
}

/** Starts an inbox without any fault yet. */
export async function startFaultyInbox(options: FaultyInboxOptions = {}): Promise<FaultyInbox> {
  const deadlines = stoppedDeadlines();
  const { previousSecretGraceSeconds = 0, openDeadline = deadlines.open, ...rest } = options;
  const manager = await startEmbeddedSecretsManager();
  const secrets = await startFaultyServer(passOn, manager.endpoint);
  const client = secretsManagerClient(secrets.endpoint, rest.limits);
  const readSecret = secretsManagerSecrets(client, {
    namePrefix: '',
    previousSecretGraceSeconds,
    clock: () => inbox.clock.now,
    openDeadline,
  });
  const inbox = await startInbox({ ...rest, readSecret, fault: passOn, openDeadline });
  for (const source of ['partner', 'other']) {
    manager.versions.set(`${source} AWSCURRENT`, { SecretString: SECRET, createdAt: 0 });
  }
  return {
    ...inbox,
    table: inbox.faulty as FaultyServer,
    secrets,
    manager,
    deadlines,
    async [Symbol.asyncDispose]() {
      await inbox[Symbol.asyncDispose]();
      client.destroy();
      await secrets[Symbol.asyncDispose]();
      await manager[Symbol.asyncDispose]();
    },
  };
}
