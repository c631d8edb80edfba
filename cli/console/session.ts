import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hasToken } from '../deliveries/local/access-token.ts';

/** Who may read the console's data: a browser that was opened by a link with a token, which is valid once. */
export interface ConsoleSession {
  /** A new token, for one browser. The oldest becomes invalid if too many are unused. */
  readonly newToken: () => string;
  /**
   * Spends a token.
   * @param port of the console
   * @returns the cookie that replaces it; undefined if the token is unknown or spent
   */
  readonly redeem: (token: string, port: number) => string | undefined;
  /** Whether a request has the cookie of the session. */
  readonly has: (request: IncomingMessage) => boolean;
  /** Whether a request has the secret of the session, as commands on this machine do. */
  readonly mayOpen: (request: IncomingMessage) => boolean;
}

/** A link to a console, for one browser. */
export function consoleLink(url: string, { newToken }: Pick<ConsoleSession, 'newToken'>): string {
  return `${url}/?token=${newToken()}`;
}

/** How many tokens may be unused. */
const MAX_UNUSED = 20;

/** The path of everything that needs the session. */
export const CONSOLE_PATH = '/_console';

/**
 * Opens the session of a console.
 * @param secret the same secret gives the same session, so that an open page survives a restart
 */
export function consoleSession(secret: string): ConsoleSession {
  const id = createHmac('sha256', secret).update('console session').digest('base64url');
  const unused = new Set<string>();
  return {
    newToken() {
      const token = randomBytes(24).toString('base64url');
      unused.add(token);
      const [oldest] = unused;
      if (unused.size > MAX_UNUSED && oldest !== undefined) unused.delete(oldest);
      return token;
    },
    redeem(token, port) {
      if (!unused.delete(token)) return undefined;
      // Other servers on this machine share its cookies: they would get this one only for the same path.
      return `${nameOf(port)}=${id}; HttpOnly; SameSite=Strict; Path=${CONSOLE_PATH}`;
    },
    mayOpen: (request) => hasToken(request, secret),
    has({ headers: { cookie = '' }, socket }) {
      const prefix = `${nameOf(socket.localPort ?? 0)}=`;
      const values = cookie.split(/;\s*/).filter((each) => each.startsWith(prefix));
      return values.some((each) => isSame(each.slice(prefix.length), id));
    },
  };
}

/** Cookies know no ports, so the name has the port. */
const nameOf = (port: number) => `webhook-inbox-${port}`;

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
