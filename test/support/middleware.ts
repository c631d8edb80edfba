import type { Middleware } from '../../lambda/receiver/chain.ts';
import { type Ended, openDelivery } from '../../lambda/receiver/delivery.ts';
import { toSource } from '../../lambda/receiver/registered-source.ts';
import { NOW } from './generic-event.ts';

/** A delivery with what each step adds; a test sets what the step under test reads. */
export type AnyDelivery = Required<Ended>;

/** A delivery half-way through the chain: a POST to a source of the generic provider, and the fields that a test sets. */
export function halfway(fields: Partial<Ended> = {}): AnyDelivery {
  const source = toSource('partner', { provider: 'generic' });
  return { ...openDelivery({ httpMethod: 'POST' }, NOW), source, ...fields } as AnyDelivery;
}

/** Runs one step as the chain does, which adds its result to the delivery; returns what it added. */
export function run<Adds>({ before }: Middleware<AnyDelivery, Adds>, delivery: AnyDelivery) {
  const added = before(delivery);
  if (added instanceof Promise) return added.then((each) => add(delivery, each));
  return add(delivery, added);
}

function add<Adds>(delivery: AnyDelivery, added: Adds): Adds {
  Object.assign(delivery, added);
  return added;
}
