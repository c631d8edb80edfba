import { describe, expect, it } from '@jest/globals';
import { combined, mustAccept, mustRefuse } from '../../../probe/checks/judge.ts';
import type { WireResponse } from '../../../probe/wire.ts';

const response = (status: number, inboxStatus: string): WireResponse => ({
  status,
  headers: [['Inbox-Status', inboxStatus]],
  text: '',
  milliseconds: 1,
});

describe('A server error in response to a request that must be refused', () => {
  const ofStatus = (status: number) => mustRefuse({ ...response(status, ''), headers: [] }, 'a request');

  it('fails, but is not reported as an acceptance', () => {
    expect(ofStatus(500)).toMatchObject({ verdict: 'failed', isServerError: true });
    expect(ofStatus(200).isServerError).toBeUndefined();
  });

  it('is reported after the acceptance of another request', () => {
    expect(combined([ofStatus(500), ofStatus(200), ofStatus(401)])).toEqual({
      verdict: 'failed',
      detail: 'The response to a request was 200. The response to a request was 500.',
    });
  });
});

describe('A response with 200 that says the request is in quarantine', () => {
  it('counts as refused, since the request became no event', () => {
    expect(mustRefuse(response(200, 'quarantined'), 'a request').verdict).toBe('passed');
    expect(mustAccept(response(200, 'quarantined'), 'a request').verdict).toBe('failed');
  });

  it('differs from one that says the request was processed', () => {
    expect(mustRefuse(response(200, 'processed'), 'a request').verdict).toBe('failed');
    expect(mustAccept(response(200, 'processed'), 'a request').verdict).toBe('passed');
  });
});
