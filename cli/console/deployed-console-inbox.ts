import { randomUUID } from 'node:crypto';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import { mapConcurrently } from '../../lambda/storage/map-concurrently.ts';
import { signedSample } from '../../samples/sample.ts';
import { UsageError } from '../arguments.ts';
import { viewOf } from '../deliveries/deployed/deployed-inbox-view.ts';
import { handlerKey } from '../forwarding/handler-key.ts';
import type { NamedInbox } from '../operate/named-inbox.ts';
import { deployedInboxAccess } from '../operate/quarantine/deployed-inbox-access.ts';
import { receiverSources } from '../operate/receiver-sources.ts';
import { entryPlaces, inboxOutputs, outputOf } from '../operate/stack-outputs.ts';
import { secretState } from '../operate/status/secret-state.ts';
import { deployedRecipient } from '../send/deployed-recipient.ts';
import { sourceNamed } from '../send/source-named.ts';
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
    const secret = await secretState(source, outputs);
    const url = source.publicUrl ?? `${urlPrefix}${source.name}`;
    return describeSource(source, { url, secret, isSecretMissing: secret === 'not set' });
  }

  return {
    ...viewOf(outputs),
    access: await deployedInboxAccess(named),
    places: entryPlaces(outputs),
    listedMs: LISTED_MS,
    describe: async () => ({
      name: outputOf(outputs, 'InboxName'),
      isDeployed: true,
      sources: await mapConcurrently([...(await openSources()).values()], describe),
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
