import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ProviderResponse } from '../providers/handshake.ts';

/** The status of an acknowledged delivery, in the header `Inbox-Status`. */
export type InboxStatus = 'processed' | 'duplicate' | 'conflict' | 'quarantined' | 'queued' | 'handshake';

/** A response for API Gateway. `nosniff` keeps browsers from taking it for another type. */
export function toResult(response: ProviderResponse & { readonly inboxStatus: InboxStatus }): APIGatewayProxyResult {
  const { status, contentType = 'text/plain', body, inboxStatus } = response;
  const headers = { 'Content-Type': contentType, 'X-Content-Type-Options': 'nosniff', 'Inbox-Status': inboxStatus };
  return { statusCode: status, headers, body };
}
