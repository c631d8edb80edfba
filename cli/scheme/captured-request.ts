import { UsageError } from '../arguments.ts';
import { unfolded, withoutCurlMarks, withoutPseudoHeaders } from './captured-forms.ts';
import { decodedChunks } from './chunked-body.ts';

/** An HTTP/1.1 request, as it was captured. */
export interface CapturedRequest {
  /** Upper case. */
  readonly method: string;
  /** What the request line names: a path with a query string, or a URL. */
  readonly target: string;
  /** All values of each header, by its name in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** The names of the headers as they were written, by their names in lower case. */
  readonly names: ReadonlyMap<string, string>;
  /** The body: as many bytes as Content-Length says, and without the framing of chunks. */
  readonly body: Buffer;
  /** What follows the headers, to the end of the file. */
  readonly rest: Buffer;
  /** What Content-Length says. @default - the request has none */
  readonly contentLength: number | undefined;
}

/** More than a receiver accepts, with room for headers and for base64. */
const MAX_BYTES = 8 * 1024 * 1024;

/** More headers, and more bytes of them, than API Gateway and most servers accept. Each of them causes work. */
const MAX_HEADERS = 200;
const MAX_HEAD_BYTES = 64 * 1024;

const REQUEST_LINE = /^([A-Za-z]{1,20}) +((?:\/|https?:\/\/|\*$)\S*)(?: +HTTP\/\d(?:\.\d)?)?$/;

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const HEADER = /^([\w!#$%&'*+.^`|~-]+):(.*)$/;

/**
 * Reads a request as it was captured: the request line, the headers, a blank line and the bytes of the body. Lines before
 * the body end in CRLF or in LF. The head may also be as `curl -v` writes it, or as HTTP/2 has it.
 * @throws {UsageError} with the number of the line that is no part of a request; the message quotes nothing of it
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */
export function readCapturedRequest(bytes: Buffer): CapturedRequest {
  if (bytes.length > MAX_BYTES) throw new UsageError(`The request has more than ${MAX_BYTES} bytes.`);
  const { lines: sent, rest } = headAndRest(withoutCurlMarks(bytes));
  const lines = unfolded(withoutPseudoHeaders(sent));
  if (lines.length > MAX_HEADERS + 1 || bytes.length - rest.length > MAX_HEAD_BYTES) {
    throw new UsageError(
      `The request has more than ${MAX_HEADERS} headers, or ${MAX_HEAD_BYTES} bytes of them. ${FORM}`,
    );
  }
  const [first = '', ...others] = lines;
  const [, method, target] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined || target === undefined) {
    throw new UsageError(`Line 1 is no request line, such as "POST /webhooks/partner HTTP/1.1". ${FORM}`);
  }
  const fields = others.map((line, index) => headerIn(line, index + 2));
  const headers = Map.groupBy(fields, ({ name }) => name.toLowerCase());
  const values = new Map([...headers].map(([name, each]) => [name, each.map(({ value }) => value)]));
  const contentLength = lengthIn(values.get('content-length'));
  return {
    method: method.toUpperCase(),
    target,
    headers: values,
    names: new Map(fields.map(({ name }) => [name.toLowerCase(), name])),
    body: bodyOf(rest, values, contentLength),
    rest,
    contentLength,
  };
}

const FORM =
  'The file has a request line, headers, a blank line and the body, as they were sent; docs/scheme.md has an example.';

function headAndRest(bytes: Buffer): { readonly lines: readonly string[]; readonly rest: Buffer } {
  const lines: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    const line = lineIn(bytes, start, end);
    start = end + 1;
    if (line === '' && lines.length > 0) return { lines, rest: bytes.subarray(start) };
    if (line !== '') lines.push(line);
  }
  const last = lineIn(bytes, start, bytes.length);
  return { lines: last === '' ? lines : [...lines, last], rest: Buffer.alloc(0) };
}

const lineIn = (bytes: Buffer, start: number, end: number) => bytes.toString('latin1', start, end).replace(/\r$/, '');

function headerIn(line: string, number: number) {
  const [, name, value] = HEADER.exec(line) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`Line ${number} is neither a header nor blank. ${FORM}`);
  }
  return { name, value: value.trim() };
}

function lengthIn(values: readonly string[] | undefined): number | undefined {
  const [first, ...others] = values ?? [];
  if (first === undefined) return undefined;
  const isNumber = /^\d{1,12}$/.test(first) && others.every((each) => each === first);
  if (!isNumber) throw new UsageError('Content-Length is not one whole number.');
  return Number(first);
}

/** A tool that captures requests may write a chunked body without its chunks. */
function bodyOf(rest: Buffer, headers: CapturedRequest['headers'], length: number | undefined): Buffer {
  const isChunked = headers.get('transfer-encoding')?.some((value) => /\bchunked$/i.test(value)) ?? false;
  if (isChunked) return decodedChunks(rest);
  return length === undefined ? rest : rest.subarray(0, length);
}
