import type { BusEntryOptions } from '../../lambda/forwarder/bus-entry.ts';
import type { Source } from '../../lambda/receiver/source.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { InboxView } from '../deliveries/delivery-log.ts';
import type { FindPage } from '../deliveries/delivery-page.ts';
import type { CountOutcomes } from '../deliveries/outcome-counts.ts';
import type { KeptHeader } from '../local/kept-headers.ts';
import type { InboxAccess } from '../operate/quarantine/inbox-access.ts';
import type { InboxDescription } from './api.ts';
import type { ConsoleBus } from './console-bus.ts';

/** An inbox, deployed or on this machine, as the console uses it. */
export interface ConsoleInbox extends InboxView {
  readonly findPage: FindPage;
  readonly countOutcomes: CountOutcomes;
  /** @returns undefined if none are kept */
  readonly headersOf: (requestId: string) => readonly KeptHeader[] | undefined;
  /** Undefined if events are not forwarded to a bus. */
  readonly bus: ConsoleBus | undefined;
  readonly describe: () => Promise<InboxDescription>;
  /** @throws {UsageError} if there is no such source */
  readonly sourceNamed: (name: string) => Promise<Source>;
  /** The key that signs what a handler on this machine gets. */
  readonly handlerKey: (source: Source) => string;
  /**
   * A new sample of a source, signed.
   * @throws {UsageError} if it cannot be signed
   */
  readonly sample: (source: string) => Promise<AddressedRequest>;
  readonly access: InboxAccess;
  /** Where an event points whose payload is too large for the event bus. */
  readonly places: BusEntryOptions;
  /** How far back the live list goes, in milliseconds; undefined for all that is kept. */
  readonly listedMs: number | undefined;
}

/** A request, and the URL that it is sent to, which may be another one than a provider signs. */
export interface AddressedRequest {
  readonly request: SignedRequest;
  readonly url: string;
}
