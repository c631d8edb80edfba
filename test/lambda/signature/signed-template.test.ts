import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inHeaderParts } from '../../../lambda/signature/header-parts.ts';
import { hmac } from '../../../lambda/signature/hmac.ts';
import { signedBy } from '../../../lambda/signature/signed-by.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import {
  ambiguousPart,
  readTemplate,
  type SignedTemplate,
  templateContent,
} from '../../../lambda/signature/signed-template.ts';
import { milliseconds } from '../../../lambda/signature/signed-time.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';
import { runs } from '../../support/property.ts';

function template(text: string): SignedTemplate {
  const parts = readTemplate(text);
  if ('unknown' in parts) throw new Error(`${text} is no template.`);
  return parts;
}

const scheme = (text: string) =>
  signedBy({
    carrier: inHeaderParts({ headers: ['x-signature'], timestamp: { header: 'x-time' }, id: 'x-id' }),
    signedContent: templateContent(template(text)),
    algorithm: hmac({ encoding: 'hex' }),
    time: { format: milliseconds, toleranceSeconds: 600 },
  });

const NOW = 1_764_000_000_000;
const KEY = { ...plainContext, now: NOW, key: 'key', secret: 'key' };

/** Templates in which each value is separated from the next. */
const templates = fc
  .record({
    before: fc.subarray(['{timestamp}', '{method}', '{url}', '{id}', '{header:X-Extra}'], { minLength: 0 }),
    after: fc.constantFrom('', '.{timestamp}', '{timestamp}', ':v1'),
    separator: fc.constantFrom('.', ':', '--', '|v0|'),
  })
  .map(({ before, after, separator }) => `v0${separator}${[...before, '{body}'].join(separator)}${after}`);

const values = fc.string({ unit: fc.constantFrom(...'ab01-.:|v'), minLength: 1, maxLength: 12 });

const requests = fc
  .record({ body: fc.uint8Array({ maxLength: 100 }), id: values, extra: values })
  .map(({ body, id, extra }) => plainRequest(body, { 'x-id': id, 'x-extra': extra }));

describe('A template of signed content', () => {
  it('is read once, to the parts that it is written in', () => {
    expect(template('v0:{timestamp}:{body}{header:X-Topic}')).toEqual([
      { kind: 'text', text: 'v0:' },
      { kind: 'timestamp' },
      { kind: 'text', text: ':' },
      { kind: 'body' },
      { kind: 'header', name: 'x-topic' },
    ]);
  });

  it.each(['{foo}', '{}', '{', '}', '{body', '{header:}', '{header:a b}', '{Body}', '{{body}}'])(
    'is refused with %s in it',
    (text) => {
      expect(readTemplate(`a${text}b`)).toHaveProperty('unknown');
    },
  );

  it.each([
    ['{id}{body}', 'id'],
    ['{header:X-A}{id}.{body}', 'header'],
    ['{timestamp}{id}{url}{body}', 'id'],
    ['{body}{id}', 'id'],
    ['{id}.{timestamp}.{body}', undefined],
    ['{id}{timestamp}{body}', undefined],
    ['{method}{url}{body}{timestamp}', undefined],
    ['{timestamp}{id}', undefined],
  ])('%s lets characters move at %s', (text, kind) => {
    expect(ambiguousPart(template(text))?.kind).toBe(kind);
  });
});

describe('A signature over a template', () => {
  it('is valid for any request that it was made for, unless a value holds its separator', () => {
    const property = fc.property(templates, requests, (text, request) => {
      const { sign, verify } = scheme(text);
      const verdict = verify(sign(request, KEY), KEY);
      const content = templateContent(template(text))(request, {
        signatures: [],
        timestamp: String(NOW),
        id: idOf(request),
      });
      expect(verdict).toBe(content ? 'valid' : 'mismatch');
    });
    fc.assert(property, runs(300));
  });

  it('is valid for no other values of what it covers', () => {
    const property = fc.property(
      templates,
      requests,
      requests,
      fc.integer({ min: 1, max: 599_000 }),
      (text, one, other, shift) => {
        const { sign, verify } = scheme(text);
        const signed = sign(one, KEY);
        const replaced = {
          ...withHeaders(other, {
            'x-signature': signed.headers.get('x-signature')?.[0] ?? '',
            'x-time': String(NOW - shift),
          }),
        };
        const isSame =
          one.body.equals(other.body) &&
          !text.includes('{timestamp}') &&
          (!text.includes('{id}') || idOf(one) === idOf(other)) &&
          (!text.includes('{header') || extraOf(one) === extraOf(other));
        fc.pre(!isSame);
        expect(verify(replaced, KEY)).not.toBe('valid');
      },
    );
    fc.assert(property, runs(300));
  });

  it('never counts for two different requests with the same content', () => {
    // Short values of few characters, so that many contents are the same.
    const short = fc.string({ unit: fc.constantFrom('a', '.'), minLength: 1, maxLength: 4 });
    const ambiguous = fc.constantFrom(
      '{id}.{body}',
      '{id}..{body}',
      '{id}.{header:X-Extra}.{body}',
      '{body}.{id}',
      '{body}..{id}',
    );
    const property = fc.property(
      ambiguous,
      fc.array(fc.tuple(short, short, short), { minLength: 20 }),
      (text, triples) => {
        const read = templateContent(template(text));
        const seen = new Map<string, string>();
        for (const [id, extra, body] of triples) {
          const content = read(plainRequest(body, { 'x-extra': extra }), { signatures: [], id });
          if (!content) continue;
          const values = JSON.stringify([id, body, text.includes('X-Extra') && extra]);
          expect(seen.get(content.join('')) ?? values).toBe(values);
          seen.set(content.join(''), values);
        }
      },
    );
    fc.assert(property, runs(300));
  });

  it('does not let a separator that overlaps itself move', () => {
    const { sign, verify } = scheme('{id}..{timestamp}..{body}');
    expect(verify(sign(plainRequest('b', { 'x-id': 'a' }), KEY), KEY)).toBe('valid');
    expect(verify(sign(plainRequest('b', { 'x-id': 'a.' }), KEY), KEY)).toBe('mismatch');
  });

  it('is missing without a header that the template names', () => {
    const { sign, verify } = scheme('{header:X-Extra}.{timestamp}.{id}.{body}');
    const signed = sign(plainRequest('b', { 'x-id': 'a', 'x-extra': 'e' }), KEY);
    const headers = new Map([...signed.headers].filter(([name]) => name !== 'x-extra'));
    expect(verify(signed, KEY)).toBe('valid');
    expect(verify({ ...signed, headers }, KEY)).toBe('mismatch');
  });
});

const idOf = ({ headers }: ReturnType<typeof plainRequest>) => headers.get('x-id')?.[0] ?? '';
const extraOf = ({ headers }: ReturnType<typeof plainRequest>) => headers.get('x-extra')?.[0];
