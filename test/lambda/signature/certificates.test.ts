import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { type Fetch, fetchedCertificates } from '../../../lambda/signature/certificates.ts';
import { snsSignature } from '../../../lambda/signature/sns.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { readVector } from '../../support/vectors.ts';

const SUBJECT = 'sns.amazonaws.com';
const PATH = `/SimpleNotificationService-${'0'.repeat(32)}.pem`;
const URL_OF_CERTIFICATE = new URL(`https://sns.eu-north-1.amazonaws.com${PATH}`);
const DAY = 24 * 3600 * 1000;
const VALIDITY = { notBeforeDate: new Date(NOW - DAY), notAfterDate: new Date(NOW + DAY) };
const OF_EC = { ...VALIDITY, keyType: 'ec', algorithm: 'sha256' } as const;

const keys = snsSignature().generateKeys();

/** A host that sends the answers in order and repeats the last one, and the requests that it received. */
function host(...answers: (() => Response | Promise<Response>)[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch: Fetch = async (url, init) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)];
    calls.push({ url: url.href, init });
    if (!answer) throw new Error('no answer');
    return answer();
  };
  return { fetch, calls };
}

const certificateOf = async (subject: string, options = {}) =>
  (await generate([{ name: 'commonName', value: subject }], { ...VALIDITY, ...options })).cert;

/** A certificate authority, and a certificate that it has issued for the subject. */
async function issued() {
  const { cert, clientcert } = await generate([{ name: 'commonName', value: 'An Authority' }], {
    ...VALIDITY,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true },
    ],
    clientCertificate: { cn: SUBJECT, ...VALIDITY },
  });
  return { authority: cert, leaf: clientcert ?? '' };
}

describe('A fetched certificate', () => {
  let pem: string;
  beforeAll(async () => {
    pem = await certificateOf(SUBJECT);
  });

  const get = (fetch: Fetch, now = NOW) =>
    fetchedCertificates(fetch).get({ url: URL_OF_CERTIFICATE, subject: SUBJECT }, now);

  it('is accepted if it is valid and issued for the subject', async () => {
    const { fetch, calls } = host(() => new Response(pem));
    expect(await get(fetch)).toMatchObject({ subject: `CN=${SUBJECT}` });
    expect(calls[0]?.init).toMatchObject({ redirect: 'error', signal: expect.any(AbortSignal) });
  });

  it.each([
    ['is a 404', () => new Response('', { status: 404 }), 'refused'],
    ['is a 500', () => new Response('', { status: 500 }), 'unavailable'],
    ['is HTML', () => new Response('<html>'), 'refused'],
    ['is a certificate with changed bytes', () => new Response(pem.replace('\nMII', '\nAAA')), 'refused'],
    ['is empty', () => new Response(null, { status: 204 }), 'refused'],
    ['is larger than 64 KiB', () => new Response('-'.repeat(64 * 1024 + 1) + pem), 'refused'],
    ['times out', () => Promise.reject(new DOMException('', 'TimeoutError')), 'unavailable'],
    ['breaks off', () => new Response(broken()), 'unavailable'],
  ])('is not accepted if the response %s', async (_, answer, expected) => {
    expect(await get(host(answer).fetch)).toBe(expected);
  });

  it('is not accepted from the target of a redirect', async () => {
    const redirecting: Fetch = async (_, { redirect }) => {
      if (redirect === 'error') throw new TypeError('unexpected redirect');
      return new Response(pem);
    };
    expect(await get(redirecting)).toBe('unavailable');
  });

  it('is accepted in a response of 64 KiB', async () => {
    const fetch = host(() => new Response(pem.padStart(64 * 1024, '\n'))).fetch;
    expect(await get(fetch)).toMatchObject({ subject: `CN=${SUBJECT}` });
  });

  it('is accepted from the start of its validity to the end, and neither before nor after', async () => {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    const [from, to] = [validFromDate.getTime(), validToDate.getTime()];
    const at = (now: number) => get(host(() => new Response(pem)).fetch, now);
    expect(await at(from)).toMatchObject({ subject: `CN=${SUBJECT}` });
    expect(await at(to)).toMatchObject({ subject: `CN=${SUBJECT}` });
    expect([await at(from - 1), await at(to + 1)]).toEqual(['refused', 'refused']);
  });

  it.each(['evil.example', 'amazonaws.com', 'x.sns.amazonaws.com', `${SUBJECT}.evil.example`])(
    'is not accepted if it was issued for another host: %s',
    async (other) => {
      const others = await certificateOf(other);
      expect(await get(host(() => new Response(others)).fetch)).toBe('refused');
    },
  );

  it('is verified with the next certificate of the chain', async () => {
    const [one, two] = [await issued(), await issued()];
    const both = (...chain: string[]) => get(host(() => new Response(chain.join('\n'))).fetch);
    expect(await both(one.leaf, one.authority)).toMatchObject({ subject: expect.stringContaining(SUBJECT) });
    expect(await both(one.leaf, two.authority)).toBe('refused');
    expect(await both(one.leaf, pem)).toBe('refused');
  });

  it('is not accepted if the next certificate is no authority, or not the issuer that it names', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const issuerOf = (value: string, cA: boolean) =>
      generate([{ name: 'commonName', value }], {
        ...OF_EC,
        keyPair: { privateKey, publicKey },
        extensions: [
          { name: 'basicConstraints', cA },
          { name: 'keyUsage', keyCertSign: true },
        ],
      });
    const [authority, other] = [await issuerOf('An Authority', true), await issuerOf('Another', true)];
    const noAuthority = await issuerOf('An Authority', false);
    const ca = { key: privateKey, cert: authority.cert };
    const leaf = await certificateOf(SUBJECT, { ...OF_EC, ca });
    const withIssuer = ({ cert }: { cert: string }) => get(host(() => new Response(`${leaf}\n${cert}`)).fetch);
    expect(await withIssuer(authority)).toMatchObject({ subject: `CN=${SUBJECT}` });
    expect([await withIssuer(noAuthority), await withIssuer(other)]).toEqual(['refused', 'refused']);
  });

  it('is cached for an hour', async () => {
    const { fetch, calls } = host(() => new Response(pem));
    const certificates = fetchedCertificates(fetch);
    const request = { url: URL_OF_CERTIFICATE, subject: SUBJECT };
    await certificates.get(request, NOW);
    await certificates.get(request, NOW + 3_599_000);
    expect(calls).toHaveLength(1);
    await certificates.get(request, NOW + 3_600_000);
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['was a 503', () => new Response('', { status: 503 }), 'unavailable'],
    ['was too large', () => new Response('-'.repeat(64 * 1024 + 1)), 'refused'],
  ])('is fetched again if the response %s', async (_, answer, expected) => {
    const { fetch } = host(answer, () => new Response(pem));
    const certificates = fetchedCertificates(fetch);
    const request = { url: URL_OF_CERTIFICATE, subject: SUBJECT };
    expect(await certificates.get(request, NOW)).toBe(expected);
    expect(await certificates.get(request, NOW)).toMatchObject({ subject: `CN=${SUBJECT}` });
  });

  it('is cached for twenty URLs; the next URL empties the cache', async () => {
    const { fetch, calls } = host(() => new Response(pem));
    const certificates = fetchedCertificates(fetch);
    const ask = (index: number, now: number) =>
      certificates.get({ url: new URL(`https://example.com/${index}.pem`), subject: SUBJECT }, now);
    const twenty = Array.from({ length: 20 }, (_, index) => index);
    for (const index of twenty) await ask(index, NOW + index * 10_000);
    for (const index of twenty) await ask(index, NOW + 300_000);
    expect(calls).toHaveLength(20);
    await ask(20, NOW + 300_000);
    await ask(20, NOW + 300_000);
    expect(calls).toHaveLength(21);
    expect(await ask(0, NOW + 300_000)).toMatchObject({ subject: `CN=${SUBJECT}` });
    expect(calls).toHaveLength(22);
  });

  it('is fetched at most ten times per minute', async () => {
    const { fetch, calls } = host(() => new Response('', { status: 404 }));
    const certificates = fetchedCertificates(fetch);
    const ask = (at: number) => certificates.get({ url: URL_OF_CERTIFICATE, subject: SUBJECT }, at);
    for (let count = 0; count < 10; count++) expect(await ask(NOW)).toBe('refused');
    expect(await ask(NOW + 59_000)).toBe('unavailable');
    expect(calls).toHaveLength(10);
    expect(await ask(NOW + 60_000)).toBe('refused');
    expect(calls).toHaveLength(11);
  });
});

describe('The certificate URL of an SNS message', () => {
  const { sample } = readVector('sns');
  const counting = () => {
    const { fetch, calls } = host(() => new Response('', { status: 404 }));
    return { inbox: providerInbox({ provider: 'sns', keys, fetch }), calls };
  };

  async function deliverNaming(url: unknown) {
    const { inbox, calls } = counting();
    const signed = inbox.sign(sample);
    const body = Buffer.from(JSON.stringify({ ...JSON.parse(signed.body.toString()), SigningCertURL: url }));
    return { answer: await inbox.deliver({ ...signed, body }), fetches: calls.length };
  }

  it('is fetched if SNS publishes its certificates there', async () => {
    expect(await deliverNaming(URL_OF_CERTIFICATE.href)).toMatchObject({ answer: { statusCode: 401 }, fetches: 1 });
  });

  it.each([
    `https://sns.us-east-1.amazonaws.com.evil.example${PATH}`,
    `https://sns.eu-north-1.amazonaws.com.evil.example${PATH}`,
    `https://sns.us-east-1.amazonaws.com${PATH}`,
    `https://sns.eu-north-1.amazonaws.com.cn${PATH}`,
    `https://sns.eu-north-1.amazonaws.com.${PATH}`,
    `https://evil.example/sns.eu-north-1.amazonaws.com${PATH}`,
    `https://evil.example#https://sns.eu-north-1.amazonaws.com${PATH}`,
    `https://user@sns.eu-north-1.amazonaws.com${PATH}`,
    `https://sns.eu-north-1.amazonaws.com@evil.example${PATH}`,
    `https://sns.eu-north-1.amazonaws.com:password@evil.example${PATH}`,
    `https://sns.eu-north-1.amazonaws.com:443${PATH}`,
    `https://sns.eu-north-1.amazonaws.com:8443${PATH}`,
    `https://sns.eu-north-1.amazonaws.com\\@evil.example${PATH}`,
    `http://sns.eu-north-1.amazonaws.com${PATH}`,
    `file://sns.eu-north-1.amazonaws.com${PATH}`,
    `//sns.eu-north-1.amazonaws.com${PATH}`,
    `https:sns.eu-north-1.amazonaws.com${PATH}`,
    `HTTPS://SNS.EU-NORTH-1.AMAZONAWS.COM${PATH}`,
    ` https://sns.eu-north-1.amazonaws.com${PATH}`,
    `https://sns.eu-north-1.amazon\taws.com${PATH}`,
    `https://sns.eu-north-1.amazonaws.com${PATH}?`,
    `https://sns.eu-north-1.amazonaws.com${PATH}?a=b`,
    `https://sns.eu-north-1.amazonaws.com${PATH}#`,
    `https://sns.eu-north-1.amazonaws.com/x/..${PATH}`,
    `https://sns.eu-north-1.amazonaws.com/x${PATH}`,
    'https://sns.eu-north-1.amazonaws.com/?Action=Publish',
    'https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-.pem',
    'https://bucket.s3.amazonaws.com/SimpleNotificationService-00000000000000000000000000000000.pem',
    '',
    null,
    7,
    {},
    [URL_OF_CERTIFICATE.href],
  ])('is rejected without a fetch: %p', async (url) => {
    expect(await deliverNaming(url)).toMatchObject({ answer: { statusCode: 401 }, fetches: 0 });
  });

  it('is not fetched if the message is of another topic', async () => {
    const { inbox, calls } = counting();
    for (const topic of ['arn:aws:sns:eu-north-1:999999999999:harbor-alarms', '', null, undefined]) {
      const body = JSON.stringify({ ...JSON.parse(inbox.sign(sample).body.toString()), TopicArn: topic });
      expect((await inbox.deliver({ ...inbox.sign(sample), body: Buffer.from(body) })).statusCode).toBe(401);
    }
    expect(calls).toEqual([]);
  });

  it('is a reason for a 503 if it cannot be fetched now', async () => {
    const inbox = providerInbox({ provider: 'sns', keys, fetch: host(() => new Response('', { status: 502 })).fetch });
    expect((await inbox.deliver(inbox.sign(sample))).statusCode).toBe(503);
    expect(inbox.reports[0]).toMatchObject({ reason: 'certificate_unavailable' });
  });
});

/** A body that breaks off after its first bytes. */
function broken(): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('-----BEGIN'));
      controller.error(new Error('reset'));
    },
  });
}
