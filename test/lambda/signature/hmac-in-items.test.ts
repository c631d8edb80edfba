import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hmacInItems } from '../../../lambda/signature/hmac-in-items.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const KEY = 'C0FFEE00C0FFEE11C0FFEE22C0FFEE33';
const scheme = hmacInItems({
  list: 'items',
  item: 'Item',
  signature: ['extra', 'mac'],
  fields: [['id'], ['reference'], ['amount', 'value'], ['event']],
  separator: ':',
  freeField: 1,
});

const macOf = (content: string, key = KEY) =>
  createHmac('sha256', Buffer.from(key, 'hex')).update(content).digest('base64');

/** An item, signed over the text. */
const item = (fields: object, content: string) => ({ Item: { ...fields, extra: { mac: macOf(content), other: 1 } } });
const bodyOf = (...items: unknown[]) => JSON.stringify({ live: true, items });
const verdict = (body: string, secret = KEY) => scheme.verify(plainRequest(body), { ...plainContext, secret });

const FIELDS = { id: 'P1', reference: 'order-7', amount: { value: 10 }, event: 'PAID', note: 'x' };
const SIGNED = 'P1:order-7:10:PAID';
const ITEM = item(FIELDS, SIGNED);

describe('An HMAC in each item', () => {
  it('is valid over the fields of the item alone', () => {
    expect(verdict(bodyOf(ITEM))).toBe('valid');
    expect(verdict(bodyOf(ITEM, item({ ...FIELDS, id: 'P2' }, 'P2:order-7:10:PAID')))).toBe('valid');
    expect(verdict(bodyOf(item({ ...FIELDS, note: 'y' }, SIGNED)))).toBe('valid');
    for (const other of [{ id: 'P2' }, { reference: 'order-8' }, { amount: { value: 11 } }, { event: 'LOST' }]) {
      expect(verdict(bodyOf(item({ ...FIELDS, ...other }, SIGNED)))).toBe('mismatch');
    }
  });

  it('is over an empty text for a field that is missing or null, and over the text of a number', () => {
    expect(verdict(bodyOf(item({ id: 'P1', reference: null, event: 7 }, 'P1:::7')))).toBe('valid');
  });

  it.each([
    ['mismatch', [ITEM, item(FIELDS, 'other')]],
    ['mismatch', [item(FIELDS, 'other'), ITEM]],
    ['missing', [ITEM, { Item: FIELDS }]],
    ['missing', [ITEM, { Item: { ...FIELDS, extra: {} } }]],
    ['missing', [ITEM, { Item: { ...FIELDS, extra: 'text' } }]],
    ['missing', []],
    ['malformed', [ITEM, { Item: { ...FIELDS, extra: { mac: 7_777 } } }]],
    ['malformed', [ITEM, { Item: { ...FIELDS, extra: { mac: '' } } }]],
    ['malformed', [ITEM, { Item: { ...FIELDS, extra: { mac: macOf(SIGNED).slice(4) } } }]],
    ['malformed', [ITEM, { Item: { ...FIELDS, extra: { mac: `${macOf(SIGNED)} ` } } }]],
    ['malformed', [ITEM, {}]],
    ['malformed', [ITEM, null]],
    ['malformed', [ITEM, { Item: [] }]],
  ] as const)('is %s if one item of these does not carry its own: %j', (expected, items) => {
    expect(verdict(bodyOf(...items))).toBe(expected);
  });

  it.each([
    ['that is empty', ''],
    ['that is no JSON', '{'],
    ['that is a list', '[]'],
    ['that is null', 'null'],
    ['without items', '{}'],
    ['whose items are in no list', '{"items":{}}'],
    ['that is nested 100,000 times', '['.repeat(100_000)],
  ])('is malformed in a body %s', (_, body) => {
    expect(verdict(body)).toBe('malformed');
  });

  it('covers values that can be divided in one way only', () => {
    expect(verdict(bodyOf(item({ ...FIELDS, reference: 'a:b:c' }, 'P1:a:b:c:10:PAID')))).toBe('valid');
    for (const other of [
      { id: 'P1:a', reference: 'b:c' },
      { reference: 'a:b', amount: { value: 'c:10' } },
      { reference: 'a:b:c', amount: {}, event: '10:PAID' },
    ]) {
      expect(verdict(bodyOf(item({ ...FIELDS, ...other }, 'P1:a:b:c:10:PAID')))).toBe('malformed');
    }
  });

  it.each([[{}], [[]], ['\ud800']])('is malformed over the value %j, which has no text', (value) => {
    expect(verdict(bodyOf(item({ ...FIELDS, id: value }, `${value}:order-7:10:PAID`)))).toBe('malformed');
    expect(verdict(bodyOf(item({ ...FIELDS, reference: value }, `P1:${value}:10:PAID`)))).toBe('malformed');
  });

  it('does not sign what an object inherits', () => {
    expect(verdict(bodyOf(item({ ...FIELDS, amount: '' }, 'P1:order-7::PAID')))).toBe('valid');
  });

  it('takes a key in hex alone', () => {
    expect(verdict(bodyOf(ITEM), KEY.toLowerCase())).toBe('valid');
    for (const secret of ['', 'no hex', `${KEY}0`, ` ${KEY}`]) {
      expect([secret, verdict(bodyOf(ITEM), secret)]).toEqual([secret, 'unusable_secret']);
    }
    expect(verdict(bodyOf(ITEM), KEY.replace('C', 'D'))).toBe('mismatch');
  });

  it('is written into each item, beside what is there', () => {
    const plain = plainRequest(bodyOf({ Item: { ...FIELDS, extra: { other: 1 } } }, { Item: { id: 'P2' } }));
    const signed = scheme.sign(plain, { ...plainContext, key: KEY });
    expect(JSON.parse(signed.body.toString())).toEqual({
      live: true,
      items: [ITEM, item({ id: 'P2' }, 'P2:::')].map(without),
    });
    expect(verdict(signed.body.toString())).toBe('valid');
  });

  it('cannot be written where there are no items, or where a signed value has no text', () => {
    const sign = (body: string) => () => scheme.sign(plainRequest(body), { ...plainContext, key: KEY });
    expect(sign('{}')).toThrow('The request lacks what its signature covers: items');
    expect(sign(bodyOf({ Item: { id: {} } }))).toThrow('An item lacks what its signature covers.');
  });
});

/** `other` is in the first item alone. */
function without(each: ReturnType<typeof item>, index: number) {
  const { other, ...extra } = each.Item.extra;
  return { Item: { ...each.Item, extra: index === 0 ? { other, ...extra } : extra } };
}

describe('The body that holds the items', () => {
  it('is read before they are verified', () => {
    expect(scheme.readsBody?.(new Map())).toBe(true);
    expect(scheme.bodyCoverage).toBe('content');
  });
});
