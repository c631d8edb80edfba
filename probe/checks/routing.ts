import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { Prober } from '../prober.ts';
import type { RawHeaders } from '../wire.ts';
import { type Check, type Finding, inconclusive, passed, secret } from './check.ts';
import {
  type Case,
  combined,
  isAccepted,
  judgeOf,
  mustRefuse,
  mustRefuseOrClose,
  noResponse,
  sendAll,
  sendOne,
  statusSentence,
} from './judge.ts';

const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;
const METHOD_OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method'] as const;

const methods: Check = {
  id: 'methods',
  title: 'Only the expected methods are accepted.',
  failedTitle: 'Unexpected methods are accepted',
  errorTitle: 'Unexpected methods cause a server error',
  severity: 'medium',
  why: 'An unexpected method bypasses checks that apply to POST only, and TRACE returns headers to the caller.',
  fix: 'Route the expected methods only, and ignore X-HTTP-Method-Override.',
  requests: METHODS.length + METHOD_OVERRIDES.length,
  needs: [secret],
  async run(prober) {
    const others = METHODS.filter((method) => !prober.sender.methods.includes(method));
    const findings: Finding[] = [];
    for (const method of others) {
      const judge = method === 'OPTIONS' ? mustRefuseOrList : mustRefuse;
      findings.push(await sendOne(prober, judge, withMethod(prober, method, `a signed ${method}`)));
    }
    for (const name of METHOD_OVERRIDES) {
      const overridden = withMethod(prober, 'PUT', `a signed PUT with ${name}: POST`, [[name, 'POST']]);
      findings.push(await sendOne(prober, mustRefuse, overridden));
    }
    return combined(findings);
  },
};

function withMethod(prober: Prober, method: string, what: string, headers: RawHeaders = []): Case {
  const genuine = prober.genuine();
  return { what, request: { ...genuine, method }, options: { headers, genuine } };
}

/** A list of the allowed methods is harmless. */
const mustRefuseOrList = judgeOf(
  'The endpoint refuses the request (4xx), or only lists its methods.',
  (response, what) => {
    const isHarmless = isAccepted(response) && !/processed|duplicate/.test(response.text);
    return isHarmless ? passed(statusSentence(response, what)) : mustRefuse(response, what);
  },
);

const pathBypass: Check = {
  id: 'path-bypass',
  title: 'No other spelling of the path bypasses the signature check.',
  failedTitle: 'Unsigned requests are accepted at another spelling of the path',
  errorTitle: 'Another spelling of the path causes a server error',
  severity: 'critical',
  why: 'A check that is bound to one spelling of a path is bypassed by another spelling that reaches the same handler.',
  fix: 'Verify the signature in the handler itself, not by a rule about paths, and serve one spelling only.',
  requests: 10,
  needs: [],
  run(prober) {
    const { request: forged, genuine } = forgedRequest(prober);
    const left = [...forged.headers].filter(([name]) => name !== prober.signatureHeader);
    const request = { ...forged, headers: new Map(left) };
    const cases = spellingsOf(prober.target.url).map(([how, path]) => ({
      what: `an unsigned request to the path ${how}`,
      request,
      options: { path },
    }));
    return sendAll(prober, mustRefuseOrRedirect, cases, genuine);
  },
};

function spellingsOf({ pathname }: URL): readonly (readonly [how: string, path: string])[] {
  const last = pathname.split('/').at(-1) ?? '';
  return [
    ['with a trailing slash', `${pathname}/`],
    ['with a double slash', pathname.replace(/\/(?=[^/]*$)/, '//')],
    ['with a double slash at its beginning', `/${pathname}`],
    ['in upper case', pathname.toUpperCase()],
    ['with a parent segment', `${pathname}/../${last}`],
    ['with an encoded parent segment', `${pathname}/%2e%2e/${last}`],
    ['with an encoded slash', pathname.replace(/\/(?=[^/]*$)/, '%2f')],
    ['with an encoded letter', pathname.replace(/.$/, encoded)],
    ['with a path parameter', `${pathname};probe=1`],
    ['with a file extension', `${pathname}.json`],
  ];
}

/** A redirect to the right spelling bypasses nothing. */
const mustRefuseOrRedirect = judgeOf(
  'The endpoint refuses the request (4xx), or redirects it (3xx).',
  (response, what) => {
    const { status = 0 } = response;
    const isRedirect = status >= 300 && status < 400;
    return isRedirect ? passed(statusSentence(response, what)) : mustRefuse(response, what);
  },
);

const encoded = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

/** Headers that applications trust, because a proxy usually sets them. */
const TRUSTED = [
  ['X-Forwarded-For', '127.0.0.1'],
  ['X-Real-IP', '127.0.0.1'],
  ['Forwarded', 'for=127.0.0.1;host=localhost;proto=https'],
  ['X-Forwarded-Host', 'localhost'],
  ['X-Original-URL', '/'],
  ['X-Rewrite-URL', '/'],
  ['X-Amzn-Oidc-Identity', 'probe'],
] as const;

const headerTricks: Check = {
  id: 'header-tricks',
  title: 'No header of a caller bypasses the signature check or causes a server error.',
  failedTitle: 'A header makes the endpoint accept forged requests',
  errorTitle: 'A header causes a server error',
  severity: 'high',
  why: 'Applications trust headers that a proxy sets, even if the caller sent them.',
  fix: 'Rely on the signature alone. Remove such headers at the edge, and limit the size of headers.',
  requests: TRUSTED.length + 4,
  needs: [],
  run(prober) {
    const { request, genuine } = forgedRequest(prober);
    const trusted = TRUSTED.map((header) => ({
      what: `a forged request with ${header[0]}: ${header[1]}`,
      request,
      options: { headers: [header] },
    }));
    const many = Array.from({ length: 200 }, (_, index) => [`X-Probe-${index}`, 'probe'] as const);
    const long = (length: number) => ({ headers: [['X-Probe', 'p'.repeat(length)]] as const });
    return sendAll(
      prober,
      mustRefuseOrFail,
      [
        ...trusted,
        { what: 'a forged request for another host', request, options: { headers: [['Host', 'localhost']] } },
        { what: 'a forged request with 200 headers', request, options: { headers: many } },
        { what: 'a forged request with a header of 8,000 characters', request, options: long(8_000) },
        { what: 'a forged request with a header of 100,000 characters', request, options: long(100_000) },
      ],
      genuine,
    );
  },
};

/** A proxy in front of the endpoint may close the connection, or not know the host. */
const mustRefuseOrFail = judgeOf(mustRefuseOrClose.expected, (response, what) => {
  const { status, failure } = response;
  if (status === undefined) return passed(noResponse(what, failure));
  const isOfProxy = (status >= 300 && status < 400) || [421, 502, 503].includes(status);
  return isOfProxy ? inconclusive(statusSentence(response, what)) : mustRefuse(response, what);
});

const BROKEN_HEADERS = [
  ['a header with a bare line feed', 'X-Probe: one\nX-Injected: two'],
  ['a header with a bare carriage return', 'X-Probe: one\rX-Injected: two'],
  ['a folded header', 'X-Probe: one\r\n two'],
] as const;

const lineBreaks: Check = {
  id: 'line-breaks',
  title: 'A line break inside a header does not add a header.',
  failedTitle: 'Requests with a line break inside a header are accepted',
  errorTitle: 'A line break inside a header causes a server error',
  severity: 'medium',
  why: 'If one server treats a bare line break as the end of a header, a caller can add headers that the next server trusts.',
  fix: 'Keep the server and the proxies in front of it up to date, and configure them to refuse bare line breaks and folded headers.',
  requests: BROKEN_HEADERS.length,
  needs: [],
  async run(prober) {
    const { body } = prober.event();
    const { pathname, host } = prober.target.url;
    const findings: Finding[] = [];
    for (const [what, header] of BROKEN_HEADERS) {
      const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
      const bytes = Buffer.from(`${head}${header}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      const response = await prober.sendBytes(what, bytes, { expected: mustRefuseOrClose.expected });
      findings.push(prober.conclude(response, mustRefuseOrClose(response, what)));
    }
    return combined(findings);
  },
};

/** A request that is signed with another key, and the genuine one. */
function forgedRequest(prober: Prober): { readonly request: SignedRequest; readonly genuine: SignedRequest } {
  const event = prober.event();
  return { request: prober.sign(event, { key: prober.sender.generateKey() }), genuine: prober.sign(event) };
}

export const routingChecks: readonly Check[] = [methods, pathBypass, headerTricks, lineBreaks];
