import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { Prober } from '../prober.ts';
import type { WireResponse } from '../wire.ts';
import { type Check, type Finding, inconclusive, passed, secret } from './check.ts';
import { combined, isAccepted, mustRefuse, mustRefuseOrClose, noResponse, sendAll, statusSentence } from './judge.ts';

const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;
const METHOD_OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method'] as const;

const methods: Check = {
  id: 'methods',
  title: 'Only the expected methods are accepted.',
  severity: 'medium',
  why: 'An unexpected method bypasses checks that apply to POST only, and TRACE returns headers to the caller.',
  fix: 'Route the expected methods only, and ignore X-HTTP-Method-Override.',
  requests: METHODS.length + METHOD_OVERRIDES.length,
  needs: [secret],
  async run(prober) {
    const others = METHODS.filter((method) => !prober.sender.methods.includes(method));
    const findings: Finding[] = [];
    for (const method of others) {
      const what = `a signed ${method}`;
      const response = await prober.send(what, { ...prober.genuine(), method });
      findings.push(method === 'OPTIONS' ? judgeOptions(response, what) : mustRefuse(response, what));
    }
    const overridden = METHOD_OVERRIDES.map((name) => ({
      what: `a signed PUT with ${name}: POST`,
      request: { ...prober.genuine(), method: 'PUT' },
      options: { headers: [[name, 'POST']] as const },
    }));
    return combined([...findings, await sendAll(prober, mustRefuse, overridden)]);
  },
};

/** A list of the allowed methods is harmless. */
function judgeOptions(response: WireResponse, what: string): Finding {
  const isHarmless = isAccepted(response) && !/processed|duplicate/.test(response.text);
  return isHarmless ? passed(statusSentence(response, what)) : mustRefuse(response, what);
}

const pathBypass: Check = {
  id: 'path-bypass',
  title: 'No other spelling of the path bypasses the signature check.',
  severity: 'critical',
  why: 'A check that is bound to one spelling of a path is bypassed by another spelling that reaches the same handler.',
  fix: 'Verify the signature in the handler itself, not by a rule about paths, and serve one spelling only.',
  requests: 10,
  needs: [],
  run(prober) {
    const forged = forgedRequest(prober);
    const left = [...forged.headers].filter(([name]) => name !== prober.signatureHeader);
    const request = { ...forged, headers: new Map(left) };
    const cases = spellingsOf(prober.target.url).map(([how, path]) => ({
      what: `an unsigned request to the path ${how}`,
      request,
      options: { path },
    }));
    return sendAll(prober, mustRefuseOrRedirect, cases);
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
function mustRefuseOrRedirect(response: WireResponse, what: string): Finding {
  const { status = 0 } = response;
  const isRedirect = status >= 300 && status < 400;
  return isRedirect ? passed(statusSentence(response, what)) : mustRefuse(response, what);
}

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
  severity: 'high',
  why: 'Applications trust headers that a proxy sets, even if the caller sent them.',
  fix: 'Rely on the signature alone. Remove such headers at the edge, and limit the size of headers.',
  requests: TRUSTED.length + 4,
  needs: [],
  run(prober) {
    const request = forgedRequest(prober);
    const trusted = TRUSTED.map((header) => ({
      what: `a forged request with ${header[0]}: ${header[1]}`,
      request,
      options: { headers: [header] },
    }));
    const many = Array.from({ length: 200 }, (_, index) => [`X-Probe-${index}`, 'probe'] as const);
    const long = (length: number) => ({ headers: [['X-Probe', 'p'.repeat(length)]] as const });
    return sendAll(prober, mustRefuseOrFail, [
      ...trusted,
      { what: 'a forged request for another host', request, options: { headers: [['Host', 'localhost']] } },
      { what: 'a forged request with 200 headers', request, options: { headers: many } },
      { what: 'a forged request with a header of 8,000 characters', request, options: long(8_000) },
      { what: 'a forged request with a header of 100,000 characters', request, options: long(100_000) },
    ]);
  },
};

/** A proxy in front of the endpoint may close the connection, or not know the host. */
function mustRefuseOrFail(response: WireResponse, what: string): Finding {
  const { status, failure } = response;
  if (status === undefined) return passed(noResponse(what, failure));
  const isOfProxy = (status >= 300 && status < 400) || [421, 502, 503].includes(status);
  return isOfProxy ? inconclusive(statusSentence(response, what)) : mustRefuse(response, what);
}

const BROKEN_HEADERS = [
  ['a header with a bare line feed', 'X-Probe: one\nX-Injected: two'],
  ['a header with a bare carriage return', 'X-Probe: one\rX-Injected: two'],
  ['a folded header', 'X-Probe: one\r\n two'],
] as const;

const lineBreaks: Check = {
  id: 'line-breaks',
  title: 'A line break inside a header does not add a header.',
  severity: 'medium',
  why: 'If one server treats a bare line break as the end of a header, a caller can add headers that the next server trusts.',
  fix: 'Keep the server and the proxies in front of it up to date, and configure them to refuse bare line breaks and folded headers.',
  requests: BROKEN_HEADERS.length,
  needs: [],
  async run(prober) {
    const { body } = forgedRequest(prober);
    const { pathname, host } = prober.target.url;
    const findings: Finding[] = [];
    for (const [what, header] of BROKEN_HEADERS) {
      const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
      const bytes = Buffer.from(`${head}${header}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      findings.push(mustRefuseOrClose(await prober.sendBytes(what, bytes), what));
    }
    return combined(findings);
  },
};

const forgedRequest = (prober: Prober): SignedRequest =>
  prober.sign(prober.event(), { key: prober.sender.generateKey() });

export const routingChecks: readonly Check[] = [methods, pathBypass, headerTricks, lineBreaks];
