import type { Delivery } from '../cli/deliveries/delivery-log.ts';

/** The type of the event, or else what happened. */
export function titleOf({ events, more, outcome, reason, code }: Delivery): string {
  const count = events.length + more;
  const [first] = events;
  if (count > 1) return `${count} events${first?.type === undefined ? '' : `, ${first.type} first`}`;
  if (first?.type !== undefined) return first.type;
  const name = outcome === 'quarantined' ? reason : code;
  if (name !== undefined || first?.id === undefined) return inWords(name ?? outcome);
  return `Event ${first.id}`;
}

/** `invalid_signature` as `Invalid signature`. */
function inWords(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`;
}
