import { isUtf8 } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import { beginning, compareRequests, type HeaderText, type RequestText } from './compare-requests.ts';
import type { Confidential } from './confidential.ts';
import { curlCommand } from './curl-command.ts';
import type { CurlCommand, Exchange } from './probe-report.ts';
import type { RawHeaders, WireRequest, WireResponse } from './wire.ts';
import { withoutTokenParts } from './without-token-parts.ts';

/** Characters of a body that a report contains. */
const BODY_LENGTH = 300;
/** Characters of a signature header that a report contains. */
const SIGNATURE_LENGTH = 12;
/** Characters of any other header that a report contains. */
const HEADER_LENGTH = 160;
/** Characters of all headers of a request or a response that a report contains. */
const HEADERS_LENGTH = 1_500;

/** A response, and what the check says about it. */
export interface Observation {
  /** Description of the request. */
  readonly what: string;
  /** The response that the check wants, in a sentence. */
  readonly expected: string | undefined;
  readonly response: WireResponse;
}

/** A request as sent. */
export interface Sending {
  readonly url: URL;
  readonly request: WireRequest;
  /** The request that it was changed from; undefined if it is not known. */
  readonly genuine: WireRequest | undefined;
  /** Names of headers whose differences are not marked, in lower case. */
  readonly unmarked: readonly string[];
}

/** Records a request and its response, without secrets. Only the command contains a whole signature. */
export function toExchange(
  observation: Observation,
  { url, request, genuine, unmarked }: Sending,
  confidential: Confidential,
): Exchange {
  const text = textOf(request, confidential);
  const comparison = genuine && compareRequests(textOf(genuine, confidential), text, unmarked);
  const lines = [text.start, ...bounded(text.headers.map(({ line }) => line)), ''];
  return {
    ...observed(observation, confidential),
    request: [...lines, beginning(text.body, BODY_LENGTH)].join('\n'),
    comparison,
    command: curlCommand(url, request, confidential),
  };
}

const NO_COMMAND: CurlCommand = { text: undefined, note: 'There is no command, because curl cannot send these bytes.' };

/** Records raw bytes and the response to them. */
export function toBytesExchange(observation: Observation, bytes: Buffer, confidential: Confidential): Exchange {
  const text = bytes.toString('latin1');
  const shown = confidential.isInBody ? (text.split('\r\n\r\n')[0] ?? '') : text;
  return {
    ...observed(observation, confidential),
    request: escaped(beginning(masked(withoutTokens(shown, confidential), confidential), BODY_LENGTH)),
    comparison: undefined,
    command: NO_COMMAND,
  };
}

function withoutTokens(bytes: string, { tokens }: Confidential): string {
  return bytes.replace(/^([\w-]+): .*$/gm, (line, name: string) =>
    tokens.has(name.toLowerCase()) ? `${name}: …` : line,
  );
}

function observed({ what, expected, response }: Observation, confidential: Confidential) {
  const { status, milliseconds } = response;
  const text = escaped(masked(responseText(response, confidential), confidential));
  return { what, expected, verdict: undefined, response: text, status, milliseconds };
}

function textOf({ method, path, headers, body }: WireRequest, confidential: Confidential): RequestText {
  const [place, query] = path.split('?', 2);
  const target = confidential.isInBody && query !== undefined ? `${place}?…` : path;
  return {
    start: escaped(`${method} ${target}`),
    headers: headers.map((header) => headerText(header, confidential)),
    body: confidential.isInBody
      ? `${body.length} bytes, which may contain the signature`
      : escaped(masked(bodyText(body), confidential)),
  };
}

/** Bytes that are not UTF-8 become escapes such as `\xff`. */
function bodyText(body: Buffer): string {
  return isUtf8(body) ? body.toString() : withByteEscapes(body.toString('latin1'));
}

function headerText([name, value]: RawHeaders[number], confidential: Confidential): HeaderText {
  return { name: name.toLowerCase(), value, line: escaped(headerLine(name, value, confidential)) };
}

function responseText({ status, headers, text, failure }: WireResponse, confidential: Confidential): string {
  if (status === undefined) return failure ?? 'no response';
  const body = beginning(masked(text, confidential), BODY_LENGTH);
  const lines = headers.map(([name, value]) => headerLine(name, value, confidential));
  const start = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  return [start, ...bounded(lines), '', failure ? `${body} (${failure})` : body].join('\n');
}

function headerLine(name: string, value: string, confidential: Confidential): string {
  if (confidential.tokens.has(name.toLowerCase())) return `${name}: … (${value.length} characters)`;
  const length = confidential.headers.has(name.toLowerCase()) ? SIGNATURE_LENGTH : HEADER_LENGTH;
  const [shownName, shownValue] = [name, masked(value, confidential)].map(withByteEscapes);
  return `${beginning(shownName ?? '', HEADER_LENGTH)}: ${beginning(shownValue ?? '', length, value.length)}`;
}

function bounded(lines: readonly string[]): readonly string[] {
  const shown: string[] = [];
  let left = HEADERS_LENGTH;
  for (const line of lines) {
    left -= line.length;
    if (left < 0) return [...shown, `… and ${lines.length - shown.length} more headers`];
    shown.push(line);
  }
  return shown;
}

function masked(text: string, confidential: Confidential): string {
  const { secrets, signatures } = confidential;
  let left = text;
  for (const secret of secrets) if (secret) left = left.replaceAll(secret, '…');
  for (const signature of signatures) left = left.replaceAll(signature, `${signature.slice(0, 6)}…`);
  return withoutTokenParts(left, confidential);
}

/** @param text one byte per character */
const withByteEscapes = (text: string) => text.replace(/[\x80-\xff]/g, escapedByte);

/** Escapes control characters, so that a response cannot control a terminal. */
const escaped = (text: string) => text.replace(/(?![\t\n])\p{Cc}/gu, escapedByte);

const escapedByte = (character: string) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
