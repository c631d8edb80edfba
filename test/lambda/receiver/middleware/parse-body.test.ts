import { describe, expect, it } from '@jest/globals';
import { toSource } from '../../../../lambda/receiver/config.ts';
import { parseBody } from '../../../../lambda/receiver/middleware/parse-body.ts';
import { halfway, run } from '../../../support/middleware.ts';

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** The parsed body. Of these providers, only `okta` sends several events in a body, and `slack` has JSON in its forms. */
function parse(provider: 'generic' | 'okta' | 'slack' | 'twilio', mediaType: string, body: string | Buffer): unknown {
  const source = toSource('partner', { provider });
  const delivery = halfway({ source, mediaType, body: Buffer.from(body) });
  run(parseBody(), delivery);
  return delivery.parsedBody;
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('A body', () => {
  it.each([
    ['not_utf8', Buffer.from([0x22, 0xff, 0x22])],
    ['not_json', '{"a":'],
    ['not_json', ''],
    ['not_json', '\ufeff{}'],
    ['nested_too_deep', nested(101)],
    ['forbidden_key', '{"a":[{"__proto__":1}]}'],
    ['forbidden_key', '{"a":1,"b":[2,{"c":3,"__proto__":4}]}'],
  ])('is rejected as %s, with no cause that could quote it: %j', (reason, body) => {
    const refusal = { code: 'malformed_body', reason, cause: undefined };
    expect(() => parse('generic', JSON_TYPE, body)).toThrow(expect.objectContaining(refusal));
  });

  it('may nest 100 deep and hold keys that resemble forbidden ones', () => {
    expect(parse('generic', JSON_TYPE, nested(100))).toEqual(JSON.parse(nested(100)));
    expect(parse('generic', JSON_TYPE, '{"proto":{"__proto":null}}')).toEqual({ proto: { __proto: null } });
  });

  it.each(['GET', 'HEAD'])('is not parsed for a %s', (method) => {
    const delivery = halfway({ method });
    run(parseBody(), delivery);
    expect(delivery.parsedBody).toBeUndefined();
  });
});

describe('A number in a body', () => {
  it.each([
    ['[12345678901234567890]', '[12345678901234567890]'],
    ['[-12345678901234567890]', '[-12345678901234567890]'],
    ['[9007199254740993]', '[9007199254740993]'],
    ['{"a":{"b":[9007199254740993,1]}}', '{"a":{"b":[9007199254740993,1]}}'],
    ['["12345678901234567890"]', '["12345678901234567890"]'],
    ['[0.12345678901234567890]', '[0.12345678901234568]'],
    ['[12345678901234567890.5]', '[12345678901234567000]'],
    ['[1234567890123456789e2]', '[123456789012345680000]'],
    ['[1234567890123456,1.50,true,null]', '[1234567890123456,1.5,true,null]'],
  ])('that holds several events keeps its digits if it is an integer: %s', (body, expected) => {
    expect(JSON.stringify(parse('okta', JSON_TYPE, body))).toBe(expected);
  });

  it('that holds several events is a number if JavaScript does not round it', () => {
    expect(parse('okta', JSON_TYPE, '[9007199254740991,-9007199254740991]')).toEqual([
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
    ]);
  });

  it('that is one event is a number, since the body is stored byte for byte', () => {
    expect(parse('generic', JSON_TYPE, '[12345678901234567890]')).toEqual([12345678901234567000]);
  });
});

describe('A form', () => {
  it.each([
    ['a=1&b=x+y%20z', { a: '1', b: 'x y z' }],
    ['a=%C3%A9%2B&a=2', { a: '2' }],
    ['', {}],
    // A field without a name is no field that holds JSON.
    ['=1&a=2', { '': '1', a: '2' }],
  ])('is parsed into its fields: %s', (body, expected) => {
    expect(parse('twilio', FORM, body)).toEqual(expected);
  });

  it('is parsed as the JSON in its field, if the provider sends one', () => {
    expect(parse('slack', FORM, 'payload=%7B%22a%22%3A+1%7D&b=2')).toEqual({ a: 1 });
    expect(parse('slack', FORM, 'command=%2Fpay&b=2')).toEqual({ command: '/pay', b: '2' });
  });

  it('is not looked for in a body in JSON', () => {
    expect(parse('slack', JSON_TYPE, '{"payload":"{}"}')).toEqual({ payload: '{}' });
  });

  it.each([
    ['not_form', 'a=%'],
    ['not_form', 'a=%zz'],
    ['not_form', 'a=%+41'],
    ['not_form', 'a=%ff'],
    ['not_json', 'payload=%7B'],
    ['not_json', 'payload='],
    ['forbidden_key', '__proto__=1'],
  ])('is rejected as %s: %s', (reason, body) => {
    const refusal = { code: 'malformed_body', reason, cause: undefined };
    expect(() => parse('slack', FORM, body)).toThrow(expect.objectContaining(refusal));
  });
});
