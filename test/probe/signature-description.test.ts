import { describe, expect, it } from '@jest/globals';
import { readDescription } from '../../probe/signature-description.ts';

describe('a description of a signature', () => {
  it.each([
    ['an unknown parameter', 'header=X,secret=s', /no parameter "secret=s"/],
    ['no header', 'prefix=sha256=', /needs header=NAME/],
    ['a header that is not a valid name', 'header=X Y', /must be the name of a header/],
    ['a broken algorithm', 'header=X,algorithm=md5', /must be one of sha1, sha256, sha512/],
    ['a tolerance that is not a number', 'header=X,tolerance=soon', /whole number of seconds/],
    ['content without the body', 'header=X,content={timestamp}', /must contain \{body\}/],
    ['a repeated parameter', 'header=X,header=Y', /has header twice/],
  ])('is refused with %s', (_, text, message) => {
    expect(() => readDescription(text)).toThrow(message);
  });

  it('has the parameters of the generic provider by default', () => {
    expect(readDescription('header=X-Signature')).toMatchObject({
      header: 'x-signature',
      timestamp: undefined,
      prefix: '',
      encoding: 'hex',
      algorithm: 'sha256',
      toleranceSeconds: 300,
      content: '{body}',
    });
  });

  it('signs the timestamp by default if there is one', () => {
    expect(readDescription('header=X,timestamp=X-Time').content).toBe('{timestamp}.{body}');
  });
});
