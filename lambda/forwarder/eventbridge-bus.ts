import {
  type EventBridgeClient,
  EventBridgeServiceException,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import type { BusEntry } from './bus-entry.ts';
import type { EventBus, PutFailure } from './event-bus.ts';

/**
 * Refusals of an entry itself. Any other failure may pass: throttling, a failure of EventBridge or of the network, or
 * permissions on the bus, which an operator can repair for all entries.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const PERMANENT = new Set([
  'MalformedDetail',
  'InvalidArgument',
  'RedactionFailure',
  'NotAuthorizedForSourceException',
  'NotAuthorizedForDetailTypeException',
  'ValidationException',
  'SerializationException',
]);

const TOO_LARGE = 413;

type Results = readonly (PutFailure | undefined)[];

/** An EventBridge bus. */
export function eventbridgeBus(client: EventBridgeClient, busName: string): EventBus {
  return {
    async put(entries) {
      const results = await putOrSplit(entries);
      return await putAgain(entries, results);
    },
  };

  async function putOrSplit(entries: readonly BusEntry[]): Promise<Results> {
    try {
      return await request(entries);
    } catch (cause) {
      const failure = failureOfRequest(cause);
      if (!failure.isPermanent || entries.length === 1) return entries.map(() => failure);
      // EventBridge refused all entries because of one, and does not say which.
      const results: (PutFailure | undefined)[] = [];
      for (const entry of entries) results.push(...(await putOrSplit([entry])));
      return results;
    }
  }

  /** Puts the entries once more that EventBridge failed to take among others: Lambda would repeat the others, too. */
  async function putAgain(entries: readonly BusEntry[], results: Results): Promise<Results> {
    const failed = entries.filter((_, index) => mayPass(results[index]));
    if (failed.length === 0 || failed.length === entries.length) return results;
    const second = [...(await request(failed).catch(() => results.filter(mayPass)))];
    return results.map((result) => (mayPass(result) ? second.shift() : result));
  }

  /** @throws the error of the request as such */
  async function request(entries: readonly BusEntry[]): Promise<Results> {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries.map(toRequestEntry) }));
    return entries.map((_, index) => failureOfEntry(Entries[index]));
  }

  function toRequestEntry({ source, detailType, detail, time }: BusEntry) {
    return { EventBusName: busName, Source: source, DetailType: detailType, Detail: detail, Time: time };
  }
}

const mayPass = (result: PutFailure | undefined) => result !== undefined && !result.isPermanent;

function failureOfEntry(result: PutEventsResultEntry | undefined): PutFailure | undefined {
  if (result && result.ErrorCode === undefined) return undefined;
  const code = result?.ErrorCode ?? 'NoResult';
  return { code, isPermanent: PERMANENT.has(code), cause: new Error(`EventBridge refused the event: ${code}`) };
}

function failureOfRequest(cause: unknown): PutFailure {
  if (!(cause instanceof EventBridgeServiceException)) {
    return { code: cause instanceof Error ? cause.name : 'Unknown', isPermanent: false, cause };
  }
  const { name: code, $metadata } = cause;
  return { code, isPermanent: PERMANENT.has(code) || $metadata.httpStatusCode === TOO_LARGE, cause };
}
