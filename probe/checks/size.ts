import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { withBody } from '../place.ts';
import type { Prober, SendOptions } from '../prober.ts';
import type { WireResponse } from '../wire.ts';
import { type Check, type Finding, failed, json, secret, signatureHeader } from './check.ts';
import { combined, mustRefuseOrClose, mustSurvive, sendAll, sendOne } from './judge.ts';

const oversize: Check = {
  id: 'oversize',
  title: 'A body larger than the limit is refused.',
  failedTitle: 'Bodies larger than the limit are accepted',
  errorTitle: 'Bodies larger than the limit cause a server error',
  severity: 'medium',
  why: 'Large bodies fill memory and the table. A DynamoDB item holds at most 400 KB: a larger one fails on every retry.',
  fix: 'Limit the size of a body, and return 413 above the limit, if possible before the body is read.',
  requests: 3,
  needs: [secret, signatureHeader, json],
  run(prober) {
    const [event, another] = [prober.event(), prober.event()];
    const padded = withWhiteSpace(event, prober.settings.maxBodyBytes + 1);
    const filled = withLongField(another, prober.settings.maxBodyBytes + 1);
    const genuine = prober.sign(event);
    return sendAll(prober, mustRefuseOrClose, [
      { what: 'an unsigned body over the limit', request: padded, options: { genuine } },
      { what: 'a signed body with white space over the limit', request: prober.sign(padded), options: { genuine } },
      {
        what: 'a signed body with a field over the limit',
        request: prober.sign(filled),
        options: { genuine: prober.sign(another) },
      },
    ]);
  },
};

/** Appends white space, which does not change the JSON. */
function withWhiteSpace(request: SignedRequest, size: number): SignedRequest {
  const missing = Math.max(0, size - request.body.length);
  return withBody(request, Buffer.concat([request.body, Buffer.alloc(missing, ' ')]));
}

/** Adds a field, which remains when the JSON is serialised again; white space does not. */
function withLongField(request: SignedRequest, size: number): SignedRequest {
  return withBody(request, request.body.toString().replace('{', `{"probe":"${'p'.repeat(size)}",`));
}

const chunkedBody: Check = {
  id: 'chunked-body',
  title: 'The same checks apply to a chunked body.',
  failedTitle: 'Chunked bodies bypass the checks',
  errorTitle: 'Chunked bodies cause a server error',
  severity: 'medium',
  why: 'A limit that reads only Content-Length does not apply to a body without one.',
  fix: 'Count the bytes as they arrive, or refuse bodies without a length (411).',
  requests: 3,
  needs: [secret, signatureHeader, json],
  async run(prober) {
    const chunked = (event: SignedRequest): SendOptions => {
      return { headers: [['Transfer-Encoding', 'chunked']], genuine: prober.sign(event) };
    };
    const [one, two, three] = [prober.event(), prober.event(), prober.event()];
    const forged = prober.sign(two, { key: prober.sender.generateKey() });
    const oversized = prober.sign(withLongField(three, prober.settings.maxBodyBytes + 1));
    return combined([
      await sendOne(prober, mustSurvive, {
        what: 'a signed chunked body',
        request: prober.sign(one),
        options: chunked(one),
      }),
      await sendAll(prober, mustRefuseOrClose, [
        { what: 'a forged chunked body', request: forged, options: chunked(two) },
        { what: 'a chunked body over the limit', request: oversized, options: chunked(three) },
      ]),
    ]);
  },
};

/** A request whose headers contradict its body. */
interface Framing {
  readonly what: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** Whether the probe ends its half of the connection after the body. */
  readonly isCutShort?: boolean;
}

const contentLength: Check = {
  id: 'content-length',
  title: 'A request whose length contradicts its body is refused.',
  failedTitle: 'Requests whose length contradicts their body are not refused',
  errorTitle: 'Requests whose length contradicts their body cause a server error',
  severity: 'high',
  why: 'If two servers disagree on the end of a request, one request can be smuggled inside another.',
  fix: 'Keep the server and the proxies in front of it up to date, and configure them to refuse contradictory requests.',
  requests: 5,
  needs: [secret],
  async run(prober) {
    const request = prober.genuine();
    const findings: Finding[] = [];
    for (const framing of framingsOf(request.body)) findings.push(await sendFramed(prober, request, framing));
    return combined(findings);
  },
};

function framingsOf(body: Buffer): readonly Framing[] {
  const { length } = body;
  const chunks = Buffer.from(`${length.toString(16)}\r\n${body.toString('latin1')}\r\n0\r\n\r\n`, 'latin1');
  return [
    {
      what: 'a body shorter than its length',
      headers: [`Content-Length: ${length + 100}`],
      body,
      isCutShort: true,
    },
    { what: 'a body longer than its length', headers: [`Content-Length: ${length - 1}`], body },
    { what: 'a request with two lengths', headers: [`Content-Length: ${length}`, 'Content-Length: 0'], body },
    { what: 'a length that is not a number', headers: ['Content-Length: +0x1'], body },
    {
      what: 'a request with a length and chunks',
      headers: [`Content-Length: ${chunks.length}`, 'Transfer-Encoding: chunked'],
      body: chunks,
    },
  ];
}

async function sendFramed(prober: Prober, request: SignedRequest, framing: Framing): Promise<Finding> {
  const { url } = prober.target;
  const { what, headers, body, isCutShort } = framing;
  const search = request.query.size > 0 ? `?${request.query}` : '';
  const head = [
    `POST ${url.pathname}${search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: close',
    ...headers,
    ...[...request.headers].flatMap(([name, values]) => values.map((value) => `${name}: ${value}`)),
  ];
  const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
  const response = await prober.sendBytes(what, bytes, { isCutShort, expected: mustRefuseOrClose.expected });
  return prober.conclude(response, judgeFraming(response, what));
}

function judgeFraming(response: WireResponse, what: string): Finding {
  if (/HTTP\/1\.[01] \d{3}/.test(response.text)) return failed(`The endpoint sent two responses to ${what}.`);
  return mustRefuseOrClose(response, what);
}

export const sizeChecks: readonly Check[] = [oversize, chunkedBody, contentLength];
