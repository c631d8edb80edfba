import type { DeliveredEvent, Delivery, DeliveryQuery } from './delivery-log.ts';

/** Whether a delivery matches everything of a query but its limit. */
export function deliveryMatcher({ sources, from, to, types, outcomes, text }: DeliveryQuery) {
  const patterns = types?.map(typePattern);
  const searched = text?.toLowerCase();
  const isOfType = ({ type }: DeliveredEvent) => patterns?.some((pattern) => type !== undefined && pattern.test(type));
  return (delivery: Delivery): boolean => {
    const { time, source, outcome, events } = delivery;
    if (time < from || (to !== undefined && time >= to)) return false;
    if (sources && (source === undefined || !sources.includes(source))) return false;
    if (patterns && !events.some(isOfType)) return false;
    const all = [outcome, ...events.map((event) => event.outcome)];
    if (outcomes && !all.some((each) => each !== undefined && outcomes.includes(each))) return false;
    return searched === undefined || textOf(delivery).includes(searched);
  };
}

/** The events of a delivery that a query is about: those of its types and, if an event has an outcome, of its outcomes. */
export function eventMatcher({ types, outcomes }: Pick<DeliveryQuery, 'types' | 'outcomes'>) {
  const patterns = types?.map(typePattern);
  return ({ type = '', outcome }: DeliveredEvent): boolean => {
    if (patterns && !patterns.some((pattern) => pattern.test(type))) return false;
    return outcomes === undefined || outcome === undefined || outcomes.includes(outcome);
  };
}

function typePattern(glob: string): RegExp {
  const escaped = glob.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 's');
}

function textOf({ requestId, source, code, reason, issues = [], events }: Delivery): string {
  const ofEvents = events.flatMap(({ id, type }) => [id, type]);
  return [requestId, source, code, reason, ...issues.map(({ path }) => path), ...ofEvents].join('\n').toLowerCase();
}
