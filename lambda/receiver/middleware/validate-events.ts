import type { Middleware } from '../chain.ts';
import {
  eventRequest,
  type Parsed,
  type Received,
  type Routed,
  type Typed,
  type Validated,
  type Verified,
  type WithBody,
} from '../delivery.ts';
import { judgeEvents } from '../judge-events.ts';
import { Problem } from '../problem.ts';

/** Finds the events in the body, and judges each; 404 for a request without a body, which was no handshake. */
export function validateEvents(): Middleware<Received & Routed & WithBody & Typed & Verified & Parsed, Validated> {
  return {
    before(delivery) {
      if (!delivery.parsed) throw new Problem('not_found');
      return judgeEvents(delivery.parsed, eventRequest(delivery), delivery.source);
    },
  };
}
