import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import type { Source, Sources } from '../../../lambda/receiver/source.ts';
import { deliveryRequest } from '../../forwarding/delivery-request.ts';
import { eventRequest } from '../../forwarding/event-request.ts';
import type { ForwardOptions } from '../../forwarding/forward-options.ts';
import { handlerKey } from '../../forwarding/handler-key.ts';
import type { HandlerRequest } from '../../forwarding/handler-request.ts';
import { storedDelivery } from '../../forwarding/stored-delivery.ts';
import { secretVariable } from '../../local/local-keys.ts';
import { sourceNamed } from '../../send/source-named.ts';
import type { NamedInbox } from '../named-inbox.ts';
import { deployedPayloads } from '../quarantine/payload-objects.ts';
import { readPayload } from '../quarantine/read-payload.ts';
import { receiverSources } from '../receiver-sources.ts';
import { type DeployedOutputs, entryPlaces } from '../stack-outputs.ts';

/** What requests are made from. */
export interface RequestMakerOptions {
  readonly forward: ForwardOptions;
  readonly named: NamedInbox;
  readonly outputs: DeployedOutputs;
  readonly environment: NodeJS.ProcessEnv;
  readonly showsSecrets: boolean;
  /** The names of the sources whose events are forwarded; all, if there are none. */
  readonly sources: readonly string[];
}

/** Makes the requests of a handler. */
export interface RequestMaker {
  /** @returns undefined for an item of another source */
  readonly toRequest: (item: EventItem) => Omit<HandlerRequest, 'settled'> | undefined;
  /** What the handler gets, for people to read. */
  readonly description: string;
}

type Make = (item: EventItem) => HandlerRequest['make'];

/** @throws {UsageError} if the inbox has no such source, or its sources cannot be read */
export async function requestMaker(options: RequestMakerOptions): Promise<RequestMaker> {
  const all = await receiverSources(options.named, options.outputs);
  const chosen = new Map(options.sources.map((name) => [name, sourceNamed(all, name)]));
  const sources: Sources = chosen.size > 0 ? chosen : all;
  const make = options.forward.form === 'event' ? await eventMaker(options) : deliveryMaker(options, sources);
  return {
    description: options.forward.form === 'event' ? 'events' : `deliveries, signed again\n${keysOf(sources, options)}`,
    toRequest(item) {
      if (chosen.size > 0 && !chosen.has(item.source)) return undefined;
      return { source: item.source, description: item.event_id, make: make(item) };
    },
  };
}

async function eventMaker({ forward: { url }, outputs }: RequestMakerOptions): Promise<Make> {
  const places = {
    ...entryPlaces(outputs),
    // The URL of a queue has the account.
    account: /\/(\d{12})\//.exec(outputs.OverflowQueueUrl ?? '')?.[1] ?? '',
    region: await new DynamoDBClient().config.region(),
  };
  return (item) => () => eventRequest(item, { url, ...places });
}

function deliveryMaker({ forward: { url }, outputs, environment }: RequestMakerOptions, sources: Sources): Make {
  const payloads = deployedPayloads(new DynamoDBClient(), outputs);
  return (item) => async () => {
    const source = sources.get(item.source);
    if (!source) throw new Error('the inbox no longer has this source');
    const delivery = storedDelivery(item, await readPayload(item, payloads), source);
    const { signing: key } = handlerKey(environment, source);
    return deliveryRequest(source, delivery, { url, key, now: Date.now() });
  };
}

/** How many characters of a shortened secret are shown. */
const SHOWN_CHARACTERS = 12;

/** What the handler verifies the deliveries of each source with. */
function keysOf(sources: Sources, { environment, showsSecrets }: RequestMakerOptions): string {
  const width = Math.max(...[...sources.keys()].map(({ length }) => length));
  const keyOf = (source: Source) => {
    const { generated } = handlerKey(environment, source);
    if (generated === undefined) return `secret: from ${secretVariable(source.name)}`;
    return `secret: ${showsSecrets ? generated : `${generated.slice(0, SHOWN_CHARACTERS)}…`}`;
  };
  return [...sources.values()].map((source) => `  ${source.name.padEnd(width)}   ${keyOf(source)}`).join('\n');
}
