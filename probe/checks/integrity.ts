import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { changed, jsonOf, withBody } from '../place.ts';
import { type Check, everyByteSigned, json, secret, signatureHeader } from './check.ts';
import { accepted, refused, sendAll } from './judge.ts';

const tamperedBody: Check = {
  id: 'tampered-body',
  title: 'A body that was changed after it was signed is refused.',
  severity: 'critical',
  why: 'A signature that does not cover the body lets whoever has seen one request send any other.',
  fix: 'Compute the signature over the whole body as it was received.',
  requests: 2,
  needs: [secret, everyByteSigned],
  run(prober) {
    const request = prober.genuine();
    const { body } = request;
    return sendAll(
      prober,
      refused,
      [
        {
          what: 'a body in which one character was changed',
          request: withBody(request, String(changed(body.toString()))),
        },
        { what: 'the body of another event under this signature', request: withBody(request, prober.event().body) },
      ].filter((each) => !each.request.body.equals(body)),
    );
  },
};

const reserialisedBody: Check = {
  id: 'reserialised-body',
  title: 'A body that says the same in other bytes is refused under the old signature.',
  severity: 'high',
  why: 'The signature is checked over JSON that was parsed and written again, not over what came. Two parsers that read the same bytes differently can then be played off against each other.',
  fix: 'Keep the raw bytes of the body, and verify those before anything parses them.',
  requests: 2,
  needs: [secret, everyByteSigned, json],
  run(prober) {
    const request = prober.genuine();
    return sendAll(prober, refused, [
      { what: 'the same JSON with white space in it', request: withBody(request, indented(request)) },
      { what: 'the same JSON with a newline behind it', request: withBody(request, `${request.body}\n`) },
    ]);
  },
};

const rawBytes: Check = {
  id: 'raw-bytes',
  title: 'A genuine body is accepted however its JSON is written.',
  severity: 'high',
  why: 'Senders write JSON with white space, escapes and keys in any order. An endpoint that writes it anew before it verifies loses genuine events.',
  fix: 'Keep the raw bytes of the body, and verify those before anything parses them.',
  requests: 3,
  needs: [secret, signatureHeader, json],
  run(prober) {
    const genuine = (what: string, write: (request: SignedRequest) => string) => {
      const event = prober.event();
      return { what, request: prober.sign(withBody(event, write(event))) };
    };
    return sendAll(prober, accepted, [
      genuine('a signed body with white space in it', (request) => ` ${indented(request)}\n`),
      genuine('a signed body with its keys in another order', reordered),
      genuine('a signed body with escapes in it', escaped),
    ]);
  },
};

const indented = (request: SignedRequest) => JSON.stringify(jsonOf(request), undefined, 3);

function reordered(request: SignedRequest): string {
  const content = jsonOf(request);
  if (Array.isArray(content) || typeof content !== 'object' || content === null) return request.body.toString();
  return JSON.stringify(Object.fromEntries(Object.entries(content).toReversed()));
}

/** The first letter of every string's content that is a letter, as an escape. */
function escaped({ body }: SignedRequest): string {
  return body.toString().replace(/(?<=:\s*")[a-z]/gi, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

export const integrityChecks: readonly Check[] = [tamperedBody, reserialisedBody, rawBytes];
