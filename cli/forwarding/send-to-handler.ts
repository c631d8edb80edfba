import { httpRequest } from '../http-request.ts';
import { VERSION } from '../version.ts';
import type { SendToHandler } from './handler-queue.ts';

/** How long a handler may take to answer, in milliseconds: as long as an API destination of EventBridge waits, and longer. */
const TIMEOUT_MS = 30_000;

/** Sends a request to a handler over HTTP. It follows no redirect. */
export const sendToHandler: SendToHandler = async (request) => {
  const named = httpRequest(request, request.url);
  named.headers.set('user-agent', `webhook-inbox/${VERSION}`);
  const response = await fetch(named, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  // The connection is free for the next request only when the answer has been read.
  await response.body?.cancel();
  return response.status;
};
