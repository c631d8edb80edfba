import { gzipSync } from 'node:zlib';
import { type Confidential, secretForms } from './confidential.ts';
import type { CurlCommand } from './probe-report.ts';
import type { RawHeaders, WireRequest } from './wire.ts';

/** The longest command, in characters. */
const MAX_LENGTH = 12_000;
/** The longest body that the command contains as it is, in bytes. */
const MAX_TEXT_BYTES = 2_000;
/** Above this size of a body, curl would wait for a `100 Continue`. */
const CONTINUE_BYTES = 64 * 1024;
/** Printable ASCII and line feeds. */
const PLAIN = /^[\x20-\x7e\n]*$/;

/** The variable of a shell that takes the place of a token. */
const TOKEN = '"$TOKEN"';

/**
 * A request as a command that sends the same headers and bytes. A token becomes a variable of the shell. There is no command
 * for a request whose body or query string contains the signature, and none that would be too long.
 */
export function curlCommand(url: URL, request: WireRequest, confidential: Confidential): CurlCommand {
  if (confidential.isInBody) return without('There is no command, because the body or the URL contains the signature.');
  const text = commandOf(url, request, confidential);
  if (text.length > MAX_LENGTH) return without('There is no command, because it would be too long.');
  if (disclosesSecret(text, confidential)) return without('There is no command, because it would contain the secret.');
  const token = request.headers.find(([name]) => confidential.tokens.has(name.toLowerCase()));
  return {
    text,
    note: token && `Set the variable TOKEN to the value of ${token[0]}, which the report does not contain.`,
  };
}

const without = (note: string): CurlCommand => ({ text: undefined, note });

function commandOf(url: URL, request: WireRequest, confidential: Confidential): string {
  const { input, option } = bodyOf(request.body);
  const options = [
    `curl -isS${methodOf(request)}`,
    ...(url.protocol === 'https:' ? ['--http1.1'] : []),
    ...headersOf(request).map((header) => `-H ${headerWord(header, confidential)}`),
    option,
    urlOf(url, request.path),
  ];
  return `${input}${options.join(' \\\n  ')}`;
}

/** A response to HEAD has the length of a body, but no body. */
function methodOf({ method }: WireRequest): string {
  if (method === 'POST') return '';
  return method === 'HEAD' ? ' -X HEAD --ignore-content-length' : ` -X ${method}`;
}

/** The headers of the request, and those that keep curl from adding its own. A header without a value is left out. */
function headersOf({ headers, body }: WireRequest): RawHeaders {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const waits = body.length > CONTINUE_BYTES || names.has('transfer-encoding');
  const unwanted = ['Accept', 'User-Agent', 'Content-Type', ...(waits ? ['Expect'] : [])];
  const own = unwanted.filter((name) => !names.has(name.toLowerCase())).map((name) => [`${name}:`, ''] as const);
  const trimmed = headers.map(([name, value]) => [name, value.replace(/^[ \t]+|[ \t]+$/g, '')] as const);
  return [...trimmed, ['Connection', 'close'], ...own];
}

/** In curl's own syntax: `Name:` leaves a header out, `Name;` sends it without a value. */
function headerWord([name, value]: RawHeaders[number], { tokens }: Confidential): string {
  if (tokens.has(name.toLowerCase())) return `${quoted(`${name}: `)}${TOKEN}`;
  if (name.endsWith(':')) return quoted(name);
  return shellWord(value === '' ? `${name};` : `${name}: ${value}`);
}

function urlOf({ origin }: URL, path: string): string {
  const options = [
    ...(/\/(\.|%2e)/i.test(path) ? ['--path-as-is'] : []),
    ...(/[[\]{}]/.test(path) ? ['--globoff'] : []),
  ];
  return [...options, shellWord(origin + path)].join(' ');
}

/** The option for a body, and what comes before the command. */
function bodyOf(body: Buffer): { readonly input: string; readonly option: string } {
  const text = body.toString('latin1');
  if (body.length <= MAX_TEXT_BYTES && PLAIN.test(text)) return { input: '', option: `--data-raw ${quoted(text)}` };
  const isLarge = body.length > MAX_TEXT_BYTES;
  const encoded = (isLarge ? gzipSync(body, { level: 9 }) : body).toString('base64');
  return {
    input: `printf %s '${encoded}' | base64 -d |${isLarge ? ' gunzip |' : ''} \\\n  `,
    option: '--data-binary @-',
  };
}

/** @param text one byte per character */
function shellWord(text: string): string {
  return PLAIN.test(text) ? quoted(text) : `"$(printf '${[...text].map(octal).join('')}')"`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Letters, digits and some punctuation stay; the rest becomes an escape of `printf`. */
function octal(character: string): string {
  return /^[\w :;=,./+-]$/.test(character) ? character : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

/** Whether the secret is in a text, as it is or in base64. */
function disclosesSecret(text: string, confidential: Confidential): boolean {
  return secretForms(confidential).some((form) => text.includes(form));
}
