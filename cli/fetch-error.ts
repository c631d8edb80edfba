/** Codes of errors after which a request has certainly not reached a server: there is no address, or no connection. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether `fetch` failed because nothing answers at the address: no server has seen the request. */
export function isNotConnected(error: unknown): boolean {
  return NOT_CONNECTED.has((rootOf(error) as NodeJS.ErrnoException).code);
}

/**
 * Why `fetch` failed, in words. The error behind its `fetch failed` has the reason; it has no message, but a code, if a name
 * such as `localhost` has several addresses and none of them answers.
 */
export function fetchFailure(error: unknown): string {
  const { message, code, name } = rootOf(error) as NodeJS.ErrnoException;
  return message || code || name;
}

function rootOf(error: unknown): unknown {
  const { cause } = error as Error;
  return cause === undefined ? error : rootOf(cause);
}
