import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { generate } from 'selfsigned';
import { certificateUrl, plainHttpsUrl, signedWithCertificate } from '../../../lambda/signature/with-certificate.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const HREF = 'https://certs.example.com/one.pem';
const claim = { hash: 'sha256', signedContent: ['{}'], certificateUrl: new URL(HREF) } as const;

/** A scheme whose signature is in a header. */
const scheme = signedWithCertificate({
  bodyCoverage: 'nothing',
  certificate: { subjects: () => ['example.com', 'example.net'], hosts: /^certs\.example\.com$/ },
  read({ headers }) {
    const signature = headers.get('x-signature')?.[0];
    return signature === undefined ? 'missing' : { ...claim, signature };
  },
  write: (request, signature) => ({ ...request, headers: new Map([['x-signature', [signature]]]) }),
});

/** A certificate for a new key of the type, and a signature with that key. */
async function certified(keyType: 'rsa' | 'ec') {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'example.com' }], { keyType });
  const signature = sign('sha256', Buffer.from('{}'), createPrivateKey(key)).toString('base64');
  return { certificate: new X509Certificate(cert), signature };
}

const verdict = (signature: string | undefined, found: X509Certificate | 'refused' | 'unavailable') =>
  scheme.verify(plainRequest('{}', signature === undefined ? {} : { 'x-signature': signature }), {
    ...plainContext,
    secret: '',
    certificates: { get: async () => found },
  });

describe('The verdict on a signature with a certificate', () => {
  it('is valid for a signature with the key of the certificate alone', async () => {
    const { certificate, signature } = await certified('rsa');
    expect(await verdict(signature, certificate)).toBe('valid');
    expect(await verdict('AAAA', certificate)).toBe('mismatch');
  });

  it('is a mismatch if the key is not an RSA key, though it made the signature', async () => {
    const { certificate, signature } = await certified('ec');
    expect(await verdict(signature, certificate)).toBe('mismatch');
  });

  it.each([
    ['missing', undefined, 'refused'],
    ['malformed', 'no base64', 'refused'],
    ['mismatch', 'AAAA', 'refused'],
    ['certificate_unavailable', 'AAAA', 'unavailable'],
  ] as const)('is %s for the signature %j if the certificate is %s', async (expected, signature, found) => {
    expect(await verdict(signature, found)).toBe(expected);
  });
});

describe('a certificate with one of several names', () => {
  const findings = (found: Record<string, X509Certificate | 'refused' | 'unavailable'>, signature: string) =>
    scheme.verify(plainRequest('{}', { 'x-signature': signature }), {
      ...plainContext,
      secret: '',
      certificates: { get: async ({ subject }) => found[subject] ?? 'refused' },
    });

  it('is taken under any of the names, also if another is unavailable', async () => {
    const { certificate, signature } = await certified('rsa');
    expect(await findings({ 'example.com': certificate }, signature)).toBe('valid');
    expect(await findings({ 'example.net': certificate }, signature)).toBe('valid');
    expect(await findings({ 'example.com': 'unavailable', 'example.net': certificate }, signature)).toBe('valid');
    expect(await findings({ 'example.org': certificate }, signature)).toBe('mismatch');
    expect(await findings({ 'example.com': 'unavailable' }, signature)).toBe('certificate_unavailable');
  });
});

describe('signing', () => {
  it('says what the request lacks', () => {
    const { certificate = { subjects: () => [], hosts: /^/ } } = scheme;
    const read = () => 'mismatch' as const;
    const lacking = signedWithCertificate({ bodyCoverage: 'bytes', certificate, read, write: (request) => request });
    expect(() => lacking.sign(plainRequest('{}'), { ...plainContext, key: '' })).toThrow(
      'The request lacks what its signature covers: mismatch',
    );
  });

  it('generates no secret for the receiver', () => {
    const { signing, verification } = scheme.generateKeys();
    expect([signing.split('\n')[0], verification]).toEqual(['-----BEGIN PRIVATE KEY-----', '']);
  });
});

describe('The URL of a certificate', () => {
  const isHost = (host: string) => host === 'certs.example.com';

  it('must have the host and the path of the provider, and no query string', () => {
    expect(plainHttpsUrl(`${HREF}?a=b`)?.href).toBe(`${HREF}?a=b`);
    expect(certificateUrl(HREF, isHost, /^\/one\.pem$/)?.href).toBe(HREF);
    expect(certificateUrl(HREF, isHost, /^\/two\.pem$/)).toBeUndefined();
    expect(certificateUrl(`${HREF}?a=b`, isHost, /^\/one\.pem$/)).toBeUndefined();
  });

  it('has at most 2,048 characters, all of them in ASCII', () => {
    const long = `${HREF}?${'a'.repeat(2_048 - HREF.length - 1)}`;
    expect(plainHttpsUrl(long)?.href).toBe(long);
    expect(plainHttpsUrl(`${long}a`)).toBeUndefined();
    expect(plainHttpsUrl('https://certs.example.com/ä')).toBeUndefined();
  });

  it('is not parsed if it is longer or not in ASCII', () => {
    const spy = jest.spyOn(URL, 'parse');
    try {
      plainHttpsUrl(`${HREF}?${'a'.repeat(2_048)}`);
      plainHttpsUrl('https://√.example.com/');
      expect(spy).not.toHaveBeenCalled();
      plainHttpsUrl(HREF);
      expect(spy).toHaveBeenCalledTimes(1);
    } finally {
      spy.mockRestore();
    }
  });

  it.each([undefined, null, 7, [HREF], new URL(HREF), '', 'one.pem', HREF.toUpperCase(), `${HREF}\n`])(
    'cannot be %p',
    (text) => {
      expect(plainHttpsUrl(text)).toBeUndefined();
    },
  );
});
