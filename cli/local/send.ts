import { readFileSync } from 'node:fs';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { signedSample } from '../../samples/sample.ts';
import { readArguments, UsageError } from '../arguments.ts';
import { everySource } from './every-source.ts';
import { secretVariable, signingKey } from './local-keys.ts';

const HELP = `Signs a request as a source's provider would, and posts it.

  npm run send -- <source> [--file BODY] [--url URL]

  <source>      a provider's name, such as generic
  --file BODY   a file to send as the body (the provider's sample)
  --url URL     where to (http://127.0.0.1:<PORT>/webhooks/<source>)

The key is WEBHOOK_SECRET_<SOURCE>, or the one that npm start made up. Exit status 1 unless the answer is 2xx.`;

/** How long to wait for an answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** The command `npm run send`. */
export async function send(environment: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments(HELP, { file: { type: 'string' }, url: { type: 'string' } });
  if (!given) return;
  const { values, positionals } = given;
  const base = `http://127.0.0.1:${environment.PORT || 3000}`;
  const source = findSource(everySource(environment, base), positionals);
  const key = signingKey(environment, source);
  if (!key) throw new UsageError(`${secretVariable(source.name)} is set, but empty.`);
  const url = values.url ?? `${base}/webhooks/${source.name}`;
  const body = values.file === undefined ? undefined : readBody(values.file);
  const signed = sign(source, { key, url: values.url ?? source.publicUrl ?? url, now: Date.now(), body });
  await post({ ...signed, url: withQuery(url, signed.query) });
}

function findSource(sources: Sources, positionals: readonly string[]): Source {
  const source = sources.get(positionals[0] ?? '');
  if (source && positionals.length === 1) return source;
  throw new UsageError(`Name one source: ${[...sources.keys()].join(', ')}\n\n${HELP}`);
}

function sign(source: Source, options: Parameters<typeof signedSample>[1]): SignedRequest {
  try {
    return signedSample(source, options);
  } catch (error) {
    const why = `${secretVariable(source.name)} is set, and may be a public key, which cannot sign`;
    throw new UsageError(`The request could not be signed. If ${why}: unset it to use keys made up here.`, {
      cause: error,
    });
  }
}

/** Some providers add to the query string what they sign. */
function withQuery(url: string, query: URLSearchParams): string {
  const called = new URL(url);
  called.search = query.toString();
  return called.href;
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function post({ method, url, headers, body }: SignedRequest): Promise<void> {
  const flat = [...headers].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { method, headers: flat, body, signal }).catch((error) => unreachable(url, error));
  console.log(`${response.status} ${await response.text()}`);
  if (!response.ok) process.exitCode = 1;
}

function unreachable(url: string, error: Error): never {
  const cause = error.cause instanceof Error ? error.cause : error;
  throw new UsageError(`${url} cannot be reached: ${cause.message || cause.name}. Is \`npm start\` running?`);
}
