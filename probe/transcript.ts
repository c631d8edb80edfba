import type { Exchange } from './probe-report.ts';
import type { Answer, RawHeaders, WireRequest } from './wire.ts';

/** How much of a body is kept, in characters. */
const BODY_LENGTH = 300;
/** How much of a signature is shown, in characters. */
const SIGNATURE_LENGTH = 12;
/** How much of any other header is shown, in characters. */
const HEADER_LENGTH = 160;

/** What must never be written down. */
export interface Confidential {
  /** Secrets and keys. */
  readonly secrets: ReadonlySet<string>;
  /** Signatures that would be accepted. */
  readonly signatures: ReadonlySet<string>;
  /** Headers that hold one, in lower case. */
  readonly headers: ReadonlySet<string>;
  /** Whether the body holds one. */
  readonly isInBody: boolean;
}

/** Writes down a request and its answer, with secrets left out and signatures cut short. */
export function toExchange(what: string, sent: WireRequest, answer: Answer, confidential: Confidential): Exchange {
  const body = confidential.isInBody
    ? `${sent.body.length} bytes, in which the signature stands`
    : sent.body.toString();
  return writtenDown(what, sent, body, answer, confidential);
}

/** The same for bytes that are no proper request: their beginning. */
export function toBytesExchange(what: string, bytes: Buffer, answer: Answer, confidential: Confidential): Exchange {
  const text = bytes.toString('latin1');
  const shown = confidential.isInBody ? (text.split('\r\n\r\n')[0] ?? '') : text;
  return writtenDown(what, undefined, shown, answer, confidential);
}

type Head = Pick<WireRequest, 'method' | 'path' | 'headers'>;

function writtenDown(
  what: string,
  head: Head | undefined,
  body: string,
  answer: Answer,
  confidential: Confidential,
): Exchange {
  const lines = head ? [`${head.method} ${head.path}`, ...headerLines(head.headers, confidential), ''] : [];
  return {
    what,
    sent: clean([...lines, beginning(masked(body, confidential), BODY_LENGTH)].join('\n')),
    came: clean(masked(came(answer, confidential), confidential)),
    status: answer.status,
    milliseconds: answer.milliseconds,
  };
}

function came({ status, headers, text, failure }: Answer, confidential: Confidential): string {
  if (status === undefined) return failure ?? 'no answer';
  const body = beginning(masked(text, confidential), BODY_LENGTH);
  return [String(status), ...headerLines(headers, confidential), '', failure ? `${body} (${failure})` : body].join(
    '\n',
  );
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

/** Control characters as escapes, so that no answer can play with a terminal. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
