import { describe, expect, it } from '@jest/globals';
import { readCapturedRequest } from '../../../cli/scheme/captured-request.ts';

const HEAD = ['POST /hooks?a=1 HTTP/1.1', 'Host: hooks.example.com', 'X-Sig:  ab ', 'x-sig: cd', ''];

const read = (text: string) => readCapturedRequest(Buffer.from(text, 'latin1'));

describe('the captured request', () => {
  it.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
  ])('is read with lines that end in %s', (_, end) => {
    const { method, target, headers, body, names } = read([...HEAD, '{"a":\r\n1}\n'].join(end));
    expect({ method, target, body: body.toString() }).toEqual({
      method: 'POST',
      target: '/hooks?a=1',
      body: '{"a":\r\n1}\n',
    });
    expect([...headers]).toEqual([
      ['host', ['hooks.example.com']],
      ['x-sig', ['ab', 'cd']],
    ]);
    expect(names.get('host')).toBe('Host');
  });

  it.each([
    ['curl -v, with the body after it', '> POST /a HTTP/1.1\n> Host: h.example\n> X-Sig: ab\n>\n{"a":1}'],
    [
      'curl -v, with its notes and the response',
      '* Connected to h.example\n> POST /a HTTP/2\r\n> Host: h.example\r\n> X-Sig: ab\r\n>\r\n{"a":1}\n} [7 bytes data]\n< HTTP/2 200\n< a: b\n',
    ],
    ['HTTP/2', ':method: POST\n:path: /a\n:scheme: https\n:authority: h.example\nx-sig: ab\n\n{"a":1}'],
    ['HTTP/1.1 with a folded header', 'POST /a HTTP/1.1\r\nHost: h.example\r\nX-Sig:\r\n\tab\r\n\r\n{"a":1}'],
    ['a request line without a version', 'POST /a\nHost: h.example\nX-Sig: ab\n\n{"a":1}'],
  ])('is read as it has the form of %s', (_, text) => {
    const { method, target, headers, body } = read(text);
    expect([method, target, headers.get('host'), headers.get('x-sig'), body.toString().trim()]).toEqual([
      'POST',
      '/a',
      ['h.example'],
      ['ab'],
      '{"a":1}',
    ]);
  });

  it.each(['hello world', 'HTTP/1.1 200 OK', '{"headers":{}}', ''])('is no request if it begins with %s', (text) => {
    expect(() => read(`${text}\na: b\n\n`)).toThrow(/^Line 1 is no request line, such as "POST /);
  });

  it('keeps every byte of a body that is no text', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    expect(
      readCapturedRequest(Buffer.concat([Buffer.from(HEAD.join('\r\n')), Buffer.from('\r\n'), bytes])).body,
    ).toEqual(bytes);
  });

  it('ends the body where Content-Length says', () => {
    expect(read('POST / HTTP/1.1\ncontent-length: 3\n\nabcdef').body.toString()).toBe('abc');
  });

  it.each([
    ['chunks', '4\r\nabcd\r\n2;x=y\r\nef\r\n0\r\n\r\n', 'abcdef'],
    ['no chunks, as a tool may have decoded them', '{"a":1}', '{"a":1}'],
  ])('decodes a chunked body with %s', (_, sent, body) => {
    expect(read(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${sent}`).body.toString()).toBe(body);
  });

  it.each([
    ['a file that begins with something else', '> POST / HTTP/1.1\n\n', /^Line 1 is no request line/],
    ['an empty file', '', /^Line 1 is no request line/],
    ['a line that is no header', 'POST / HTTP/1.1\nHost: a\nfolded x\n\n', /^Line 3 is neither a header nor blank/],
    ['a length that is no number', 'POST / HTTP/1.1\nContent-Length: 1, 2\n\nabc', /^Content-Length is not/],
    ['two lengths', 'POST / HTTP/1.1\nContent-Length: 1\nContent-Length: 2\n\nabc', /^Content-Length is not/],
    ['a chunk that is cut off', 'POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n9\r\nabc', /breaks off at byte 0\.$/],
    ['chunks without an end', 'POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n', /breaks off at byte 8\.$/],
  ])('is refused if it is %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it.each([
    ['201 headers', 'X-A: 1\n'.repeat(201)],
    ['headers of 64 KiB', `X-A: ${'a'.repeat(65_536)}\n`],
  ])('refuses %s, each of which causes work', (_, headers) => {
    expect(() => read(`POST / HTTP/1.1\n${headers}\n{}`)).toThrow('more than 200 headers, or 65536 bytes');
  });
});
