import {
  type EmbeddedSecretsManager,
  secretsManagerClient,
  startEmbeddedSecretsManager,
} from '../../cli/local/embedded-secrets-manager.ts';
import { secretsManagerSecrets } from '../../lambda/secrets/secrets-manager.ts';
import { type FaultyServer, passOn, startFaultyServer } from './faulty-server.ts';
import { SECRET } from './generic-event.ts';
import { startInbox, type TestInbox } from './inbox.ts';

/** A test's inbox whose table and secrets are reached through servers that can be made to misbehave. */
export interface FaultyInbox extends TestInbox {
  readonly table: FaultyServer;
  readonly secrets: FaultyServer;
  /** The Secrets Manager behind `secrets`, with the secret of each source. */
  readonly manager: EmbeddedSecretsManager;
  /** How long the table and the secret are waited for, in milliseconds; at first the delivery's own time budget. */
  readonly budget: { ms: number };
}

/** What a test may choose. */
export interface FaultyInboxOptions {
  readonly retentionSeconds?: number;
  /** @default none */
  readonly previousSecretGraceSeconds?: number;
}

/** Starts it, with nothing wrong yet. */
export async function startFaultyInbox(options: FaultyInboxOptions = {}): Promise<FaultyInbox> {
  const { previousSecretGraceSeconds = 0 } = options;
  const budget = { ms: Number.POSITIVE_INFINITY };
  const manager = await startEmbeddedSecretsManager();
  const secrets = await startFaultyServer(passOn, manager.endpoint);
  const client = secretsManagerClient(secrets.endpoint);
  const read = secretsManagerSecrets(client, {
    namePrefix: '',
    previousSecretGraceSeconds,
    clock: () => inbox.clock.now,
  });
  const inbox = await startInbox({
    readSecret: (source, deadline) => read(source, Math.min(deadline, performance.now() + budget.ms)),
    fault: passOn,
    budget,
    ...(options.retentionSeconds && { retentionSeconds: options.retentionSeconds }),
  });
  for (const source of ['partner', 'other']) {
    manager.versions.set(`${source} AWSCURRENT`, { SecretString: SECRET, createdAt: 0 });
  }
  return {
    ...inbox,
    table: inbox.faulty as FaultyServer,
    secrets,
    manager,
    budget,
    async [Symbol.asyncDispose]() {
      await inbox[Symbol.asyncDispose]();
      client.destroy();
      await secrets[Symbol.asyncDispose]();
      await manager[Symbol.asyncDispose]();
    },
  };
}
