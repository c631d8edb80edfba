import { describe, expect, it } from '@jest/globals';
import type { CustomEvent } from '../../../../lambda/providers/custom/custom-definition.ts';
import { customSample } from '../../../../lambda/providers/custom/custom-sample.ts';

const bodyOf = (event: CustomEvent) =>
  customSample({ signature: { algorithm: 'hmac-sha256', header: 'X-Signature' }, event }).body;

describe('The sample of a definition', () => {
  it.each<[string, CustomEvent]>([
    ['a hash of the body identifies it', { id: { hash: 'body' } }],
    ['a hash of the body identifies it, which has a type', { id: { hash: 'body' }, type: { pointer: '/type' } }],
    ['a hash identifies each event of a batch', { id: { hash: 'body' }, batch: '/events' }],
    [
      'it is a form',
      { id: { hash: 'body' }, contentTypes: ['application/x-www-form-urlencoded'], formField: 'payload' },
    ],
  ])('has another body for a new event if %s', (_, event) => {
    expect(bodyOf(event)).toMatch(/\{\{id:/);
  });

  it('has a body with a field if nothing of the event is read from it', () => {
    expect(JSON.parse(bodyOf({ id: { header: 'X-Id' } }))).toHaveProperty('example');
  });

  it('has no field that its schema does not allow', () => {
    const schema = { type: 'object', additionalProperties: false } as const;
    expect(bodyOf({ id: { hash: 'body' }, schema })).toBe('{}');
  });
});
