import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { withBody } from '../place.ts';
import type { Prober } from '../prober.ts';
import type { Answer } from '../wire.ts';
import { type Check, failed, json, secret, signatureHeader } from './check.ts';
import { refusedOrClosed, sendAll, survived, together } from './judge.ts';

const oversize: Check = {
  id: 'oversize',
  title: 'A body larger than the limit is refused.',
  severity: 'medium',
  why: 'Large bodies fill memory and the table, and an item of DynamoDB holds 400 KB: beyond, the write fails each time it is retried.',
  fix: 'Set a limit on the size of a body, and answer 413 above it, before the body is read where that can be.',
  requests: 3,
  needs: [secret, signatureHeader, json],
  run(prober) {
    const spaced = padded(prober.event(), prober.settings.maxBodyBytes + 1);
    const filled = filledUp(prober.event(), prober.settings.maxBodyBytes + 1);
    return sendAll(prober, refusedOrClosed, [
      { what: 'a body over the limit, unsigned', request: spaced },
      { what: 'a body over the limit by white space, signed', request: prober.sign(spaced) },
      { what: 'a body over the limit by one field, signed', request: prober.sign(filled) },
    ]);
  },
};

/** White space behind its end changes nothing of what JSON says. */
function padded(request: SignedRequest, size: number): SignedRequest {
  const missing = Math.max(0, size - request.body.length);
  return withBody(request, Buffer.concat([request.body, Buffer.alloc(missing, ' ')]));
}

/** White space is not there any more for whoever has written the body anew. */
function filledUp(request: SignedRequest, size: number): SignedRequest {
  return withBody(request, request.body.toString().replace('{', `{"probe":"${'p'.repeat(size)}",`));
}

const chunkedBody: Check = {
  id: 'chunked-body',
  title: 'A body that comes in chunks is held to the same checks.',
  severity: 'medium',
  why: 'A limit that only looks at Content-Length does not hold for a body that comes without one.',
  fix: 'Count the bytes as they come, or refuse bodies without a length (411).',
  requests: 3,
  needs: [secret, signatureHeader, json],
  async run(prober) {
    const sending = { headers: [['Transfer-Encoding', 'chunked']] as const };
    const oversized = prober.sign(filledUp(prober.event(), prober.settings.maxBodyBytes + 1));
    const forged = prober.sign(prober.event(), { key: prober.sender.makeUpKey() });
    return together([
      await sendAll(prober, survived, [{ what: 'a signed body in chunks', request: prober.genuine(), sending }]),
      await sendAll(prober, refusedOrClosed, [
        { what: 'a forged body in chunks', request: forged, sending },
        { what: 'a body over the limit in chunks', request: oversized, sending },
      ]),
    ]);
  },
};

const contentLength: Check = {
  id: 'content-length',
  title: 'A length that is not that of the body is refused.',
  severity: 'high',
  why: 'Where two servers on the way disagree on where a request ends, one request can be smuggled inside another.',
  fix: 'Keep the server and what stands before it up to date, and let them refuse what contradicts itself.',
  requests: 5,
  needs: [secret],
  async run(prober) {
    const request = prober.genuine();
    const { length } = request.body;
    const inChunks = Buffer.from(`${length.toString(16)}\r\n${request.body.toString('latin1')}\r\n0\r\n\r\n`, 'latin1');
    const findings = [
      await raw(
        prober,
        'a body shorter than its length',
        request,
        [`Content-Length: ${length + 100}`],
        request.body,
        true,
      ),
      await raw(prober, 'a body longer than its length', request, [`Content-Length: ${length - 1}`], request.body),
      await raw(prober, 'two lengths', request, [`Content-Length: ${length}`, 'Content-Length: 0'], request.body),
      await raw(prober, 'a length that is no number', request, ['Content-Length: +0x1'], request.body),
      await raw(
        prober,
        'a length and chunks',
        request,
        [`Content-Length: ${inChunks.length}`, 'Transfer-Encoding: chunked'],
        inChunks,
      ),
    ];
    return together(findings);
  },
};

async function raw(
  prober: Prober,
  what: string,
  request: SignedRequest,
  framing: readonly string[],
  body: Buffer,
  isCutShort = false,
) {
  const { url } = prober.target;
  const lines = [...request.headers].flatMap(([name, values]) => values.map((value) => `${name}: ${value}`));
  const search = request.query.size > 0 ? `?${request.query}` : '';
  const head = [
    `POST ${url.pathname}${search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: close',
    ...framing,
    ...lines,
  ];
  const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
  return judgeFraming(await prober.sendBytes(what, bytes, isCutShort), what);
}

/** One that was taken all the same is harmless where nothing else on the way reads it otherwise; it is not known. */
function judgeFraming(answer: Answer, what: string) {
  if (/HTTP\/1\.[01] \d{3}/.test(answer.text)) return failed(`Two answers came to ${what}.`);
  return refusedOrClosed(answer, what);
}

export const sizeChecks: readonly Check[] = [oversize, chunkedBody, contentLength];
