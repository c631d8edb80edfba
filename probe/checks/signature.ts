import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { Prober } from '../prober.ts';
import { type Check, secret, signatureHeader, skipped } from './check.ts';
import { type Case, mustRefuse, sendAll, signable } from './judge.ts';

/** The same request with other values of the signature header. */
function withSignature(prober: Prober, request: SignedRequest, ...values: string[]): SignedRequest {
  return { ...request, headers: new Map([...request.headers, [prober.signatureHeader ?? '', values]]) };
}

/** The same request without some of its headers. */
function withoutHeaders(request: SignedRequest, names: readonly string[]): SignedRequest {
  return { ...request, headers: new Map([...request.headers].filter(([name]) => !names.includes(name))) };
}

const signatureOf = (prober: Prober, request: SignedRequest) =>
  request.headers.get(prober.signatureHeader ?? '')?.[0] ?? '';

const unsigned: Check = {
  id: 'unsigned',
  title: 'A request without a signature is refused.',
  failedTitle: 'Unsigned requests are accepted',
  errorTitle: 'Unsigned requests cause a server error',
  severity: 'critical',
  why: 'Anyone who knows the URL can submit forged events.',
  fix: 'Verify the signature of every request, and return 401 if there is none.',
  requests: 2,
  needs: [signatureHeader],
  run(prober) {
    const request = prober.genuine();
    const { signatureHeader: name = '', signatureHeaders: names } = prober;
    return sendAll(
      prober,
      mustRefuse,
      [
        { what: 'a request without the headers of its signature', request: withoutHeaders(request, names) },
        { what: 'a request without its signature', request: withoutHeaders(request, [name]) },
      ],
      request,
    );
  },
};

const malformedSignature: Check = {
  id: 'malformed-signature',
  title: 'An empty, truncated or malformed signature is refused.',
  failedTitle: 'Requests with a malformed signature are accepted',
  errorTitle: 'A malformed signature causes a server error',
  severity: 'critical',
  why: 'A comparison that stops at the end of the shorter string, or a swallowed exception, accepts forged requests.',
  fix: 'Check the format and the length of a signature first, then compare all of it in constant time.',
  requests: 9,
  needs: [signatureHeader],
  run(prober) {
    const request = prober.genuine();
    const value = signatureOf(prober, request);
    const { before = '', text = value } = prober.digestOf(request) ?? {};
    const values: readonly (readonly [string, string])[] = [
      ['an empty signature', ''],
      ['a signature of spaces', '   '],
      ['a prefix without a signature', before],
      ['half of a signature', before + text.slice(0, text.length / 2)],
      ['the first eight characters of a signature', before + text.slice(0, 8)],
      ['a signature with two extra characters', `${before}${text}00`],
      ['a signature of characters outside its encoding', before + '_'.repeat(text.length)],
      ['a signature with another prefix', `x${before}${text}`],
      ['a signature of 4,000 characters', before + '0'.repeat(4_000)],
    ];
    const others = values.filter(([, other]) => other !== value);
    const cases = others.map(([what, other]): Case => ({ what, request: withSignature(prober, request, other) }));
    return sendAll(prober, mustRefuse, cases, request);
  },
};

const nonAsciiSignature: Check = {
  id: 'non-ascii-signature',
  title: 'A signature with non-ASCII bytes is refused without a server error.',
  failedTitle: 'A signature with non-ASCII bytes is accepted',
  errorTitle: 'A signature with non-ASCII bytes causes a server error',
  severity: 'medium',
  why: 'The comparison functions of some languages throw an exception for it: anyone can cause a 500.',
  fix: 'Check the format of a signature first, and compare bytes, not text.',
  requests: 3,
  needs: [signatureHeader],
  run(prober) {
    const request = prober.genuine();
    const { signatureHeader: name = '' } = prober;
    const { before = '', text = signatureOf(prober, request) } = prober.digestOf(request) ?? {};
    return sendAll(
      prober,
      mustRefuse,
      [
        {
          what: 'a signature with one non-ASCII letter',
          request: withSignature(prober, request, `${before}é${text.slice(1)}`),
        },
        {
          what: 'a signature of non-ASCII letters',
          request: withSignature(prober, request, before + 'ü'.repeat(text.length)),
        },
        {
          what: 'a signature with a byte that is not UTF-8',
          request: withoutHeaders(request, [name]),
          options: { headers: [[name, `${before}\xff${text.slice(1)}`]] },
        },
      ],
      request,
    );
  },
};

const duplicatedSignature: Check = {
  id: 'duplicated-signature',
  title: 'A signature header with two values is refused.',
  failedTitle: 'A request with two signatures is accepted',
  errorTitle: 'A request with two signatures causes a server error',
  severity: 'medium',
  why: 'A proxy in front of the endpoint may check one value, and the endpoint the other.',
  fix: 'Refuse a request whose signature header occurs more than once, or has several values joined by a comma.',
  requests: 4,
  needs: [secret, signatureHeader],
  run(prober) {
    const request = prober.genuine();
    const genuine = signatureOf(prober, request);
    const forged = signatureOf(prober, prober.sign(request, { key: prober.sender.generateKey() }));
    const signed = (what: string, ...values: string[]): Case => {
      return { what, request: withSignature(prober, request, ...values) };
    };
    const twice = [
      signed('a forged signature after the genuine one', genuine, forged),
      signed('a forged signature before the genuine one', forged, genuine),
    ];
    const joined = [
      signed('a genuine and a forged signature, joined by a comma', `${genuine}, ${forged}`),
      signed('a forged and a genuine signature, joined by a comma', `${forged}, ${genuine}`),
    ];
    return sendAll(prober, mustRefuse, allowsOneOnly(prober, request) ? [...twice, ...joined] : twice, request);
  },
};

/** Some schemes allow several signatures in one header, of which one has to be right. */
function allowsOneOnly(prober: Prober, request: SignedRequest): boolean {
  return /^(\w+=)?$/.test(prober.digestOf(request)?.before ?? '');
}

const wrongKey: Check = {
  id: 'wrong-key',
  title: 'A signature made with another key is refused.',
  failedTitle: 'Requests signed with another key are accepted',
  errorTitle: 'A signature made with another key causes a server error',
  severity: 'critical',
  why: 'If the endpoint only checks that there is a signature, or verifies it with an empty or well-known key, anyone can forge requests.',
  fix: 'Compute the signature with the secret, compare all of it, and refuse every request if no secret is configured.',
  requests: 5,
  needs: [],
  run(prober) {
    const request = prober.event();
    const keys: readonly (readonly [string, string])[] = [
      ['a signature made with another key', prober.sender.generateKey()],
      ['a signature made with an empty key', ''],
      ['a signature made with the key "undefined"', 'undefined'],
      ['a signature made with the key "None"', 'None'],
      ['a signature made with the key "secret"', 'secret'],
    ];
    const others = keys.filter(([, key]) => key !== prober.settings.secret);
    const cases = others.map(([what, key]) => () => ({ what, request: prober.sign(request, { key }) }));
    return sendAll(prober, mustRefuse, signable(cases), prober.sign(request));
  },
};

const otherSource: Check = {
  id: 'other-source',
  title: "A request that was signed for one source is refused at another source's path.",
  failedTitle: 'A request that was signed for another source is accepted',
  errorTitle: 'A request that was signed for another source causes a server error',
  severity: 'high',
  why: 'If the sources share one secret, each partner can send events in the name of every other.',
  fix: 'Give each source its own secret.',
  requests: 1,
  needs: [
    secret,
    ({ settings }) => (settings.otherSource ? undefined : 'The check needs another source: --other-source.'),
  ],
  async run(prober) {
    const { source, url } = prober.target;
    const { otherSource: other = '' } = prober.settings;
    if (source === other) return skipped('--other-source and --source are the same source.');
    const path = url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1) + other;
    const what = `a request to ${path} that was signed for ${url.pathname}`;
    const request = prober.genuine();
    return await sendAll(prober, mustRefuse, [{ what, request, options: { path } }], request);
  },
};

export const signatureChecks: readonly Check[] = [
  unsigned,
  malformedSignature,
  nonAsciiSignature,
  duplicatedSignature,
  wrongKey,
  otherSource,
];
