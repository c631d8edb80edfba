import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { Prober } from '../prober.ts';
import { type Check, secret, signatureHeader, skipped } from './check.ts';
import { type Case, possible, refused, sendAll } from './judge.ts';

/** The same request with other values of its signature header. */
function claiming(prober: Prober, request: SignedRequest, ...values: string[]): SignedRequest {
  return { ...request, headers: new Map([...request.headers, [prober.signatureHeader ?? '', values]]) };
}

/** The same request without its signature. */
function without(prober: Prober, request: SignedRequest): SignedRequest {
  return { ...request, headers: new Map([...request.headers].filter(([name]) => name !== prober.signatureHeader)) };
}

const claimOf = (prober: Prober, request: SignedRequest) =>
  request.headers.get(prober.signatureHeader ?? '')?.[0] ?? '';

const unsigned: Check = {
  id: 'unsigned',
  title: 'A request without a signature is refused.',
  severity: 'critical',
  why: 'Anyone who knows the URL could have events processed that nobody sent.',
  fix: 'Verify the signature of every request, and answer 401 where there is none.',
  requests: 2,
  needs: [signatureHeader],
  run(prober) {
    const request = prober.genuine();
    const left = [...request.headers].filter(([name]) => !prober.signatureHeaders.includes(name));
    return sendAll(prober, refused, [
      { what: 'a request without any header of a signature', request: { ...request, headers: new Map(left) } },
      { what: 'a request without its signature', request: without(prober, request) },
    ]);
  },
};

const malformedSignature: Check = {
  id: 'malformed-signature',
  title: 'A signature that is empty, cut short or of another form is refused.',
  severity: 'critical',
  why: 'A comparison that stops at the shorter text, or an error that is swallowed, lets forged requests pass.',
  fix: 'Check the form and the length of a signature first, then compare all of it in constant time.',
  requests: 9,
  needs: [signatureHeader],
  run(prober) {
    const request = prober.genuine();
    const value = claimOf(prober, request);
    const { before = '', text = value } = prober.digestOf(request) ?? {};
    const values: readonly (readonly [string, string])[] = [
      ['an empty signature', ''],
      ['a signature of blanks', '   '],
      ['a prefix without a signature', before],
      ['half of a signature', before + text.slice(0, text.length / 2)],
      ['the first eight characters of a signature', before + text.slice(0, 8)],
      ['a signature with more behind it', `${before}${text}00`],
      ['a signature of letters that are none of its encoding', before + '_'.repeat(text.length)],
      ['a signature behind another prefix', `x${before}${text}`],
      ['a signature of 4,000 characters', before + '0'.repeat(4_000)],
    ];
    const cases = values.map(([what, each]): Case => ({ what, request: claiming(prober, request, each) }));
    return sendAll(
      prober,
      refused,
      cases.filter((each) => claimOf(prober, each.request) !== value),
    );
  },
};

const nonAsciiSignature: Check = {
  id: 'non-ascii-signature',
  title: 'A signature with bytes outside of ASCII is refused, and breaks nothing.',
  severity: 'medium',
  why: 'Comparing functions of some languages raise an exception for it. The answer is a 500 that anyone can cause.',
  fix: 'Compare bytes, not text, and check the form of a signature before.',
  requests: 3,
  needs: [signatureHeader],
  run(prober) {
    const request = prober.genuine();
    const { before = '', text = claimOf(prober, request) } = prober.digestOf(request) ?? {};
    return sendAll(prober, refused, [
      { what: 'a signature with a letter of UTF-8', request: claiming(prober, request, `${before}é${text.slice(1)}`) },
      { what: 'a signature in UTF-8', request: claiming(prober, request, before + 'ü'.repeat(text.length)) },
      {
        what: 'a signature with a byte that is no UTF-8',
        request: without(prober, request),
        sending: { headers: [[prober.signatureHeader ?? '', `${before}\xff${text.slice(1)}`]] },
      },
    ]);
  },
};

const duplicatedSignature: Check = {
  id: 'duplicated-signature',
  title: 'Two values of a signature header are refused.',
  severity: 'medium',
  why: 'What stands before the endpoint may look at one of them, and the endpoint at the other.',
  fix: 'Refuse a request whose signature header came more than once, or holds several values joined by a comma.',
  requests: 4,
  needs: [secret, signatureHeader],
  run(prober) {
    const request = prober.genuine();
    const value = claimOf(prober, request);
    const forged = claimOf(prober, prober.sign(request, { key: prober.sender.makeUpKey() }));
    const twice: Case[] = [
      { what: 'a forged signature after the genuine one', request: claiming(prober, request, value, forged) },
      { what: 'a forged signature before the genuine one', request: claiming(prober, request, forged, value) },
    ];
    const joined: Case[] = [
      { what: 'a genuine and a forged signature, joined', request: claiming(prober, request, `${value}, ${forged}`) },
      { what: 'a forged and a genuine signature, joined', request: claiming(prober, request, `${forged}, ${value}`) },
    ];
    return sendAll(prober, refused, isOneOnly(prober, request) ? [...twice, ...joined] : twice);
  },
};

/** Some schemes have several signatures in one header, of which one has to be right. */
function isOneOnly(prober: Prober, request: SignedRequest): boolean {
  return /^(\w+=)?$/.test(prober.digestOf(request)?.before ?? '');
}

const wrongKey: Check = {
  id: 'wrong-key',
  title: 'A signature made with another key is refused.',
  severity: 'critical',
  why: 'A signature that is only looked for, or compared with an empty or well-known key, can be made by anyone.',
  fix: 'Compute the signature with the secret, compare all of it, and refuse everything where no secret is set.',
  requests: 5,
  needs: [],
  run(prober) {
    const request = prober.event();
    const keys: readonly (readonly [string, string])[] = [
      ['a signature of another key', prober.sender.makeUpKey()],
      ['a signature of an empty key', ''],
      ['a signature of the key "undefined"', 'undefined'],
      ['a signature of the key "None"', 'None'],
      ['a signature of the key "secret"', 'secret'],
    ];
    const others = keys.filter(([, key]) => key !== prober.settings.secret);
    const cases = others.map(([what, key]) => () => ({ what, request: prober.sign(request, { key }) }));
    return sendAll(prober, refused, possible(cases));
  },
};

const otherSource: Check = {
  id: 'other-source',
  title: "A request that is signed for one source is refused at another's path.",
  severity: 'high',
  why: 'With one secret for all, each of your partners can send events in the name of every other.',
  fix: 'Give every source a secret of its own.',
  requests: 1,
  needs: [secret, ({ settings }) => (settings.otherSource ? undefined : 'Needs another source: --other-source.')],
  run(prober) {
    const { source } = prober.target;
    const { pathname } = prober.target.url;
    const path = pathname.replace(/[^/]+$/, prober.settings.otherSource ?? '');
    if (source === prober.settings.otherSource) return Promise.resolve(skipped('The other source is the same one.'));
    const what = `a request that was signed for ${pathname}, at ${path}`;
    return sendAll(prober, refused, [{ what, request: prober.genuine(), sending: { path } }]);
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
