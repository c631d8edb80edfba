import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { FORM_TYPE } from '../../lambda/receiver/parse-payload.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { type SampleSigning, sampleOf, signedSample, unsignedSample } from '../../samples/sample.ts';
import { checkUrl, readArguments, UsageError } from '../arguments.ts';
import { fetchFailure } from '../fetch-error.ts';
import { httpRequest } from '../http-request.ts';
import { CONFIG_HELP, readInboxFile } from '../inbox-file.ts';
import { invocation } from '../invocation.ts';
import { type NamedInbox, STANDARD_STACK } from '../operate/named-inbox.ts';
import { print, printError } from '../print.ts';
import { responseBeginning } from '../response-beginning.ts';
import { systemMessage } from '../system-message.ts';
import { localRecipient } from './local-recipient.ts';
import { printRequest } from './print-request.ts';
import type { FindRecipient, Recipient } from './recipient.ts';
import { sampleOfType } from './sample-of-type.ts';
import { setFields } from './set-fields.ts';

const HELP = `Sends a request to a source, signed as its provider signs.

  ${invocation('send', '<source> [--new] [--type TYPE] [--set PATH=VALUE]... [--url URL] [--print]')}
  ${invocation('send', '<source> --file BODY [--url URL] [--print]')}

  <source>          name of the source; on this machine without --config, the name of a provider, such as generic
  --new             sends a new event each time: the sample with other ids
  --type TYPE       the sample with this type of event, such as invoice.paid, or of this name (the first one)
  --set PATH=VALUE  sets a field of the sample, such as data.object.amount=4200 or items.0.name=Blanket; VALUE is JSON,
                    or else text
  --print           prints the signed request as a curl command, and sends nothing; a request that holds the secret
                    itself is not printed
  --file BODY       file whose bytes are the body (the provider's sample)
  --url URL         URL to send to, and to sign (that of the source)
  --config FILE     ${CONFIG_HELP}
  --stack NAME      sends to a deployed inbox, by the stack that has it (with --inbox alone: ${STANDARD_STACK})
  --inbox NAME      the inbox, if the stack has several

On this machine, the key is WEBHOOK_SECRET_<SOURCE>, or the key that ${invocation('start')} generated. The request
goes to http://127.0.0.1:<PORT>. If PUBLIC_URL is set, providers that sign the URL sign that one.

For a deployed source, the command reads the signing secret from AWS, and does not show it. The inbox stores
the event and forwards it to its consumers like any other. The account and the region are those of AWS_PROFILE and
AWS_REGION. Nobody but the provider can sign with a private key or a certificate.

Exit status 1 unless the response is 2xx.`;

const OPTIONS = {
  new: { type: 'boolean', default: false },
  type: { type: 'string' },
  set: { type: 'string', multiple: true, default: [] as string[] },
  print: { type: 'boolean', default: false },
  file: { type: 'string' },
  url: { type: 'string' },
  config: { type: 'string' },
  stack: { type: 'string' },
  inbox: { type: 'string' },
} as const;

/** How long to wait for a response, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** How much of a response is read, in bytes. */
const MAX_SHOWN_BYTES = 64 * 1024;

/** The command `webhook-inbox send`. */
export async function send(environment: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments(HELP, OPTIONS);
  if (!given) return;
  const { new: isNew, file, url, type, set, print: isPrinted, ...named } = given.values;
  checkFile(given.values);
  const [name, ...others] = given.positionals;
  if (others.length > 0) throw new UsageError(`Name one source only, not ${others.length + 1}.\n\n${HELP}`);
  const find = await recipientFinder(named, environment, url === undefined ? undefined : checkUrl('--url', url));
  const body = file === undefined ? undefined : readBody(file);
  const recipient = await find(name);
  const sample = sampleOfType(recipient.source, type);
  const chosen = { now: Date.now(), body, sample, seed: isNew ? randomUUID() : undefined };
  const request = sign(recipient, set.length > 0 ? withFields(recipient, chosen, set) : chosen);
  if (isPrinted) return printRequest(request, recipient);
  await post(request, recipient);
}

type Options = NonNullable<ReturnType<typeof readArguments<typeof OPTIONS>>>['values'];

/** @throws {UsageError} if there is a file and an option about the sample */
function checkFile({ file, new: isNew, type, set }: Options): void {
  if (file === undefined) return;
  if (isNew) throw new UsageError('--new changes the ids in the sample, so it does not go with --file.');
  if (type !== undefined || set.length > 0) throw new UsageError('--type and --set are for samples, not for --file.');
}

/** What is signed, without the key and the URL. */
type Chosen = Omit<SampleSigning, 'key' | 'url'>;

function withFields({ source, signedUrl }: Recipient, chosen: Chosen, assignments: readonly string[]): Chosen {
  const { now, seed, sample = sampleOf(source) } = chosen;
  const unsigned = unsignedSample(sample, signedUrl, now, seed);
  const isForm = sample.headers['content-type']?.startsWith(FORM_TYPE) ?? false;
  const { body, added } = setFields(unsigned.body, isForm, assignments);
  for (const { path, meant } of added)
    printError(`The sample has no field ${path}: it is added.${meant ? ` Did you mean ${meant}?` : ''}`);
  return { ...chosen, body };
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
function sign({ source, key, url, signedUrl, unsignable }: Recipient, chosen: Chosen): SignedRequest {
  try {
    const signed = signedSample(source, { ...chosen, key, url: signedUrl });
    // A secret may have characters that no header can hold.
    httpRequest(signed, url);
    return signed;
  } catch (error) {
    throw new UsageError(`The request could not be signed. ${unsignable}`, { cause: error });
  }
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`--file ${file} cannot be read: ${systemMessage(error)}.`, { cause: error });
  }
}

async function post(request: SignedRequest, { url, unreachable }: Recipient): Promise<void> {
  const response = await fetch(httpRequest(request, url), { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (error: Error) => {
      throw new UsageError(`${url} cannot be reached: ${fetchFailure(error)}. ${unreachable}`);
    },
  );
  print(`${response.status} ${await responseBeginning(response, MAX_SHOWN_BYTES)}`);
  if (!response.ok) process.exitCode = 1;
}
