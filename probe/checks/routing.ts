import type { Answer } from '../wire.ts';
import { type Check, type Finding, inconclusive, passed, secret } from './check.ts';
import { isAccepted, refused, sendAll, together } from './judge.ts';

const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

const methods: Check = {
  id: 'methods',
  title: 'Only the agreed methods are served.',
  severity: 'medium',
  why: 'A method that nobody thought of runs past checks that stand at POST alone, and TRACE hands headers back to whoever made the request.',
  fix: 'Route the agreed methods only, and ignore X-HTTP-Method-Override.',
  requests: METHODS.length + 2,
  needs: [secret],
  async run(prober) {
    const others = METHODS.filter((method) => !prober.sender.methods.includes(method));
    const findings: Finding[] = [];
    for (const method of others) {
      const what = `a signed ${method}`;
      const answer = await prober.send(what, { ...prober.genuine(), method });
      findings.push(method === 'OPTIONS' ? preflight(answer, what) : refused(answer, what));
    }
    const disguised = ['X-HTTP-Method-Override', 'X-HTTP-Method'].map((name) => ({
      what: `a signed PUT that ${name} calls a POST`,
      request: { ...prober.genuine(), method: 'PUT' },
      sending: { headers: [[name, 'POST']] as const },
    }));
    return together([...findings, await sendAll(prober, refused, disguised)]);
  },
};

/** Saying which methods there are is no harm. */
function preflight(answer: Answer, what: string): Finding {
  const isHarmless = isAccepted(answer) && !/processed|duplicate/.test(answer.text);
  return isHarmless ? passed(`Answered ${answer.status} to ${what}.`) : refused(answer, what);
}

const pathBypass: Check = {
  id: 'path-bypass',
  title: 'No other spelling of the path gets past the signature.',
  severity: 'critical',
  why: 'Checks that are bound to a path by its spelling are passed by another spelling that leads to the same handler.',
  fix: 'Verify in the handler itself, not by a rule about paths, and serve one spelling only.',
  requests: 10,
  needs: [],
  run(prober) {
    const { pathname } = prober.target.url;
    const last = pathname.split('/').at(-1) ?? '';
    const spellings: readonly (readonly [string, string])[] = [
      ['with a slash behind it', `${pathname}/`],
      ['with two slashes', pathname.replace(/\/(?=[^/]*$)/, '//')],
      ['with two slashes before it', `/${pathname}`],
      ['in upper case', pathname.toUpperCase()],
      ['with a step back', `${pathname}/../${last}`],
      ['with an encoded step back', `${pathname}/%2e%2e/${last}`],
      ['with an encoded slash', pathname.replace(/\/(?=[^/]*$)/, '%2f')],
      ['with an encoded letter', pathname.replace(/.$/, encoded)],
      ['with a parameter', `${pathname};probe=1`],
      ['with a dot and a suffix', `${pathname}.json`],
    ];
    const forged = prober.sign(prober.event(), { key: prober.sender.makeUpKey() });
    const without = [...forged.headers].filter(([name]) => name !== prober.signatureHeader);
    const request = { ...forged, headers: new Map(without) };
    const cases = spellings.map(([how, path]) => ({
      what: `an unsigned request to the path ${how}`,
      request,
      sending: { path },
    }));
    return sendAll(prober, refusedThere, cases);
  },
};

/** A redirect to the right spelling lets nobody past. */
function refusedThere(answer: Answer, what: string): Finding {
  const { status = 0 } = answer;
  return status >= 300 && status < 400 ? passed(`Answered ${status} to ${what}.`) : refused(answer, what);
}

const encoded = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

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
  title: 'No header that a caller can set gets past the signature, and none breaks the endpoint.',
  severity: 'high',
  why: 'Headers that a proxy sets are believed by what stands behind it, also where the caller sent them.',
  fix: 'Decide by the signature alone. Strip such headers at the edge, and limit the size of headers.',
  requests: TRUSTED.length + 5,
  needs: [],
  run(prober) {
    const forged = prober.sign(prober.event(), { key: prober.sender.makeUpKey() });
    const cases = TRUSTED.map((header) => ({
      what: `a forged request with ${header[0]}: ${header[1]}`,
      request: forged,
      sending: { headers: [header] },
    }));
    const many = Array.from({ length: 200 }, (_, index) => [`X-Probe-${index}`, 'probe'] as const);
    return sendAll(prober, refusedOrUnavailable, [
      ...cases,
      { what: 'a forged request for another host', request: forged, sending: { headers: [['Host', 'localhost']] } },
      { what: 'a forged request with 200 headers', request: forged, sending: { headers: many } },
      { what: 'a header of 8,000 characters', request: forged, sending: { headers: [['X-Probe', 'p'.repeat(8_000)]] } },
      {
        what: 'a header of 100,000 characters',
        request: forged,
        sending: { headers: [['X-Probe', 'p'.repeat(100_000)]] },
      },
    ]);
  },
};

/** What stands before the endpoint may well close a connection at such a request, or know no such host. */
function refusedOrUnavailable(answer: Answer, what: string): Finding {
  if (answer.status === undefined) return passed(`The connection was closed at ${what}.`);
  const isElsewhere = (answer.status >= 300 && answer.status < 400) || [421, 502, 503].includes(answer.status);
  return isElsewhere ? inconclusive(`Answered ${answer.status} to ${what}.`) : refused(answer, what);
}

const lineBreaks: Check = {
  id: 'line-breaks',
  title: 'A line break inside a header adds no header.',
  severity: 'medium',
  why: 'Where one server on the way takes a bare line break for the end of a header, a caller can add headers that the next believes.',
  fix: 'Keep the server and what stands before it up to date, and let them refuse bare line breaks and folded headers.',
  requests: 3,
  needs: [],
  async run(prober) {
    const request = prober.sign(prober.event(), { key: prober.sender.makeUpKey() });
    const findings: Finding[] = [];
    for (const [what, header] of BROKEN) {
      const head = `POST ${prober.target.url.pathname} HTTP/1.1\r\nHost: ${prober.target.url.host}\r\nConnection: close\r\n`;
      const bytes = Buffer.from(`${head}${header}\r\nContent-Length: ${request.body.length}\r\n\r\n${request.body}`);
      const answer = await prober.sendBytes(what, bytes);
      findings.push(
        answer.status === undefined ? passed(`The connection was closed at ${what}.`) : refused(answer, what),
      );
    }
    return together(findings);
  },
};

const BROKEN = [
  ['a header with a bare line feed', 'X-Probe: one\nX-Injected: two'],
  ['a header with a bare carriage return', 'X-Probe: one\rX-Injected: two'],
  ['a folded header', 'X-Probe: one\r\n two'],
] as const;

export const routingChecks: readonly Check[] = [methods, pathBypass, headerTricks, lineBreaks];
