import { type EmbeddedSecretsManager, startEmbeddedSecretsManager } from '../../cli/local/embedded-secrets-manager.ts';
import { secretsManagerSecrets } from '../../lambda/secrets/secrets-manager.ts';
import { secretsManagerClient } from './aws-clients.ts';
import { type StoppedDeadlines, stoppedDeadlines } from './deadlines.ts';
import { type FaultyServer, passOn, startFaultyServer } from './faulty-server.ts';
import { SECRET } from './generic-event.ts';
import { type InboxOptions, startInbox, type TestInbox } from './inbox.ts';

/** A test's inbox whose tables and secrets are reached through servers that can be made to misbehave. */
export interface FaultyInbox extends TestInbox {
  readonly table: FaultyServer;
  readonly quarantine: FaultyServer;
  readonly secrets: FaultyServer;
  /** The Secrets Manager behind `secrets`, with the secret of each source. */
  readonly manager: EmbeddedSecretsManager;
  /** The deadlines of its reads and writes, unless the test chose others. */
  readonly deadlines: StoppedDeadlines;
}

/** What a test may choose. */
export interface FaultyInboxOptions
  extends Pick<InboxOptions, 'retentionSeconds' | 'onInvalid' | 'payloads' | 'overflow' | 'limits' | 'openDeadline'> {
  /** @default none */
  readonly previousSecretGraceSeconds?: number;
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
  const faults = { fault: passOn, quarantineFault: passOn };
  const inbox = await startInbox({ ...rest, ...faults, readSecret, openDeadline });
  for (const source of ['partner', 'other']) {
    manager.versions.set(`${source} AWSCURRENT`, { SecretString: SECRET, createdAt: 0 });
  }
  return {
    ...inbox,
    table: inbox.faulty as FaultyServer,
    quarantine: inbox.faultyQuarantine as FaultyServer,
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
