import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { localFetch } from '../../../cli/local/local-certificates.ts';
import { providers } from '../../../lambda/providers/index.ts';
import { toSource } from '../../../lambda/receiver/registered-source.ts';
import { fetchedCertificates } from '../../../lambda/signature/certificates.ts';
import type { Fetch } from '../../../lambda/signature/download.ts';
import { snsSignature } from '../../../lambda/signature/sns.ts';
import { exampleSettings } from '../../../samples/example-settings.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { readVector } from '../../support/vectors.ts';

const SUBJECT = 'sns.amazonaws.com';
const PATH = `/SimpleNotificationService-${'0'.repeat(32)}.pem`;
const URL_OF_CERTIFICATE = new URL(`https://sns.eu-north-1.amazonaws.com${PATH}`);
const REQUEST = { url: URL_OF_CERTIFICATE, subject: SUBJECT };
const HOUR = 3600_000;
const DAY = 24 * HOUR;
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
async function issued(validity = VALIDITY) {
  const { cert, clientcert } = await generate([{ name: 'commonName', value: 'An Authority' }], {
    ...validity,
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

  const get = (fetch: Fetch, now = NOW) => fetchedCertificates(fetch).get(REQUEST, now);

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
    await certificates.get(REQUEST, NOW);
    await certificates.get(REQUEST, NOW + HOUR - 1);
    expect(calls).toHaveLength(1);
    await certificates.get(REQUEST, NOW + HOUR);
    expect(calls).toHaveLength(2);
  });

  it('are replaced by the certificate that is found after an hour', async () => {
    const other = await certificateOf(SUBJECT);
    const { fetch } = host(
      () => new Response(pem),
      () => new Response(other),
    );
    const certificates = fetchedCertificates(fetch);
    const [first, second] = [await certificates.get(REQUEST, NOW), await certificates.get(REQUEST, NOW + HOUR)];
    expect([String(first), String(second)]).toEqual([pem, other].map((each) => String(new X509Certificate(each))));
  });

  it('are cached for each subject', async () => {
    const { fetch } = host(() => new Response(pem));
    const certificates = fetchedCertificates(fetch);
    expect(await certificates.get(REQUEST, NOW)).toMatchObject({ subject: `CN=${SUBJECT}` });
    expect(await certificates.get({ ...REQUEST, subject: 'evil.example' }, NOW)).toBe('refused');
  });

  describe.each<[string, () => Response | Promise<Response>]>([
    ['responds with 404', () => new Response('', { status: 404 })],
    ['responds with 503', () => new Response('', { status: 503 })],
    ['limits requests', () => new Response('', { status: 429 })],
    ['sends a page', () => new Response('<html>')],
    ['does not respond', () => Promise.reject(new DOMException('', 'TimeoutError'))],
  ])('whose host %s', (_, failing) => {
    it('are used until they expire', async () => {
      const { fetch } = host(() => new Response(pem), failing);
      const certificates = fetchedCertificates(fetch);
      await certificates.get(REQUEST, NOW);
      const expiry = new X509Certificate(pem).validToDate.getTime();
      for (const now of [NOW + HOUR, NOW + 12 * HOUR, expiry - 1]) {
        expect(await certificates.get(REQUEST, now)).toMatchObject({ subject: `CN=${SUBJECT}` });
      }
      expect(await certificates.get(REQUEST, expiry + 60_000)).toEqual(expect.any(String));
    });

    it('are fetched once a minute, however many messages name them', async () => {
      const { fetch, calls } = host(() => new Response(pem), failing);
      const certificates = fetchedCertificates(fetch);
      await certificates.get(REQUEST, NOW);
      for (let second = 0; second < 600; second += 1) await certificates.get(REQUEST, NOW + HOUR + second * 1000);
      expect(calls).toHaveLength(1 + 10);
    });
  });

  it('are used no longer than the chain that they were verified with', async () => {
    const { leaf, authority } = await issued({
      notBeforeDate: new Date(NOW - DAY),
      notAfterDate: new Date(NOW + 1000),
    });
    const { fetch } = host(
      () => new Response(`${leaf}\n${authority}`),
      () => new Response('', { status: 503 }),
    );
    const certificates = fetchedCertificates(fetch);
    expect(await certificates.get(REQUEST, NOW)).toMatchObject({ subject: expect.stringContaining(SUBJECT) });
    expect(await certificates.get(REQUEST, NOW + 2000)).toBe('unavailable');
  });

  it.each<[string, () => Response, string, number]>([
    ['404', () => new Response('', { status: 404 }), 'refused', 60_000],
    ['a page', () => new Response('<html>'), 'refused', 60_000],
    ['503', () => new Response('', { status: 503 }), 'unavailable', 2_000],
    ['429', () => new Response('', { status: 429 }), 'unavailable', 2_000],
  ])('that were never found are looked for again in a while: %s', async (_, failing, expected, after) => {
    const { fetch, calls } = host(failing, () => new Response(pem));
    const certificates = fetchedCertificates(fetch);
    expect(await certificates.get(REQUEST, NOW)).toBe(expected);
    expect(await certificates.get(REQUEST, NOW + after - 1)).toBe(expected);
    expect(calls).toHaveLength(1);
    expect(await certificates.get(REQUEST, NOW + after)).toMatchObject({ subject: `CN=${SUBJECT}` });
  });

  it('are fetched once for messages that arrive at the same time', async () => {
    const { fetch, calls } = host(() => new Response(pem));
    const certificates = fetchedCertificates(fetch);
    await Promise.all(Array.from({ length: 20 }, () => certificates.get(REQUEST, NOW)));
    expect(calls).toHaveLength(1);
  });
});

describe('while forged messages name certificates that do not exist', () => {
  const GENUINE = new URL(`https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-${'a'.repeat(32)}.pem`);
  let pem: string;
  beforeAll(async () => {
    pem = await certificateOf(SUBJECT);
  });

  /** Certificates of a host that publishes one, and the URLs that were fetched from it. */
  function certificatesOf(random: () => number) {
    const fetched: string[] = [];
    const fetch: Fetch = async (url) => {
      fetched.push(url.href);
      return url.href === GENUINE.href ? new Response(pem) : new Response('', { status: 404 });
    };
    const certificates = fetchedCertificates(fetch, random);
    return {
      fetched,
      get: (url: URL, now: number) => certificates.get({ url, subject: SUBJECT }, now),
    };
  }

  const forged = (index: number, host = GENUINE.host) =>
    new URL(`https://${host}/SimpleNotificationService-${String(index).padStart(32, '0')}.pem`);

  it('a certificate that is known stays in use, and is fetched again after an hour', async () => {
    const { fetched, get } = certificatesOf(() => 0.5);
    await get(GENUINE, NOW);
    for (let index = 0; index < 3 * 3600; index += 1) {
      await get(forged(index), NOW + index * 1000);
      if (index % 60 === 0) expect(await get(GENUINE, NOW + index * 1000)).toMatchObject({ subject: `CN=${SUBJECT}` });
    }
    expect(fetched.filter((each) => each === GENUINE.href)).toHaveLength(3);
  });

  it('at most 5 are fetched at once from a host, and 15 a minute', async () => {
    const { fetched, get } = certificatesOf(() => 0.5);
    for (let index = 0; index < 60_000; index += 1) await get(forged(index), NOW + index);
    expect(fetched).toHaveLength(5 + 14);
  });

  it('a certificate that is new is fetched for its second message, if each forged message names another URL', async () => {
    const { get } = certificatesOf(() => 0.5);
    for (let index = 0; index < 6_000; index += 1) await get(forged(index), NOW + index * 10);
    const now = NOW + 59_995;
    expect(await get(GENUINE, now)).toBe('unavailable');
    for (let index = 0; index < 900; index += 1) await get(forged(6_000 + index), now + index * 10);
    expect(await get(GENUINE, now + 9_000)).toMatchObject({ subject: `CN=${SUBJECT}` });
  });

  it('a certificate that is new is fetched within ten minutes, even if 600 a minute name each URL twice', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const { get } = certificatesOf(seeded(seed));
      const isFetchedAt = async (tick: number) => {
        await get(forged(tick >> 1), NOW + tick * 100);
        const isGenuine = tick > 600 && tick % 10 === 5;
        return isGenuine && (await get(GENUINE, NOW + tick * 100 + 50)) instanceof X509Certificate;
      };
      let tick = 0;
      while (tick < 600 + 6_000 && !(await isFetchedAt(tick))) tick += 1;
      expect(tick).toBeLessThan(600 + 6_000);
    }
  });

  it('a host is not affected by those on another host', async () => {
    const { get } = certificatesOf(() => 0.5);
    for (let index = 0; index < 100; index += 1) await get(forged(index, 'api.paypal.com'), NOW);
    expect(await get(GENUINE, NOW)).toMatchObject({ subject: `CN=${SUBJECT}` });
  });

  it('genuine messages are accepted throughout, before and after the certificate has to be fetched again', async () => {
    const source = toSource('sns', { provider: 'sns', settings: exampleSettings(providers.sns()) });
    const fetch = localFetch(new Map([['sns', source]]), () => keys);
    const inbox = providerInbox({
      provider: 'sns',
      keys,
      fetch: async (url, init) =>
        url.href === URL_OF_CERTIFICATE.href ? fetch(url, init) : new Response('', { status: 404 }),
    });
    const { sample } = readVector('sns');
    const signed = inbox.sign(sample);
    const forge = (index: number) => {
      const message = { ...JSON.parse(signed.body.toString()), SigningCertURL: forged(index + 1).href };
      return { ...signed, body: Buffer.from(JSON.stringify(message)) };
    };
    expect((await inbox.deliver(signed)).statusCode).toBe(200);
    for (let minute = 1; minute < 90; minute += 1) {
      inbox.clock.now = NOW + minute * 60_000;
      for (let index = 0; index < 11; index += 1) await inbox.deliver(forge(minute * 11 + index));
      expect((await inbox.deliver(signed)).statusCode).toBe(200);
    }
  });
});

/** Numbers from 0 to 1 in an order that depends on the seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('the certificate that a message names', () => {
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
