import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { changed, jsonOf, withBody } from '../place.ts';
import { type Check, everyByteSigned, json, secret, signatureHeader } from './check.ts';
import { mustAccept, mustRefuse, sendAll } from './judge.ts';

const tamperedBody: Check = {
  id: 'tampered-body',
  title: 'A body that was changed after it was signed is refused.',
  failedTitle: 'A changed body is accepted',
  errorTitle: 'A changed body causes a server error',
  severity: 'critical',
  why: 'If the signature does not cover the body, anyone who has seen one request can send any other.',
  fix: 'Compute the signature over the whole body as received.',
  requests: 2,
  needs: [secret, everyByteSigned],
  run(prober) {
    const request = prober.genuine();
    const { body } = request;
    const cases = [
      { what: 'a body with one changed character', request: withBody(request, String(changed(body.toString()))) },
      { what: 'the body of another event under this signature', request: withBody(request, prober.event().body) },
    ];
    return sendAll(
      prober,
      mustRefuse,
      cases.filter((each) => !each.request.body.equals(body)),
      request,
    );
  },
};

const reserialisedBody: Check = {
  id: 'reserialised-body',
  title: 'A reserialised body is refused under the signature of the original bytes.',
  failedTitle: 'A reserialised body is accepted',
  errorTitle: 'A reserialised body causes a server error',
  severity: 'high',
  why: 'The endpoint verifies JSON that it parsed and serialised again, not the bytes that it received. An attacker can exploit two parsers that read the same bytes differently.',
  fix: 'Keep the raw bytes of the body, and verify them before anything parses them.',
  requests: 2,
  needs: [secret, everyByteSigned, json],
  run(prober) {
    const request = prober.genuine();
    return sendAll(
      prober,
      mustRefuse,
      [
        { what: 'the same JSON with added white space', request: withBody(request, ` ${indented(request)}`) },
        { what: 'the same JSON with a newline at its end', request: withBody(request, `${request.body}\n`) },
      ],
      request,
    );
  },
};

const rawBytes: Check = {
  id: 'raw-bytes',
  title: 'A genuine body is accepted in any JSON formatting.',
  failedTitle: 'Genuine events are lost if their JSON is formatted differently',
  severity: 'high',
  why: 'Senders format JSON with white space, escapes and any order of keys. An endpoint that serialises the body again before it verifies the signature loses genuine events.',
  fix: 'Keep the raw bytes of the body, and verify them before anything parses them.',
  requests: 3,
  needs: [secret, signatureHeader, json],
  run(prober) {
    const genuine = (what: string, write: (request: SignedRequest) => string) => {
      const event = prober.event();
      const options = { genuine: prober.sign(event) };
      return { what, request: prober.sign(withBody(event, write(event))), options };
    };
    return sendAll(prober, mustAccept, [
      genuine('a signed body with white space', (request) => ` ${indented(request)}\n`),
      genuine('a signed body with its keys in another order', reordered),
      genuine('a signed body with escapes', escaped),
    ]);
  },
};

const indented = (request: SignedRequest) => JSON.stringify(jsonOf(request), undefined, 3);

function reordered(request: SignedRequest): string {
  const content = jsonOf(request);
  if (Array.isArray(content) || typeof content !== 'object' || content === null) return request.body.toString();
  return JSON.stringify(Object.fromEntries(Object.entries(content).toReversed()));
}

/** Escapes the first letter of every string value that begins with one. */
function escaped({ body }: SignedRequest): string {
  return body.toString().replace(/(?<=:\s*")[a-z]/gi, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

export const integrityChecks: readonly Check[] = [tamperedBody, reserialisedBody, rawBytes];
