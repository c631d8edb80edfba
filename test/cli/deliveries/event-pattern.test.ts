import { expect, it } from '@jest/globals';
import { matchesPattern } from '../../../cli/deliveries/inspect/event-pattern.ts';

const event = {
  source: 'webhook-inbox.partner',
  'detail-type': 'invoice.paid',
  detail: { data: { user: 'U', tags: ['a', 'b'], count: 3 } },
};

it.each<[object, boolean | undefined]>([
  [{ source: ['webhook-inbox.partner'] }, true],
  [{ source: ['webhook-inbox.shop', 'webhook-inbox.partner'], 'detail-type': ['invoice.paid'] }, true],
  [{ source: ['webhook-inbox.partner'], 'detail-type': ['invoice.voided'] }, false],
  [{ source: [{ prefix: 'webhook-inbox.' }] }, true],
  [{ source: [{ prefix: 'aws.' }] }, false],
  [{ 'detail-type': [{ suffix: '.paid' }] }, true],
  [{ 'detail-type': [{ wildcard: 'inv*.p*d' }] }, true],
  [{ 'detail-type': [{ wildcard: 'inv*.v*d' }] }, false],
  [{ 'detail-type': [{ wildcard: 'invoice\\*' }] }, false],
  [{ 'detail-type': [{ 'anything-but': ['order.paid'] }] }, true],
  [{ 'detail-type': [{ 'anything-but': 'invoice.paid' }] }, false],
  [{ 'detail-type': [{ 'anything-but': { prefix: 'invoice' } }] }, undefined],
  [{ detail: { data: { user: [{ 'equals-ignore-case': 'u' }] } } }, true],
  [{ detail: { data: { tags: ['b'] } } }, true],
  [{ detail: { data: { user: [{ exists: true }], other: [{ exists: false }] } } }, true],
  [{ detail: { data: { other: [{ exists: true }] } } }, false],
  [{ detail: { data: { count: [3] } } }, true],
  [{ detail: { data: { count: [{ numeric: ['>', 2] }] } } }, undefined],
  [{ source: ['aws.s3'], detail: { data: { count: [{ numeric: ['>', 2] }] } } }, false],
  [{ $or: [{ source: ['aws.s3'] }, { 'detail-type': ['invoice.paid'] }] }, true],
  [{ $or: [{ source: ['aws.s3'] }, { 'detail-type': ['order.paid'] }] }, false],
])('The pattern %j matches, does not match, or is unknown', (pattern, expected) => {
  expect(matchesPattern(JSON.stringify(pattern), event)).toBe(expected);
});

it('A pattern that is not JSON is unknown', () => {
  expect(matchesPattern('none', event)).toBeUndefined();
});
