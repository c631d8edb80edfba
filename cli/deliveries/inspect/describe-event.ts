import type { EventItem } from '../../../lambda/events/event-item.ts';
import type { QuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { payloadText } from '../../operate/quarantine/payload-text.ts';
import { REASONS } from '../../operate/quarantine/reasons.ts';
import { printableJson, printableLine } from '../../printable.ts';
import { localTime } from '../../times.ts';
import type { WithPayload } from '../delivery-log.ts';
import type { Forwarding } from './forwarding-of.ts';

/** The lines about a stored event: its item, its data and its payload. */
export function describeEvent({ item, payload }: WithPayload<EventItem>): string {
  const { source, provider, event_id, event_type, occurred_at, received_at, expires_at, origin, data } = item;
  const lines = linesOf([
    ['event id', event_id],
    ['source', `${source}, provider ${provider}`],
    ['type', event_type],
    ['occurred at', occurred_at && timeLine(Date.parse(occurred_at))],
    ['received at', timeLine(Date.parse(received_at))],
    ['expires at', timeLine(expires_at * 1000)],
    ['origin', origin && `${origin} from quarantine`],
    ['payload', sizeOf(payload, item.payload_object)],
    ['sha256', item.payload_sha256],
  ]);
  return `${lines}\n\nData\n${printableJson(data)}\nPayload\n${payloadText(payload)}`;
}

/** The lines about what is in quarantine under the event id. */
export function describeQuarantined({ item, payload }: WithPayload<QuarantineItem>): string {
  const { id, reason, issues, received_at, expires_at, payload_object } = item;
  const lines = linesOf([
    ['quarantine', id],
    ['reason', `${reason}: ${REASONS[reason]}`],
    ...issues.map(({ path, expected }) => ['issue', `${path}: expected ${expected}`] as const),
    ['received at', timeLine(Date.parse(received_at))],
    ['expires at', timeLine(expires_at * 1000)],
    ['payload', sizeOf(payload, payload_object)],
  ]);
  return `${lines}\n\nPayload in quarantine\n${payloadText(payload)}`;
}

/** The lines about the bus and its rules. */
export function describeForwarding({ busName, rules }: Forwarding): string {
  const heading = `Forwarded to the bus ${busName}. Rules that match now: ${rules.length === 0 ? 'none' : rules.length}`;
  const lines = rules.map(({ name, isEnabled, isCertain, targets }) => {
    const doubts = [
      ...(isEnabled ? [] : ['disabled']),
      ...(isCertain ? [] : ['may match: its pattern is not checked here']),
    ];
    const doubt = doubts.length > 0 ? ` (${doubts.join(', ')})` : '';
    return `  ${name}${doubt} to ${targets.join(', ') || 'no target'}`;
  });
  return [heading, ...lines].join('\n');
}

function linesOf(pairs: readonly (readonly [name: string, value: string | undefined])[]): string {
  return pairs.flatMap(([name, value]) => (value ? [`${name.padEnd(11)}  ${printableLine(value)}`] : [])).join('\n');
}

/** A time here and in UTC, which the item has. */
const timeLine = (time: number) => `${localTime(time)} (${new Date(time).toISOString()})`;

const sizeOf = ({ length }: Buffer, key: string | undefined) =>
  `${length} bytes${key === undefined ? '' : `, in the bucket as ${key}`}`;
