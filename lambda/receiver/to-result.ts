import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ProviderResponse } from '../providers/handshake.ts';

/** The status of an acknowledged delivery, in the header `Inbox-Status`. */
export type InboxStatus = 'processed' | 'duplicate' | 'conflict' | 'quarantined' | 'queued' | 'handshake';

/**
 * A response for API Gateway. `nosniff` keeps browsers from taking it for another type.
 * @throws {TypeError} if the provider adds a header that could end the header, or replace one of these
 */
export function toResult(response: ProviderResponse & { readonly inboxStatus: InboxStatus }): APIGatewayProxyResult {
  const { status, contentType = 'text/plain', body, inboxStatus, headers: more = {} } = response;
  if (!Object.entries(more).every(isSafe))
    throw new TypeError('The provider answers with a header that is not allowed.');
  const headers = { 'Content-Type': contentType, 'X-Content-Type-Options': 'nosniff', 'Inbox-Status': inboxStatus };
  return { statusCode: status, headers: { ...more, ...headers }, body };
}

function isSafe([name, value]: readonly [string, string]): boolean {
  const isAllowed = /^x-[a-z0-9-]{1,62}$/i.test(name) && name.toLowerCase() !== 'x-content-type-options';
  return isAllowed && /^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(value);
}
