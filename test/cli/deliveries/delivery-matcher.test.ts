import { expect, it } from '@jest/globals';
import type { Delivery, DeliveryQuery } from '../../../cli/deliveries/delivery-log.ts';
import { deliveryMatcher, eventMatcher } from '../../../cli/deliveries/delivery-matcher.ts';

const several: Delivery = {
  time: 1_000,
  requestId: 'Request-1',
  source: 'shop',
  provider: 'shopify',
  status: 200,
  outcome: 'conflict',
  reason: 'table_unavailable',
  issues: [{ path: 'lines[0].price', expected: 'number' }],
  events: [
    { id: 'a', type: 'orders/create', outcome: 'processed' },
    { id: 'b', type: 'a.b', outcome: 'conflict' },
  ],
  more: 0,
  bytes: 10,
  durationMs: 1,
  usedPreviousSecret: false,
};

it.each<[string, Omit<DeliveryQuery, 'from'> & { from?: number }, boolean]>([
  ['its first moment', { from: 1_000 }, true],
  ['a time after it', { from: 1_001 }, false],
  ['an end after it', { to: 1_001 }, true],
  ['its own time as the end', { to: 1_000 }, false],
  ['its source', { sources: ['other', 'shop'] }, true],
  ['another source', { sources: ['sho'] }, false],
  ['a pattern of one of its types', { types: ['orders/*'] }, true],
  ['a pattern with an asterisk in the middle', { types: ['o*/*te'] }, true],
  ['a part of a type', { types: ['orders'] }, false],
  ['a type, in which a dot is a dot', { types: ['a.b'] }, true],
  ['a type in which a dot would be any character', { types: ['orders.create'] }, false],
  ['its outcome', { outcomes: ['conflict'] }, true],
  ['the outcome of one of its events', { outcomes: ['processed'] }, true],
  ['another outcome', { outcomes: ['rejected', 'queued'] }, false],
  ['text of its request id, in another case', { text: 'request-1' }, true],
  ['text of a path', { text: 'PRICE' }, true],
  ['text that it has nowhere', { text: 'nothing' }, false],
])('A delivery is listed or not by %s', (_, query, expected) => {
  expect(deliveryMatcher({ from: 0, ...query })(several)).toBe(expected);
});

it('A delivery to no source is listed only without a source', () => {
  const lost = { ...several, source: undefined };
  expect(deliveryMatcher({ from: 0 })(lost)).toBe(true);
  expect(deliveryMatcher({ from: 0, sources: ['shop'] })(lost)).toBe(false);
});

it('The events of a delivery that are shown are those of the types and the outcomes', () => {
  const shown = (query: Pick<DeliveryQuery, 'types' | 'outcomes'>) =>
    several.events.filter(eventMatcher(query)).map(({ id }) => id);
  expect(shown({})).toEqual(['a', 'b']);
  expect(shown({ types: ['a*'] })).toEqual(['b']);
  expect(shown({ outcomes: ['processed'] })).toEqual(['a']);
});
