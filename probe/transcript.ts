import type { Exchange } from './probe-report.ts';
import type { RawHeaders, WireRequest, WireResponse } from './wire.ts';

/** Characters of a body that a report contains. */
const BODY_LENGTH = 300;
/** Characters of a signature header that a report contains. */
const SIGNATURE_LENGTH = 12;
/** Characters of any other header that a report contains. */
const HEADER_LENGTH = 160;

/** What a report must not contain. */
export interface Confidential {
  /** Secrets and keys. */
  readonly secrets: ReadonlySet<string>;
  /** Signatures that the endpoint would accept. */
  readonly signatures: ReadonlySet<string>;
  /** Headers of signatures, in lower case. */
  readonly headers: ReadonlySet<string>;
  /** Whether the body contains the signature. */
  readonly isInBody: boolean;
}

/** Records a request and its response, without secrets and with truncated signatures. */
export function toExchange(
  what: string,
  request: WireRequest,
  response: WireResponse,
  confidential: Confidential,
): Exchange {
  const body = confidential.isInBody
    ? `${request.body.length} bytes, which contain the signature`
    : request.body.toString();
  const head = [`${request.method} ${request.path}`, ...headerLines(request.headers, confidential), ''];
  return recorded(what, [...head, beginning(masked(body, confidential), BODY_LENGTH)], response, confidential);
}

/** Records raw bytes and the response to them. */
export function toBytesExchange(
  what: string,
  bytes: Buffer,
  response: WireResponse,
  confidential: Confidential,
): Exchange {
  const text = bytes.toString('latin1');
  const shown = confidential.isInBody ? (text.split('\r\n\r\n')[0] ?? '') : text;
  return recorded(what, [beginning(masked(shown, confidential), BODY_LENGTH)], response, confidential);
}

function recorded(
  what: string,
  requestLines: readonly string[],
  response: WireResponse,
  confidential: Confidential,
): Exchange {
  return {
    what,
    request: escaped(requestLines.join('\n')),
    response: escaped(masked(responseText(response, confidential), confidential)),
    status: response.status,
    milliseconds: response.milliseconds,
  };
}

function responseText({ status, headers, text, failure }: WireResponse, confidential: Confidential): string {
  if (status === undefined) return failure ?? 'no response';
  const body = beginning(masked(text, confidential), BODY_LENGTH);
  const lines = [String(status), ...headerLines(headers, confidential), '', failure ? `${body} (${failure})` : body];
  return lines.join('\n');
}

function headerLines(headers: RawHeaders, confidential: Confidential): string[] {
  return headers.map(([name, value]) => {
    const length = confidential.headers.has(name.toLowerCase()) ? SIGNATURE_LENGTH : HEADER_LENGTH;
    return `${beginning(name, HEADER_LENGTH)}: ${beginning(masked(value, confidential), length)}`;
  });
}

function beginning(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function masked(text: string, { secrets, signatures }: Confidential): string {
  let left = text;
  for (const secret of secrets) if (secret) left = left.replaceAll(secret, '…');
  for (const signature of signatures) left = left.replaceAll(signature, `${signature.slice(0, 6)}…`);
  return left;
}

/** Escapes control characters, so that a response cannot control a terminal. */
function escaped(text: string): string {
  return text.replace(/(?![\t\n])\p{Cc}/gu, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
