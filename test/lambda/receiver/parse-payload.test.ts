import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FORM_TYPE, type ParseOptions, parsePayload } from '../../../lambda/receiver/parse-payload.ts';
import { PROPERTY_TIMEOUT_MS, runs } from '../../support/property.ts';

const JSON_TYPE = 'application/json';

function parse(body: string | Buffer, options: Partial<ParseOptions> = {}) {
  return parsePayload(Buffer.from(body), { mediaType: JSON_TYPE, hasItems: false, ...options });
}

const unreadable = (reason: string) => ({ unreadable: reason });
const parsed = (value: unknown) => ({ value, exact: value });
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('A JSON body', () => {
  it.each([
    ['not_utf8', Buffer.from([0x22, 0xff, 0x22])],
    ['not_json', '{"a":'],
    ['not_json', ''],
    ['not_json', '\ufeff{}'],
    ['nested_too_deep', nested(101)],
    ['forbidden_key', '{"a":[{"__proto__":1}]}'],
    ['forbidden_key', '{"a":1,"b":[2,{"c":3,"__proto__":4}]}'],
  ])('is unreadable, with the reason %s and without a quotation of the body', (reason, body) => {
    expect(parse(body)).toEqual(unreadable(reason));
  });

  it('may nest 100 levels deep', () => {
    expect(parse(nested(100))).toEqual(parsed(JSON.parse(nested(100))));
  });

  it('may have keys that only resemble __proto__', () => {
    expect(parse('{"proto":{"__proto":null}}')).toEqual(parsed({ proto: { __proto: null } }));
  });
});

describe('A number in a body of several events', () => {
  const exactJson = (body: string) => {
    const result = parse(body, { hasItems: true });
    return 'exact' in result ? JSON.stringify(result.exact) : undefined;
  };

  it.each([
    ['12.10'],
    ['1.0'],
    ['1e400'],
    ['-1e400'],
    ['1E5'],
    ['1e+5'],
    ['5e-324'],
    ['-0'],
    ['-0.0'],
    ['0.0000001'],
    ['9007199254740993'],
    ['-12345678901234567890'],
    ['12345678901234567890123'],
    ['0.12345678901234567890'],
    ['12345678901234567890.125'],
    ['12345678901.123456789'],
    ['1234567890123456789e2'],
  ])('keeps the text in which it was sent: %s', (number) => {
    for (const body of [`[${number}]`, `{"a":{"b":[${number},1]}}`, `[1,${number}]`])
      expect(exactJson(body)).toBe(body);
  });

  it(
    'keeps the text in which it was sent, whatever number it is',
    () => {
      const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${max}}$`));
      const whole = fc.oneof(
        fc.constant('0'),
        fc.tuple(fc.integer({ min: 1, max: 9 }), digits(22)).map((parts) => parts.join('')),
      );
      const fraction = fc.oneof(
        fc.constant(''),
        digits(22).map((each) => `.${each}`),
      );
      const exponent = fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/));
      const number = fc.tuple(fc.constantFrom('', '-'), whole, fraction, exponent).map((parts) => parts.join(''));
      const property = fc.property(fc.array(number, { minLength: 1, maxLength: 4 }), (numbers) => {
        const body = `[${numbers.join(',')}]`;
        expect(exactJson(body)).toBe(body);
      });
      fc.assert(property, runs(300));
    },
    PROPERTY_TIMEOUT_MS,
  );

  it('is an ordinary number for who reads the events', () => {
    expect(parse('{"a":12.10,"b":1e400,"c":9007199254740993}', { hasItems: true })).toMatchObject({
      value: { a: 12.1, b: Number.POSITIVE_INFINITY, c: 9007199254740992 },
    });
  });

  it('is not parsed twice if JavaScript writes every number of the body as it was sent', () => {
    const result = parse('[9007199254740,1.5,"2026-03-01T12:00:00.000Z",true,null]', { hasItems: true });
    expect('exact' in result && result.exact === result.value).toBe(true);
  });

  it('is not parsed twice in a body that is one event, which is stored as it was sent', () => {
    const result = parse('[12345678901234567890]');
    expect('exact' in result && result.exact === result.value).toBe(true);
  });
});

describe('A form', () => {
  const parseForm = (body: string, formField?: ParseOptions['formField']) => {
    return parse(body, { mediaType: FORM_TYPE, formField });
  };
  const payload = { name: 'payload', isRequired: false };

  it.each([
    ['a=1&b=x+y%20z', { a: '1', b: 'x y z' }],
    ['a=%C3%A9%2B&a=2', { a: '2' }],
    ['', {}],
    ['=1&a=2', { '': '1', a: '2' }],
  ])('is parsed into its fields: %s', (body, fields) => {
    expect(parseForm(body)).toEqual(parsed(fields));
  });

  it('is parsed into the JSON of the field in which the provider sends JSON', () => {
    expect(parseForm('payload=%7B%22a%22%3A+1%7D&b=2', payload)).toEqual(parsed({ a: 1 }));
    expect(parseForm('command=%2Fpay&b=2', payload)).toEqual(parsed({ command: '/pay', b: '2' }));
  });

  it('is not a form of its provider without the field that every form of that provider has', () => {
    expect(parseForm('ref=main', { ...payload, isRequired: true })).toEqual(unreadable('not_form'));
  });

  it('is not searched for in JSON', () => {
    expect(parse('{"payload":"{}"}', { formField: payload })).toEqual(parsed({ payload: '{}' }));
  });

  it.each([
    ['not_form', '{"text":"&a=b&"}'],
    ['not_form', ' ["&a=b&"]'],
    ['not_form', 'a=%'],
    ['not_form', 'a=%zz'],
    ['not_form', 'a=%+41'],
    ['not_form', 'a=%ff'],
    ['not_json', 'payload=%7B'],
    ['not_json', 'payload='],
    ['forbidden_key', '__proto__=1'],
    ['forbidden_key', 'payload=%7B%22__proto__%22%3A1%7D'],
  ])('is unreadable, with the reason %s: %s', (reason, body) => {
    expect(parseForm(body, payload)).toEqual(unreadable(reason));
  });
});
