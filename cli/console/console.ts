import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { portFrom, readOptions, UsageError } from '../arguments.ts';
import { accessToken } from '../deliveries/local/access-token.ts';
import { INBOX_HELP, INBOX_OPTIONS, isLocal } from '../deliveries/open-inbox.ts';
import { interruption } from '../interruption.ts';
import { invocation } from '../invocation.ts';
import { LOOPBACK, listen } from '../local/http.ts';
import { isOwnRequest } from '../local/own-requests.ts';
import type { NamedInbox } from '../operate/named-inbox.ts';
import { print } from '../print.ts';
import { LINK_PATH } from './link-path.ts';
import { consoleLink, consoleSession } from './session.ts';

const HELP = `Prints a link to the console, which works once, for one browser.

  ${invocation('console')}
  ${invocation('console', '--stack NAME [--inbox NAME]')}

  ${INBOX_HELP}

On this machine, ${invocation('start')} serves the console, and this command prints another link to it. For a deployed inbox,
the command serves the console on this machine until Ctrl-C. It has the permissions of AWS_PROFILE, in AWS_REGION.

Environment:
  PORT   port of ${invocation('start')} (3000) or, for a deployed inbox, of this console (any free port)`;

/** The command `webhook-inbox console`. */
export async function openConsole(environment: NodeJS.ProcessEnv): Promise<void> {
  const options = readOptions(HELP, INBOX_OPTIONS);
  if (!options) return;
  if (isLocal(options)) print(await localLink(`http://${LOOPBACK}:${portFrom(environment, 'PORT', 3000)}`));
  else await serveDeployed(options, environment);
}

/** @throws {UsageError} if the inbox does not run, or in another folder */
async function localLink(url: string): Promise<string> {
  const response = await fetch(url + LINK_PATH, { headers: { Authorization: `Bearer ${accessToken()}` } }).catch(() => {
    const advice = 'If its port is another one, set PORT. For a deployed inbox, name its stack with --stack.';
    throw new UsageError(`${url} cannot be reached. Is \`${invocation('start')}\` running? ${advice}`);
  });
  if (!response.ok)
    throw new UsageError(
      `${url} responds with ${response.status}: call the command in the folder in which \`${invocation('start')}\` of the same version runs.`,
    );
  const { token } = (await response.json()) as { readonly token: string };
  return consoleLink(url, { newToken: () => token });
}

async function serveDeployed(named: NamedInbox, environment: NodeJS.ProcessEnv): Promise<void> {
  const [{ deployedConsoleInbox }, { serveConsole }] = await Promise.all([
    import('./deployed-console-inbox.ts'),
    import('./serve-console.ts'),
  ]);
  const inbox = await deployedConsoleInbox(named, environment);
  const session = consoleSession(randomBytes(32).toString('base64url'));
  const interrupted = interruption();
  const serve = serveConsole(inbox, session, interrupted);
  const server = createServer((request, response) => {
    if (!isOwnRequest(request)) refuse(response, 403);
    else if (!serve(request, response)) refuse(response, 404);
  });
  const url = await listen(server, portFrom(environment, 'PORT', 0));
  print(`The console, for one browser and once:\n\n  ${consoleLink(url, session)}\n\nCtrl-C stops it.`);
  interrupted.addEventListener('abort', () => {
    server.close();
    server.closeAllConnections();
  });
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
