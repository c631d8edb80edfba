import type { DeliveredEvent, Delivery, DeliveryQuery } from './delivery-log.ts';

type Condition<T> = (value: T) => boolean;

/** Whether a delivery matches everything of a query but its limit. */
export function deliveryMatcher(query: DeliveryQuery): Condition<Delivery> {
  const conditions = [inTime(query), ofSources(query), ofTypes(query), ofOutcomes(query), withText(query)];
  return (delivery) => conditions.every((holds) => holds(delivery));
}

/** The events of a delivery that a query is about: those of its types, and of its outcomes. */
export function eventMatcher({
  types,
  outcomes,
}: Pick<DeliveryQuery, 'types' | 'outcomes'>): Condition<DeliveredEvent> {
  const isOfType = typeMatcher(types);
  return (event) => isOfType(event) && (event.outcome === undefined || (outcomes?.includes(event.outcome) ?? true));
}

function inTime({ from, to = Number.POSITIVE_INFINITY }: DeliveryQuery): Condition<Delivery> {
  return ({ time }) => time >= from && time < to;
}

function ofSources({ sources }: DeliveryQuery): Condition<Delivery> {
  return ({ source }) => sources === undefined || (source !== undefined && sources.includes(source));
}

function ofTypes({ types }: DeliveryQuery): Condition<Delivery> {
  const isOfType = typeMatcher(types);
  return ({ events }) => types === undefined || events.some(isOfType);
}

function ofOutcomes({ outcomes }: DeliveryQuery): Condition<Delivery> {
  const isWanted = (outcome: Delivery['outcome'] | undefined) => outcome !== undefined && outcomes?.includes(outcome);
  return ({ outcome, events }) =>
    outcomes === undefined || [outcome, ...events.map((event) => event.outcome)].some(isWanted);
}

function withText({ text }: DeliveryQuery): Condition<Delivery> {
  const searched = text?.toLowerCase() ?? '';
  return (delivery) => searched === '' || textOf(delivery).includes(searched);
}

function typeMatcher(types: DeliveryQuery['types']): Condition<DeliveredEvent> {
  const patterns = types?.map(typePattern);
  return ({ type }) => patterns === undefined || (type !== undefined && patterns.some((each) => each.test(type)));
}

/** A pattern in which `*` is any text. */
function typePattern(glob: string): RegExp {
  const parts = glob.split(/\*+/).map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function textOf({ requestId, source, code, reason, issues = [], events }: Delivery): string {
  const ofEvents = events.flatMap(({ id, type }) => [id, type]);
  return [requestId, source, code, reason, ...issues.map(({ path }) => path), ...ofEvents].join('\n').toLowerCase();
}
