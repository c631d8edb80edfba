import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type SampleSigning, signedSample } from '../../samples/sample.ts';
import { checkUrl, readArguments, UsageError } from '../arguments.ts';
import { CONFIG_HELP, readInboxFile } from '../inbox-file.ts';
import { invocation } from '../invocation.ts';
import { type NamedInbox, STANDARD_STACK } from '../operate/named-inbox.ts';
import { print } from '../print.ts';
import { systemMessage } from '../system-message.ts';
import { localRecipient } from './local-recipient.ts';
import type { FindRecipient, Recipient } from './recipient.ts';

const HELP = `Sends a request to a source, signed as its provider signs.

  ${invocation('send', '<source> [--new] [--file BODY] [--url URL] [--config FILE]')}
  ${invocation('send', '<source> --stack NAME [--inbox NAME] [--new] [--file BODY] [--url URL]')}

  <source>      name of the source; on this machine without --config, the name of a provider, such as generic
  --new         sends a new event each time: the sample with other ids
  --file BODY   file whose bytes are the body (the provider's sample)
  --url URL     URL to send to, and to sign (that of the source)
  --config FILE ${CONFIG_HELP}
  --stack NAME  sends to a deployed inbox, by the stack that has it (with --inbox alone: ${STANDARD_STACK})
  --inbox NAME  the inbox, if the stack has several

On this machine, the key is WEBHOOK_SECRET_<SOURCE>, or the key that ${invocation('start')} generated. The request
goes to http://127.0.0.1:<PORT>. If PUBLIC_URL is set, providers that sign the URL sign that one.

For a deployed source, the command reads the signing secret from AWS, and does not show it. The inbox stores
the event and forwards it to its consumers like any other. The account and the region are those of AWS_PROFILE and
AWS_REGION. Nobody but the provider can sign with a private key or a certificate.

Exit status 1 unless the response is 2xx.`;

const OPTIONS = {
  new: { type: 'boolean', default: false },
  file: { type: 'string' },
  url: { type: 'string' },
  config: { type: 'string' },
  stack: { type: 'string' },
  inbox: { type: 'string' },
} as const;

/** How long to wait for a response, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** The command `webhook-inbox send`. */
export async function send(environment: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments(HELP, OPTIONS);
  if (!given) return;
  const { new: isNew, file, url, ...named } = given.values;
  if (isNew && file !== undefined)
    throw new UsageError('--new changes the ids in the sample, so it does not go with --file.');
  const [name, ...others] = given.positionals;
  if (others.length > 0) throw new UsageError(`Name one source only, not ${others.length + 1}.\n\n${HELP}`);
  const find = await recipientFinder(named, environment, url === undefined ? undefined : checkUrl('--url', url));
  const body = file === undefined ? undefined : readBody(file);
  const recipient = await find(name);
  const request = sign(recipient, { now: Date.now(), body, seed: isNew ? randomUUID() : undefined });
  await post(request, recipient);
}

/** Loads the clients of AWS only for a deployed inbox. */
async function recipientFinder(
  { config, ...named }: NamedInbox & { readonly config?: string | undefined },
  environment: NodeJS.ProcessEnv,
  url: string | undefined,
): Promise<FindRecipient> {
  const isLocal = named.stack === undefined && named.inbox === undefined;
  if (isLocal) return localRecipient(environment, url, readInboxFile(config));
  if (config !== undefined)
    throw new UsageError('--config is for this machine: a deployed inbox has its sources with it.');
  const { deployedRecipient } = await import('./deployed-recipient.ts');
  return deployedRecipient(named, url);
}

/** No message says what the request holds: some providers send the secret itself in a header. */
function sign(recipient: Recipient, sample: Omit<SampleSigning, 'key' | 'url'>): Request {
  const { source, key, url, signedUrl } = recipient;
  try {
    const { method, query, headers, body } = signedSample(source, { ...sample, key, url: signedUrl });
    const flat = [...headers].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
    return new Request(withQuery(url, query), { method, headers: flat, body, redirect: 'manual' });
  } catch (error) {
    throw new UsageError(`The request could not be signed. ${recipient.unsignable}`, { cause: error });
  }
}

/** Some providers add what they sign to the query string. */
function withQuery(url: string, query: URLSearchParams): string {
  const target = new URL(url);
  target.search = query.toString();
  return target.href;
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`--file ${file} cannot be read: ${systemMessage(error)}.`, { cause: error });
  }
}

async function post(request: Request, { url, unreachable }: Recipient): Promise<void> {
  const response = await fetch(request, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: Error) => {
    const cause = error.cause instanceof Error ? error.cause : error;
    throw new UsageError(`${url} cannot be reached: ${cause.message || cause.name}. ${unreachable}`);
  });
  print(`${response.status} ${await response.text()}`);
  if (!response.ok) process.exitCode = 1;
}
