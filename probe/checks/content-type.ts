import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { type Check, secret } from './check.ts';
import { type Case, possible, refused, sendAll } from './judge.ts';

const TYPES: readonly (readonly [what: string, type: string | undefined])[] = [
  ['a signed request as plain text', 'text/plain'],
  ['a signed request as HTML', 'text/html'],
  ['a signed request as a form', 'application/x-www-form-urlencoded'],
  ['a signed request as a form of several parts', 'multipart/form-data; boundary=probe'],
  ['a signed request in UTF-16', 'application/json; charset=utf-16'],
  ['a signed request without a content type', undefined],
];

const contentType: Check = {
  id: 'content-type',
  title: 'Only the agreed content types are accepted.',
  severity: 'medium',
  why: 'A body that one part of the way reads as one type and the next as another slips past the checks of both. Plain text and forms can be sent by any web page without asking.',
  fix: 'Answer 415 for any other media type, for a charset other than UTF-8, and where there is none.',
  requests: TYPES.length,
  needs: [secret],
  run(prober) {
    const others = TYPES.filter(
      ([, type]) => !prober.sender.contentTypes.includes(type?.split(';')[0] ?? '') || /utf-16/.test(type ?? ''),
    );
    const cases = others.map(
      ([what, type]) =>
        (): Case => ({ what, request: withType(prober.genuine(), type) }),
    );
    return sendAll(prober, refused, possible(cases));
  },
};

function withType(request: SignedRequest, type: string | undefined): SignedRequest {
  const headers = new Map([...request.headers].filter(([name]) => name !== 'content-type'));
  if (type !== undefined) headers.set('content-type', [type]);
  return { ...request, headers };
}

export const contentTypeChecks: readonly Check[] = [contentType];
