import { describe, expect, it } from '@jest/globals';
import { checkContentType } from '../../../../lambda/receiver/middleware/check-content-type.ts';
import { toSource } from '../../../../lambda/receiver/registered-source.ts';
import { halfway, run } from '../../../support/middleware.ts';

const slack = toSource('slack', { provider: 'slack' });

/** The media type of a delivery that is accepted. */
function check(values: readonly string[] | undefined, method = 'POST'): string | undefined {
  const headers = new Map(values && [['content-type', values]]);
  const delivery = halfway({ method, headers, source: slack });
  run(checkContentType(), delivery);
  return delivery.mediaType;
}

describe('A content type', () => {
  it.each([
    ['application/json'],
    ['Application/JSON'],
    ['application/json; charset=utf-8'],
    ['application/json;charset="UTF-8"'],
    ['application/json; charset=utf8'],
    ['application/json; charset=Utf8; version=2'],
    ['application/json; version=2'],
  ])('is accepted: %s', (value) => {
    expect(check([value])).toBe('application/json');
  });

  it('is accepted if it is any of those that the provider sends', () => {
    expect(check(['application/x-www-form-urlencoded; charset=utf-8'])).toBe('application/x-www-form-urlencoded');
  });

  it.each<[readonly string[] | undefined]>([
    [undefined],
    [[]],
    [['']],
    [['application/json', 'application/json']],
    [['application/json, application/json']],
    [['application']],
    [['text/plain']],
    [['application/json; charset=utf-80']],
    [['application/json; charset=xutf-8']],
    [['application/json; charset=utf-16']],
    [['application/json; charset=latin1']],
  ])('is rejected: %j', (values) => {
    expect(() => check(values)).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
  });

  it.each(['GET', 'HEAD'])('is not required of a %s, which has no body', (method) => {
    expect(check(undefined, method)).toBeUndefined();
  });
});
