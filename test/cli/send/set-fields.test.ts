import { describe, expect, it, test } from '@jest/globals';
import { setFields } from '../../../cli/send/set-fields.ts';

const set = (json: string, ...assignments: readonly string[]) =>
  setFields(Buffer.from(json), false, assignments).body.toString();

test('a field that is added may be mistyped: the one that was meant is suggested', () => {
  const inJson = setFields(Buffer.from('{"data":{"amount_paid":1}}'), false, ['data.amount_payd=2', 'data.note=3']);
  const inForm = setFields(Buffer.from('From=1&Body=2'), true, ['Bdy=3', 'Note=4']);
  expect(inJson.added).toEqual([{ path: 'data.amount_payd', meant: 'amount_paid' }, { path: 'data.note' }]);
  expect(inForm.added).toEqual([{ path: 'Bdy', meant: 'Body' }, { path: 'Note' }]);
});

describe('setting fields of JSON', () => {
  it('keeps the digits of a number that JavaScript would round or write in another way', () => {
    expect(set('{"id":12345678901234567890,"price":1.50,"a":1}', 'a=98765432109876543210')).toBe(
      '{"id":12345678901234567890,"price":1.50,"a":98765432109876543210}',
    );
  });

  it('finds no fields in such a number', () => {
    expect(() => set('{"price":1.50}', 'price.x=1')).toThrow('price has no fields.');
    expect(() => set('{"price":1.50}', 'price.rawJSON=1')).toThrow('price has no fields.');
  });
});
