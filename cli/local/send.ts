import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { type SampleSigning, signedSample } from '../../samples/sample.ts';
import { checkUrl, portFrom, readArguments, UsageError } from '../arguments.ts';
import { invocation } from '../invocation.ts';
import { print } from '../print.ts';
import { suggestion } from '../suggestion.ts';
import { systemMessage } from '../system-message.ts';
import { everySource, publicUrlFrom } from './every-source.ts';
import { secretVariable, signingKey } from './local-keys.ts';

const HELP = `Sends a request to a source, signed as its provider signs.

  ${invocation('send', '<source> [--new] [--file BODY] [--url URL]')}

  <source>      name of a provider, such as generic
  --new         sends a new event each time: the sample with other ids
  --file BODY   file whose bytes are the body (the provider's sample)
  --url URL     URL to send to, and to sign (http://127.0.0.1:<PORT>/webhooks/<source>)

The key is WEBHOOK_SECRET_<SOURCE>, or the key that ${invocation('start')} generated. If PUBLIC_URL is set, providers that sign the
URL sign that one, and the request still goes to this machine. Exit status 1 unless the response is 2xx.`;

/** How long to wait for a response, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** The command `webhook-inbox send`. */
export async function send(environment: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments(HELP, { new: { type: 'boolean' }, file: { type: 'string' }, url: { type: 'string' } });
  if (!given) return;
  const { values, positionals } = given;
  if (values.new && values.file !== undefined)
    throw new UsageError('--new changes the ids in the sample, so it does not go with --file.');
  const localUrl = `http://127.0.0.1:${portFrom(environment, 'PORT', 3000)}`;
  const source = findSource(everySource(environment, publicUrlFrom(environment) ?? localUrl), positionals);
  const key = signingKey(environment, source);
  if (!key) throw new UsageError(`${secretVariable(source.name)} is set, but empty.`);
  const url = values.url === undefined ? `${localUrl}/webhooks/${source.name}` : checkUrl('--url', values.url);
  const body = values.file === undefined ? undefined : readBody(values.file);
  const seed = values.new ? randomUUID() : undefined;
  const signed = sign(source, { key, url: values.url ?? source.publicUrl ?? url, now: Date.now(), body, seed });
  await post({ ...signed, url: withQuery(url, signed.query) });
}

function findSource(sources: Sources, [name, ...others]: readonly string[]): Source {
  const all = `The sources are: ${[...sources.keys()].join(', ')}.`;
  if (name === undefined) throw new UsageError(`Name a source. ${all}\n\n${HELP}`);
  if (others.length > 0) throw new UsageError(`Name one source only, not ${others.length + 1}. ${all}\n\n${HELP}`);
  const source = sources.get(name);
  if (source) return source;
  const meant = suggestion(name, sources.keys());
  throw new UsageError(meant ? `Unknown source "${name}", did you mean ${meant}?` : `Unknown source "${name}". ${all}`);
}

function sign(source: Source, options: SampleSigning): SignedRequest {
  try {
    return signedSample(source, options);
  } catch (error) {
    const why = `${secretVariable(source.name)} is set, and may be a public key, which cannot sign`;
    throw new UsageError(`The request could not be signed. If ${why}: unset it to use the generated keys.`, {
      cause: error,
    });
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

async function post({ method, url, headers, body }: SignedRequest): Promise<void> {
  const flat = [...headers].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { method, headers: flat, body, signal }).catch((error) => unreachable(url, error));
  print(`${response.status} ${await response.text()}`);
  if (!response.ok) process.exitCode = 1;
}

function unreachable(url: string, error: Error): never {
  const cause = error.cause instanceof Error ? error.cause : error;
  throw new UsageError(
    `${url} cannot be reached: ${cause.message || cause.name}. Is \`${invocation('start')}\` running?`,
  );
}
