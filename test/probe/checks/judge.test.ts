import { describe, expect, it } from '@jest/globals';
import { mustAccept, mustRefuse } from '../../../probe/checks/judge.ts';
import type { WireResponse } from '../../../probe/wire.ts';

const response = (status: number, inboxStatus: string): WireResponse => ({
  status,
  headers: [['Inbox-Status', inboxStatus]],
  text: '',
  milliseconds: 1,
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
