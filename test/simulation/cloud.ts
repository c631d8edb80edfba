import { type AwsCall, type AwsService, awsTransport, type ClientTransport } from './aws-transport.ts';
import { type SimulatedBus, simulatedBus } from './bus.ts';
import type { VirtualClock } from './clock.ts';
import { type Network, networkOf } from './network.ts';
import type { Outages } from './outages.ts';
import { type QueueMessage, type SimulatedQueue, simulatedQueue } from './queue.ts';
import type { Random } from './random.ts';
import { type SimulatedSecretsManager, simulatedSecretsManager } from './secrets-manager.ts';
import { type SimulatedTable, simulatedTable, type TableChange } from './table.ts';
import { type SimulatedWeb, simulatedWeb } from './web.ts';

/** The names of the two tables. */
export const TABLES = { events: 'webhook-events', quarantine: 'webhook-quarantine' } as const;

/** What every AWS client is made with, so that none looks for it in the environment or in a file. */
export const ACCOUNT = {
  region: 'eu-north-1',
  credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
  endpoint: 'https://aws.simulated',
  endpointProvider: () => ({ url: new URL('https://aws.simulated') }),
  accountIdEndpointMode: 'disabled',
  authSchemePreference: [] as string[],
  disableClockSkewCorrection: false,
  endpointDiscoveryEnabled: false,
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: 'simulation',
  // No service of the simulation checks AWS's own signatures.
  signer: { sign: async <Request>(request: Request) => request },
  defaultUserAgentProvider: async () => [['simulation', '1']] as [string, string][],
} as const;

/** The services of an account, and the ways to them. */
export interface Cloud {
  readonly network: Network;
  readonly events: SimulatedTable;
  readonly quarantine: SimulatedTable;
  readonly secrets: SimulatedSecretsManager;
  readonly bus: SimulatedBus;
  readonly overflow: SimulatedQueue;
  /** Events that could not be stored for days. */
  readonly overflowDeadLetters: SimulatedQueue;
  /** Events that could not be forwarded. */
  readonly deadLetters: SimulatedQueue;
  readonly web: SimulatedWeb;
  /** The way of one AWS client. @param timeoutMs how long the client waits for an answer */
  readonly transport: (timeoutMs: number) => ClientTransport;
}

/** What a cloud is made of. */
export interface CloudOptions {
  readonly clock: VirtualClock;
  readonly outages: Outages;
  readonly random: Random;
  /** The certificates by URL, as PEM. */
  readonly certificates: ReadonlyMap<string, string>;
  readonly onEventChange: (change: TableChange) => void;
  readonly onQuarantineChange: (change: TableChange) => void;
  readonly onOverflow: (message: QueueMessage) => void;
  readonly onDeadLetter: (message: QueueMessage) => void;
  /** Sees each call before it is on its way. */
  readonly onCall: (call: Omit<AwsCall, 'caller'>, service: AwsService) => void;
}

/** Builds the services. */
export function simulatedCloud(options: CloudOptions): Cloud {
  const { clock, outages, random, certificates } = options;
  const network = networkOf(clock, outages, random.fork('network'));
  const events = simulatedTable('events', clock.now, options.onEventChange);
  const quarantine = simulatedTable('quarantine', clock.now, options.onQuarantineChange);
  const secrets = simulatedSecretsManager(clock.now);
  const bus = simulatedBus(clock.now, random.fork('bus'));
  const overflow = simulatedQueue('overflow', clock.now, options.onOverflow);
  const overflowDeadLetters = simulatedQueue('dead letters', clock.now);
  const deadLetters = simulatedQueue('dead letters', clock.now, options.onDeadLetter);

  const byTable = (name: unknown) => (name === TABLES.quarantine ? quarantine : events);
  const byUrl = (url: unknown) => (url === overflow.url ? overflow : deadLetters);

  function route({ operation, input }: Pick<AwsCall, 'operation' | 'input'>): AwsService {
    if (operation === 'GetSecretValue') return secrets;
    if (operation === 'PutEvents') return bus;
    return operation === 'SendMessage' ? byUrl(input.QueueUrl) : byTable(input.TableName);
  }

  return {
    network,
    events,
    quarantine,
    secrets,
    bus,
    overflow,
    overflowDeadLetters,
    deadLetters,
    web: simulatedWeb({ network, now: clock.now, certificates }),
    transport: (timeoutMs) =>
      awsTransport(
        network,
        (call) => {
          const service = route(call);
          options.onCall(call, service);
          return service;
        },
        timeoutMs,
      ),
  };
}
