import { randomUUID } from 'node:crypto';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import { mapConcurrently } from '../../lambda/storage/map-concurrently.ts';
import { signedSample } from '../../samples/sample.ts';
import { UsageError } from '../arguments.ts';
import { deployedCounts } from '../deliveries/deployed/count-outcomes.ts';
import { viewOf } from '../deliveries/deployed/deployed-inbox-view.ts';
import { deployedPage } from '../deliveries/deployed/find-page.ts';
import { handlerKey } from '../forwarding/handler-key.ts';
import { reasonOf } from '../operate/aws-errors.ts';
import type { NamedInbox } from '../operate/named-inbox.ts';
import { deployedInboxAccess } from '../operate/quarantine/deployed-inbox-access.ts';
import { receiverSources } from '../operate/receiver-sources.ts';
import { entryPlaces, inboxOutputs, outputOf } from '../operate/stack-outputs.ts';
import { secretState } from '../operate/status/secret-state.ts';
import { deployedRecipient } from '../send/deployed-recipient.ts';
import { sourceNamed } from '../send/source-named.ts';
import { consoleBus } from './console-bus.ts';
import type { ConsoleInbox } from './console-inbox.ts';
import { describeSource } from './describe-source.ts';

/** How far back the deliveries of a deployed inbox are listed: an hour, in milliseconds. */
const LISTED_MS = 3_600_000;

/**
 * A deployed inbox, for a console on this machine, with the credentials and the region of the environment.
 * @throws {UsageError} if there is no such inbox
 */
export async function deployedConsoleInbox(named: NamedInbox, environment: NodeJS.ProcessEnv): Promise<ConsoleInbox> {
  const outputs = await inboxOutputs(named);
  const urlPrefix = outputOf(outputs, 'UrlPrefix');
  const findRecipient = deployedRecipient(named, undefined);
  const openSources = (): Promise<Sources> => receiverSources(named, outputs);

  async function describe(source: Source) {
    const { secret } = await secretState(source, outputs);
    const url = source.publicUrl ?? `${urlPrefix}${source.name}`;
    return describeSource(source, {
      url,
      secret,
      isSecretMissing: secret === 'not set' || secret === 'waits for its handshake',
    });
  }

  const describeSources = async () => ({
    sources: await mapConcurrently([...(await openSources()).values()], describe),
  });
  const logs = new CloudWatchLogsClient();
  const logGroupName = outputOf(outputs, 'ReceiverLogGroupName');
  const bus = consoleBus(outputs);
  return {
    ...viewOf(outputs),
    findPage: deployedPage(logs, logGroupName),
    countOutcomes: deployedCounts(logs, logGroupName),
    headersOf: () => undefined,
    bus,
    access: await deployedInboxAccess(named),
    places: entryPlaces(outputs),
    listedMs: LISTED_MS,
    describe: async () => ({
      name: outputOf(outputs, 'InboxName'),
      isDeployed: true,
      listedMs: LISTED_MS,
      busName: bus?.name,
      ...(await describeSources().catch((error) => ({
        sources: [],
        sourcesProblem: reasonOf(error, 'read the sources'),
      }))),
    }),
    sourceNamed: async (name) => sourceNamed(await openSources(), name),
    handlerKey: (source) => handlerKey(environment, source).signing,
    async sample(name) {
      const { source, key, url, signedUrl, unsignable } = await findRecipient(name);
      try {
        const request = signedSample(source, { key, url: signedUrl, now: Date.now(), seed: randomUUID() });
        return { request, url };
      } catch (error) {
        throw new UsageError(`The sample could not be signed. ${unsignable}`, { cause: error });
      }
    },
  };
}
