import { randomUUID } from 'node:crypto';
import { documentClient } from '../../lambda/aws/document-client.ts';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import { hasSecret } from '../../lambda/signature/scheme.ts';
import type { Stores } from '../../lambda/storage/store-judgement.ts';
import { signedSample } from '../../samples/sample.ts';
import { UsageError } from '../arguments.ts';
import type { DeliveryLog } from '../deliveries/delivery-log.ts';
import { wholePage } from '../deliveries/delivery-page.ts';
import { countListed } from '../deliveries/outcome-counts.ts';
import { storedEvents } from '../deliveries/stored-events.ts';
import { handlerKey } from '../forwarding/handler-key.ts';
import type { EmbeddedDynamodb } from '../local/embedded-dynamodb.ts';
import type { KeptHeaders } from '../local/kept-headers.ts';
import { secretVariable, signingKey } from '../local/local-keys.ts';
import type { LocalPayloadBucket } from '../local/local-payload-bucket.ts';
import { PAYLOAD_BUCKET_NAME } from '../local/serve-payload.ts';
import type { PayloadObjects } from '../operate/quarantine/payload-objects.ts';
import { quarantineTable } from '../operate/quarantine/quarantine-table.ts';
import { sourceNamed } from '../send/source-named.ts';
import type { AddressedRequest, ConsoleInbox } from './console-inbox.ts';
import { describeSource } from './describe-source.ts';

/** The parts of the inbox that runs in this process. */
export interface LocalConsoleOptions {
  /** The URL of the HTTP front. */
  readonly url: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly sources: Sources;
  readonly deliveries: DeliveryLog;
  readonly dynamodb: EmbeddedDynamodb;
  readonly stores: Stores;
  readonly bucket: LocalPayloadBucket;
  readonly headers: KeptHeaders;
}

/** The inbox on this machine, for the console that its own process serves. */
export function localConsoleInbox(options: LocalConsoleOptions): ConsoleInbox {
  const { url, environment, sources, deliveries, dynamodb, stores, bucket, headers } = options;
  const { client, tableName, quarantineTableName } = dynamodb;
  const documents = documentClient(client);
  const payloads = objectsOf(bucket);
  const urlOf = ({ name, publicUrl }: Source) => publicUrl ?? `${url}/webhooks/${name}`;

  function describe(source: Source) {
    const secret = secretState(source, environment);
    return describeSource(source, { url: urlOf(source), secret, isSecretMissing: secret === MISSING });
  }

  return {
    deliveries,
    findPage: wholePage(deliveries),
    countOutcomes: countListed(deliveries),
    headersOf: headers.of,
    bus: undefined,
    listedMs: undefined,
    events: storedEvents({ documents, tableName, quarantineTableName, payloads }),
    access: {
      quarantine: quarantineTable(documents, quarantineTableName),
      payloads,
      openReceiver: async () => ({ sources, ...stores, payloads }),
    },
    places: { tableName, payloadBucketName: PAYLOAD_BUCKET_NAME },
    describe: async () => ({
      name: 'on this machine',
      isDeployed: false,
      sources: [...sources.values()].map(describe),
    }),
    sourceNamed: async (name) => sourceNamed(sources, name),
    handlerKey: (source) => handlerKey(environment, source).signing,
    async sample(name) {
      const source = sourceNamed(sources, name);
      const key = signingKey(environment, source);
      return { request: signed(source, key, urlOf(source)), url: `${url}/webhooks/${name}` } satisfies AddressedRequest;
    },
  };
}

/** @throws {UsageError} if the key cannot sign */
function signed(source: Source, key: string, url: string) {
  try {
    return signedSample(source, { key, url, now: Date.now(), seed: randomUUID() });
  } catch (error) {
    const advice = `If ${secretVariable(source.name)} is set, it may be empty, or a public key, which cannot sign.`;
    throw new UsageError(`The sample could not be signed. ${advice}`, { cause: error });
  }
}

const MISSING = 'missing';

function secretState({ name, provider }: Source, environment: NodeJS.ProcessEnv): string {
  const variable = secretVariable(name);
  const set = environment[variable];
  if (!hasSecret(provider.signature)) return 'not needed';
  if (set === undefined) return 'generated here';
  return set.trim() === '' ? MISSING : `from ${variable}`;
}

function objectsOf(bucket: LocalPayloadBucket): PayloadObjects {
  return {
    put: bucket.put,
    async get(key) {
      const bytes = bucket.get(key);
      if (!bytes) throw new UsageError(`The payload ${key} is not stored.`);
      return bytes;
    },
  };
}
