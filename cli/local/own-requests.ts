import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The names by which a client on this machine reaches a loopback server. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Whether a request is for this server itself, and from no page of another site. A browser sends the requests of a page
 * to this machine too: with the page's `Origin`, or, if the page's own name resolves to this machine, with that name as
 * `Host`.
 * @param url another base URL of this server, such as a tunnel's: its host and its origin are the server's own
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function isOwnRequest({ headers, socket }: IncomingMessage, url?: string): boolean {
  const bases = [...loopbackUrls(socket.localPort), ...(url === undefined ? [] : [url])].map((base) => new URL(base));
  const { host, origin } = headers;
  const isOwnHost = bases.some((base) => base.host === host?.toLowerCase());
  const isOwnOrigin = origin === undefined || bases.some((base) => base.origin === origin);
  return isOwnHost && isOwnOrigin && !isEmbedded(headers);
}

/** `URL` leaves out the port 80, as clients do. */
function loopbackUrls(port = 0): readonly string[] {
  return LOOPBACK_NAMES.map((name) => `http://${name}:${port}`);
}

/**
 * Whether a page of another site loads it, as an image or a script, for which browsers send no `Origin`. A link that a
 * user follows is no such request.
 * @see https://www.w3.org/TR/fetch-metadata/
 */
function isEmbedded({ 'sec-fetch-site': site, 'sec-fetch-dest': destination }: IncomingHttpHeaders): boolean {
  return (site === 'cross-site' || site === 'same-site') && destination !== 'document';
}
