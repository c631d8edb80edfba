import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { Sender } from '../sender.ts';
import { type Check, secret } from './check.ts';
import { type Case, mustRefuse, sendAll, signable } from './judge.ts';

const TYPES: readonly (readonly [what: string, type: string | undefined])[] = [
  ['a signed request as plain text', 'text/plain'],
  ['a signed request as HTML', 'text/html'],
  ['a signed request as a form', 'application/x-www-form-urlencoded'],
  ['a signed request as a multipart form', 'multipart/form-data; boundary=probe'],
  ['a signed request in UTF-16', 'application/json; charset=utf-16'],
  ['a signed request without a content type', undefined],
];

const contentType: Check = {
  id: 'content-type',
  title: 'Only the expected content types are accepted.',
  failedTitle: 'Unexpected content types are accepted',
  errorTitle: 'An unexpected content type causes a server error',
  severity: 'medium',
  why: 'If two components read a body as different types, it slips past the checks of both. Any web page can send plain text and forms without a preflight request.',
  fix: 'Return 415 for any other media type, for a charset other than UTF-8, and for a missing content type.',
  requests: TYPES.length,
  needs: [secret],
  run(prober) {
    const cases = TYPES.filter(([, type]) => isUnexpected(prober.sender, type)).map(([what, type]) => (): Case => {
      const genuine = prober.genuine();
      return { what, request: withType(genuine, type), options: { genuine } };
    });
    return sendAll(prober, mustRefuse, signable(cases));
  },
};

function isUnexpected({ contentTypes }: Sender, type = ''): boolean {
  return !contentTypes.includes(type.split(';')[0] ?? '') || type.includes('utf-16');
}

function withType(request: SignedRequest, type: string | undefined): SignedRequest {
  const headers = new Map([...request.headers].filter(([name]) => name !== 'content-type'));
  if (type !== undefined) headers.set('content-type', [type]);
  return { ...request, headers };
}

export const contentTypeChecks: readonly Check[] = [contentType];
