import { readArguments, UsageError } from '../../arguments.ts';
import { showsColours } from '../../colour.ts';
import { interruption } from '../../interruption.ts';
import { invocation } from '../../invocation.ts';
import type { NamedInbox } from '../../operate/named-inbox.ts';
import { writePayload } from '../../operate/quarantine/payload-text.ts';
import { print, printError } from '../../print.ts';
import { printableLine } from '../../printable.ts';
import { timeZone } from '../../times.ts';
import { checkSources } from '../check-sources.ts';
import type { Delivery, InboxView, StoredEvent } from '../delivery-log.ts';
import { INBOX_HELP, INBOX_OPTIONS, isLocal, openInbox } from '../open-inbox.ts';
import { printDeliveries } from '../print-deliveries.ts';
import { describeEvent, describeForwarding, describeQuarantined } from './describe-event.ts';
import type { Forwarding } from './forwarding-of.ts';

const HELP = `Shows an event: its item, its data, its payload, its deliveries, where it was forwarded to, and which rules match it.

  ${invocation('inspect', '<source> <event-id> [--raw | --json]')}

  <source>        the event's source, such as partner
  <event-id>      the provider's id of the event, as events lists it
  --raw           writes the payload's bytes and nothing else; on a terminal, control characters are escaped
  --json          writes all of it in JSON on one line, the payloads as text
  ${INBOX_HELP}

What is in quarantine under the event id is shown too. The deliveries are those in the log: of a deployed inbox, it has
them for a month (logRetention), and CloudWatch Logs Insights searches it, for which AWS charges by its size. Payloads may
be personal data. Exit status 1 if nothing is stored under the event id. The account and the region are those of
AWS_PROFILE and AWS_REGION.`;

/** What is shown. */
interface Inspected {
  readonly found: StoredEvent;
  readonly deliveries: readonly Delivery[];
  readonly forwarding: Forwarding | undefined;
}

/** The command `webhook-inbox inspect`. */
export async function inspect(environment: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments(HELP, {
    ...INBOX_OPTIONS,
    raw: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  if (!given) return;
  const { raw: isRaw, json: isJson, ...named } = given.values;
  const [source, eventId, ...others] = given.positionals;
  if (!source || !eventId || others.length > 0) throw new UsageError(`Name a source and one event.\n\n${HELP}`);
  if (isRaw && isJson) throw new UsageError('Give --raw or --json, not both.');
  const view = await openInbox(named, environment);
  const found = await view.events.read(source, eventId);
  if (!isStored(found)) await reportMissing(source, eventId, view);
  if (isRaw) return writeRaw(found);
  const inspected = await inspectFound(view, { source, eventId, found, named });
  if (!inspected) return;
  const { deliveries, forwarding } = inspected;
  if (isJson) print(JSON.stringify({ ...withText(found), deliveries, forwarding }));
  else await printText(inspected, environment);
}

/** @returns undefined if the command is interrupted: the deliveries that are not read yet would be missing */
async function inspectFound(
  view: InboxView,
  { named, ...event }: Omit<DeliveriesQuery, 'signal'> & { readonly named: NamedInbox },
): Promise<Inspected | undefined> {
  const { found } = event;
  const signal = interruption();
  const deliveries = await deliveriesOf(view, { ...event, signal });
  const forwarding = found.stored && (await forwardedTo(found.stored, named));
  return signal.aborted ? undefined : { found, deliveries, forwarding };
}

async function printText({ found, deliveries, forwarding }: Inspected, environment: NodeJS.ProcessEnv): Promise<void> {
  for (const text of textsOf(found, forwarding)) print(`${text}\n`);
  print(deliveries.length === 0 ? 'No delivery of it is in the log.' : `Deliveries, in the time zone ${timeZone()}`);
  await printDeliveries(asyncOf(deliveries), { query: {}, isFollowing: false, hasColours: showsColours(environment) });
}

const isStored = ({ stored, quarantined }: StoredEvent) => stored !== undefined || quarantined.length > 0;

async function reportMissing(source: string, eventId: string, { sourceNames }: InboxView): Promise<void> {
  checkSources([source], await sourceNames?.());
  printError(`${printableLine(`${source} ${eventId}`)} is neither stored nor in quarantine.`);
  process.exitCode = 1;
}

/** The stored payload, or that in quarantine if no other is known by the event id. */
function writeRaw({ stored, quarantined }: StoredEvent): void {
  const [first, ...others] = stored ? [stored] : quarantined;
  if (others.length > 0)
    throw new UsageError(
      `Several payloads are in quarantine under it: ${invocation('quarantine', 'show <id> --raw')}.`,
    );
  if (first) writePayload(first.payload);
}

/** An hour, in milliseconds: the first delivery may have been in the overflow queue. */
const HOUR_MS = 3_600_000;

/** How long a delivery may be in the log by default, in milliseconds. */
const LOG_MS = 31 * 24 * HOUR_MS;

interface DeliveriesQuery {
  readonly source: string;
  readonly eventId: string;
  readonly found: StoredEvent;
  readonly signal: AbortSignal;
}

async function deliveriesOf(
  { deliveries }: InboxView,
  { source, eventId, found: { stored }, signal }: DeliveriesQuery,
): Promise<readonly Delivery[]> {
  const from = stored ? Date.parse(stored.item.received_at) - HOUR_MS : Date.now() - LOG_MS;
  const found: Delivery[] = [];
  for await (const delivery of deliveries.list({ sources: [source], from, text: eventId }, signal)) {
    const events = delivery.events.filter(({ id }) => id === eventId);
    if (events.length > 0) found.push({ ...delivery, events, more: 0 });
  }
  return found;
}

/** Loads the clients of AWS only for a deployed inbox. */
async function forwardedTo(stored: NonNullable<StoredEvent['stored']>, named: NamedInbox) {
  if (isLocal(named)) return undefined;
  const { inboxOutputs } = await import('../../operate/stack-outputs.ts');
  const { forwardingOf } = await import('./forwarding-of.ts');
  return await forwardingOf(stored, await inboxOutputs(named));
}

function textsOf({ stored, quarantined }: StoredEvent, forwarding: Forwarding | undefined): string[] {
  return [
    ...(stored ? [describeEvent(stored)] : []),
    ...quarantined.map(describeQuarantined),
    ...(forwarding ? [describeForwarding(forwarding)] : []),
  ];
}

function withText({ stored, quarantined }: StoredEvent) {
  const text = <T extends { readonly payload: Buffer }>(each: T) => ({ ...each, payload: each.payload.toString() });
  return { stored: stored && text(stored), quarantined: quarantined.map(text) };
}

async function* asyncOf<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}
