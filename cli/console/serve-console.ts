import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServePage } from '../deliveries/local/serve-deliveries.ts';
import { answerApi, sendJson } from './console-api.ts';
import type { ConsoleInbox } from './console-inbox.ts';
import { guideOf } from './guides.ts';
import { LINK_PATH } from './link-path.ts';
import { PAGE, SECURITY_HEADERS } from './page.ts';
import { type PageFiles, pageFiles } from './page-files.ts';
import { CONSOLE_PATH, type ConsoleSession } from './session.ts';

const API_PATH = `${CONSOLE_PATH}/api/`;
const GUIDES_PATH = `${CONSOLE_PATH}/guides/`;

const NO_SUCH_PATH = { message: 'The console has no such path.' };

/** The files of the page, by path. */
const FILES: Readonly<Record<string, ServedFile>> = {
  [`${CONSOLE_PATH}/console.js`]: { mediaType: 'text/javascript', contents: ({ script }) => script },
  [`${CONSOLE_PATH}/console.css`]: { mediaType: 'text/css', contents: ({ style }) => style },
};

interface ServedFile {
  readonly mediaType: string;
  readonly contents: (files: PageFiles) => Uint8Array;
}

/**
 * Serves the console: its page at `/`, and all else under `/_console`. Only the API needs the session. The requests that it
 * gets must be the server's own: see `isOwnRequest`.
 * @param stopped aborts when the server stops: it ends the streams of open pages
 */
export function serveConsole(inbox: ConsoleInbox, session: ConsoleSession, stopped: AbortSignal): ServePage {
  const open = new Set<ServerResponse>();
  stopped.addEventListener('abort', () => {
    for (const response of open) response.destroy();
  });

  async function answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = FILES[path];
    if (file) sendFile(response, file.mediaType, file.contents(await pageFiles()));
    else if (path.startsWith(API_PATH)) await answerInSession(path.slice(API_PATH.length), request, response);
    else answerAnyone(path, request, response, session);
  }

  async function answerInSession(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (session.has(request)) await answerApi(inbox, name, request, response);
    else sendJson(response, 401, { message: 'This browser has no session.' });
  }

  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    if (!isForConsole(path, request)) return false;
    open.add(response);
    response.once('close', () => open.delete(response));
    answer(path, request, response).catch(() => response.destroy());
    return true;
  };
}

/** Whatever else is posted to `/` is no request of a browser's user. */
function isForConsole(path: string, { method }: IncomingMessage): boolean {
  return path.startsWith(`${CONSOLE_PATH}/`) || (path === '/' && method === 'GET');
}

function answerAnyone(path: string, request: IncomingMessage, response: ServerResponse, session: ConsoleSession): void {
  if (path === '/') sendPage(request, response, session);
  else if (path === LINK_PATH) sendToken(request, response, session);
  else if (path.startsWith(GUIDES_PATH)) sendGuide(response, path.slice(GUIDES_PATH.length));
  else sendJson(response, 404, NO_SUCH_PATH);
}

/** A token is spent on a cookie, and leaves the address bar. */
function sendPage(request: IncomingMessage, response: ServerResponse, session: ConsoleSession): void {
  const token = new URLSearchParams(request.url?.split('?')[1]).get('token');
  // The page asks for its files in a moment.
  pageFiles().catch(() => undefined);
  if (token === null) {
    sendFile(response, 'text/html', PAGE);
    return;
  }
  const cookie = session.redeem(token, request.socket.localPort ?? 0);
  response
    .writeHead(303, { ...SECURITY_HEADERS, Location: '/', ...(cookie !== undefined && { 'Set-Cookie': cookie }) })
    .end();
}

function sendGuide(response: ServerResponse, provider: string): void {
  const text = guideOf(provider);
  if (text === undefined) sendJson(response, 404, NO_SUCH_PATH);
  else sendFile(response, 'text/plain', text);
}

function sendToken(request: IncomingMessage, response: ServerResponse, session: ConsoleSession): void {
  if (session.mayOpen(request)) sendJson(response, 200, { token: session.newToken() });
  else sendJson(response, 401, { message: 'The request has no token.' });
}

function sendFile(response: ServerResponse, mediaType: string, contents: string | Uint8Array): void {
  response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': `${mediaType}; charset=utf-8` }).end(contents);
}
