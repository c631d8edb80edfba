import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { toPem } from '../../../lambda/signature/asymmetric.ts';
import { der, hasExtension, TAG } from '../../../lambda/signature/der.ts';
import {
  type CertificateOptions,
  type IssuedCertificate,
  issueCertificate,
} from '../../../lambda/signature/issue-certificate.ts';
import { jwsAlgorithm, signJws } from '../../../lambda/signature/jws.ts';
import { jwsWithChain, signedPayload } from '../../../lambda/signature/jws-with-chain.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const MARKERS = { signer: Buffer.from('2a0304', 'hex'), issuer: Buffer.from('2a0305', 'hex') };

const scheme = jwsWithChain({
  field: 'token',
  markers: MARKERS,
  isForUs: ({ app }, settings) => app === settings.app,
});

const root = issueCertificate({ name: 'Root', ca: true });
const issuerOptions: CertificateOptions = { name: 'Issuer', issuer: root, ca: true, marker: MARKERS.issuer };
const issuer = issueCertificate(issuerOptions);
const signerOptions: CertificateOptions = { name: 'Signer', issuer, marker: MARKERS.signer };
const signer = issueCertificate(signerOptions);
const large = issueCertificate({ ...signerOptions, name: 'n'.repeat(3_000) });

interface Given {
  readonly chain?: readonly IssuedCertificate[];
  /** In place of the chain. */
  readonly x5c?: unknown;
  readonly header?: object;
  readonly payload?: string;
  /** Who signs. @default - the first of the chain */
  readonly by?: IssuedCertificate;
  readonly secret?: string;
  readonly now?: number;
  readonly tokenOf?: (token: string) => unknown;
}

const base64 = ({ certificate }: IssuedCertificate) => certificate.toString('base64');
const pemOf = ({ certificate }: IssuedCertificate) => new X509Certificate(certificate).toString();

function verdict(given: Given = {}) {
  const { chain = [signer, issuer, root], payload = '{"app":"us"}', now = NOW, tokenOf = (token) => token } = given;
  const { x5c = chain.map(base64), secret = pemOf(root), by = chain[0] ?? signer } = given;
  const key = toPem(by.privateKey);
  const token = signJws({ x5c, ...given.header }, Buffer.from(payload), jwsAlgorithm('ES256'), key);
  const request = plainRequest(JSON.stringify({ token: tokenOf(token) }));
  return scheme.verify(request, { ...plainContext, now, settings: { app: 'us' }, secret });
}

describe('A token with the certificates of its signer', () => {
  it('is valid if they lead to the pinned root, in PEM or in base64', () => {
    expect(verdict()).toBe('valid');
    expect(verdict({ secret: base64(root) })).toBe('valid');
    expect(verdict({ by: issuer })).toBe('mismatch');
  });

  it('is a mismatch if they lead to another root, also if the token holds that one', () => {
    const other = issueCertificate({ name: 'Root', ca: true });
    const otherIssuer = issueCertificate({ ...issuerOptions, issuer: other });
    const otherSigner = issueCertificate({ ...signerOptions, issuer: otherIssuer });
    expect(verdict({ chain: [otherSigner, otherIssuer, other] })).toBe('mismatch');
    expect(verdict({ chain: [otherSigner, otherIssuer, root] })).toBe('mismatch');
    expect(verdict({ chain: [otherSigner, issuer, root] })).toBe('mismatch');
    expect(verdict({ secret: pemOf(other) })).toBe('mismatch');
  });

  it('does not have its root taken from the token', () => {
    expect(verdict({ x5c: [base64(signer), base64(issuer), 'anything'] })).toBe('valid');
  });

  it.each<[string, Partial<CertificateOptions>, Partial<CertificateOptions>]>([
    ['the signer lacks its marker', { marker: MARKERS.issuer }, {}],
    ['the issuer lacks its marker', {}, { marker: MARKERS.signer }],
    ['the issuer may not issue', {}, { ca: false }],
    ['the signer may issue', { ca: true }, {}],
    ['the signer has expired', { validity: ['200101000000Z', '260301115959Z'] }, {}],
    ['the signer is not valid yet', { validity: ['260301120001Z', '300101000000Z'] }, {}],
    ['the issuer has expired', {}, { validity: ['200101000000Z', '260301115959Z'] }],
    ['the marker is a name', { marker: MARKERS.issuer, name: `x${der(TAG.oid, MARKERS.signer)}` }, {}],
  ])('is a mismatch if %s', (_, changedSigner, changedIssuer) => {
    const other = issueCertificate({ ...issuerOptions, ...changedIssuer });
    expect(
      verdict({ chain: [issueCertificate({ ...signerOptions, issuer: other, ...changedSigner }), other, root] }),
    ).toBe('mismatch');
  });

  it('is a mismatch once the root has expired', () => {
    expect(verdict({ now: Date.parse('2050-01-01T00:00:00Z') })).toBe('mismatch');
  });

  it.each<[verdict: string, title: string, given: Given]>([
    ['malformed', 'no certificates', { x5c: undefined, chain: [] }],
    ['malformed', 'two certificates', { chain: [signer, issuer] }],
    ['malformed', 'four certificates', { chain: [signer, issuer, root, root] }],
    ['malformed', 'a certificate that is in no list', { x5c: base64(signer) }],
    ['malformed', 'a number for the signer', { x5c: [7_777, base64(issuer), base64(root)] }],
    ['malformed', 'null for the signer', { x5c: [null, base64(issuer), base64(root)] }],
    ['malformed', 'a list for the signer', { x5c: [[base64(signer)], base64(issuer), base64(root)] }],
    ['malformed', 'an empty text for the signer', { x5c: ['', base64(issuer), base64(root)] }],
    ['malformed', 'bytes for the signer that are no certificate', { x5c: ['AAAA', base64(issuer), base64(root)] }],
    ['malformed', 'bytes for the issuer that are no certificate', { x5c: [base64(signer), 'AAAA', base64(root)] }],
    ['malformed', 'a line break in a certificate', { x5c: [`${base64(signer)}\n`, base64(issuer), base64(root)] }],
    ['malformed', 'a certificate in PEM', { x5c: [pemOf(signer), base64(issuer), base64(root)] }],
    ['malformed', 'a certificate of more than 4,096 characters', { chain: [large, issuer, root] }],
    ['malformed', 'a shared secret as its algorithm', { header: { alg: 'HS256' } }],
    ['malformed', 'no algorithm', { header: { alg: 'none' } }],
    ['malformed', 'an extension that must be understood', { header: { crit: ['x5c'] } }],
    ['malformed', 'a list around it', { tokenOf: (token: string) => [token] }],
    ['malformed', 'a dot after it', { tokenOf: (token: string) => `${token}.` }],
    ['malformed', 'a signature that is cut', { tokenOf: (token: string) => token.slice(0, -4) }],
    ['missing', 'no text', { tokenOf: () => undefined }],
    ['mismatch', 'the payload of another app', { payload: '{"app":"them"}' }],
    ['mismatch', 'a payload of no app', { payload: '{}' }],
    ['mismatch', 'a list as its payload', { payload: '[]' }],
    ['mismatch', 'a payload that is no JSON', { payload: '{' }],
    ['unusable_secret', 'no root to compare', { secret: '' }],
    ['unusable_secret', 'a root that is no certificate', { secret: 'no certificate' }],
    ['unusable_secret', 'a root that may not issue', { secret: pemOf(signer) }],
  ])('is %s with %s', (expected, _, given) => {
    expect(verdict(given)).toBe(expected);
  });

  it.each([
    ['that is empty', ''],
    ['that is no JSON', '{'],
    ['that is a list', '[]'],
    ['that is a text', '"token"'],
    ['that is nested 100,000 times', '['.repeat(100_000)],
  ])('is missing in a body %s', (_, body) => {
    expect(scheme.verify(plainRequest(body), { ...plainContext, now: NOW, secret: pemOf(root) })).toBe('missing');
  });

  it('is signed by this code for this source alone', () => {
    const { signing, verification } = scheme.generateKeys();
    const sign = (body: string) => scheme.sign(plainRequest(body), { key: signing, now: NOW, settings: { app: 'us' } });
    const given = { ...plainContext, now: NOW, settings: { app: 'us' }, secret: verification };
    expect(scheme.verify(sign('{"app":"us","id":7}'), given)).toBe('valid');
    expect(scheme.verify(sign('{"app":"us"}'), { ...given, secret: scheme.generateKeys().verification })).toBe(
      'mismatch',
    );
    for (const body of ['{"app":"them"}', '[]', '{'])
      expect(() => sign(body)).toThrow('The payload is not for this source.');
  });

  it('is in the body, which is read before it is verified', () => {
    expect([scheme.readsBody?.(new Map()), scheme.bodyCoverage]).toEqual([true, 'content']);
  });
});

describe('The payload of a verified token', () => {
  it('is the JSON object in it', () => {
    const token = (payload: string) => signJws({}, Buffer.from(payload), jwsAlgorithm('HS256'), 'secret');
    expect(signedPayload({ token: token('{"a":1}') }, 'token')).toEqual({ a: 1 });
    for (const content of [
      { token: token('[]') },
      { token: token('{') },
      { token: 'a.b.c' },
      { token: 7 },
      {},
      null,
      [],
    ]) {
      expect(signedPayload(content, 'token')).toBeUndefined();
    }
  });
});

describe('An extension of a certificate', () => {
  const certificate = (name: string) => new X509Certificate(issueCertificate({ ...signerOptions, name }).certificate);

  it('is found in certificates of any size', () => {
    for (const length of [1, 20, 100, 127, 128, 200, 255, 256, 700]) {
      const found = certificate('n'.repeat(length));
      expect([length, hasExtension(found, MARKERS.signer), hasExtension(found, MARKERS.issuer)]).toEqual([
        length,
        true,
        false,
      ]);
    }
  });

  it('is not found in bytes that are no certificate', () => {
    const { raw } = certificate('n');
    const bytes = [
      Buffer.alloc(0),
      Buffer.from([0x30]),
      Buffer.from('3084ffffffff', 'hex'),
      Buffer.from('3085ff', 'hex'),
    ];
    const cut = Array.from({ length: raw.length - 1 }, (_, length) => raw.subarray(0, length));
    for (const raw of [...bytes, ...cut]) expect(hasExtension({ raw } as X509Certificate, MARKERS.signer)).toBe(false);
  });
});
