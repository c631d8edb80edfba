import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { DeliveryReport } from '../../lambda/telemetry/delivery-report.ts';
import { invocation } from '../invocation.ts';

const PROBLEM = {
  type: 'urn:webhook-inbox:problem:forbidden',
  title: 'The request names another host than this server, or comes from a page of another site.',
  status: 403,
  code: 'forbidden',
  detail: `A tunnel reaches webhooks only. For requests other than POST, ${invocation('start')} needs its URL in PUBLIC_URL.`,
} as const;

/** The response to a request that is not the server's own, as problem details. */
export function forbiddenResult(requestId: string): APIGatewayProxyResult {
  return {
    statusCode: PROBLEM.status,
    headers: { 'Content-Type': 'application/problem+json' },
    body: JSON.stringify({ ...PROBLEM, request_id: requestId }),
  };
}

/** The report of a request that is not the server's own. */
export function forbiddenReport({ method, headers }: IncomingMessage, requestId: string): DeliveryReport {
  return {
    outcome: 'rejected',
    requestId,
    status: PROBLEM.status,
    source: undefined,
    provider: undefined,
    code: PROBLEM.code,
    reason: `${method} for the host ${headers.host}${fromOf(headers) ?? '; set PUBLIC_URL if it is a tunnel'}`,
    issues: undefined,
    events: [],
    usedPreviousSecret: false,
    latencyMs: 0,
    storeMs: undefined,
    cause: undefined,
  };
}

/** Where a browser's page is that made the request; undefined if none did, but perhaps a provider through a tunnel. */
function fromOf({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): string | undefined {
  if (origin !== undefined) return ` from ${origin}`;
  return site === undefined ? undefined : ' from another site';
}
