import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { parsePayload } from '../../../lambda/receiver/parse-payload.ts';
import { decode } from '../../../lambda/signature/algorithm.ts';
import { isJsonObject } from '../../../lambda/signature/json-body.ts';
import type { CapturedRequest } from '../captured-request.ts';
import type { Cause, CauseName } from '../causes.ts';
import { type Delivery, withBody } from '../delivery.ts';
import { jsonSpellings } from './json-spellings.ts';
import type { Repair } from './repair.ts';

type Change = readonly [CauseName, (body: Buffer) => readonly Buffer[]];

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

const CHANGES: readonly Change[] = [
  ['body-final-line-end', (body) => [trimmedEnd(body), trimmed(body), ...withEnds(body)]],
  ['body-line-ends', (body) => [inText(body, /\r\n/g, '\n'), inText(body, /\r?\n/g, '\r\n')]],
  ['body-bom', (body) => [body.subarray(0, 3).equals(BOM) ? body.subarray(3) : Buffer.concat([BOM, body])]],
  ['body-base64', (body) => [decode(body.toString('latin1').replace(/\s+/g, ''), 'base64') ?? body]],
  [
    'body-compressed',
    (body) => [gunzipSync, inflateSync, brotliDecompressSync].map((each) => decompressed(body, each)),
  ],
  ['body-in-json', textsIn],
  ['body-form', formsOf],
  ['body-charset', (body) => [Buffer.from(body.toString(), 'latin1'), Buffer.from(body.toString('latin1'))]],
  ['body-normal-form', (body) => (['NFC', 'NFD'] as const).map((form) => Buffer.from(body.toString().normalize(form)))],
];

/** The body as it may have been sent. */
export function* bodyRepairs(delivery: Delivery, captured: CapturedRequest): Generator<Repair> {
  const { body } = delivery.request;
  for (const { changed, ...cause } of changedBodies(body, captured)) {
    if (!changed.equals(body)) yield { ...cause, delivery: withBody(delivery, changed) };
  }
}

interface ChangedBody extends Cause {
  readonly changed: Buffer;
}

function* changedBodies(body: Buffer, { rest, body: captured }: CapturedRequest): Generator<ChangedBody> {
  // A body from a file has no Content-Length.
  if (body.equals(captured)) yield { name: 'body-beyond-length', changed: rest };
  for (const [name, change] of CHANGES) {
    for (const changed of change(body)) yield { name, changed };
  }
  for (const { label, text } of jsonSpellings(body)) {
    const detail = `the sender wrote it ${label}`;
    yield { name: 'body-serialised', detail, changed: Buffer.from(text) };
    yield { name: 'body-serialised', detail: `${detail}, with a line end`, changed: Buffer.from(`${text}\n`) };
  }
}

/** Bytes as text, without changing those that are no UTF-8. */
const inText = (body: Buffer, pattern: RegExp, replacement: string) =>
  Buffer.from(body.toString('latin1').replace(pattern, replacement), 'latin1');

const trimmedEnd = (body: Buffer) => Buffer.from(body.toString('latin1').trimEnd(), 'latin1');
const trimmed = (body: Buffer) =>
  Buffer.from(body.toString('latin1').replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''), 'latin1');
const withEnds = (body: Buffer) => ['\n', '\r\n', ' '].map((end) => Buffer.concat([body, Buffer.from(end)]));

/** More than a receiver accepts. */
const MAX_BYTES = 8 * 1024 * 1024;

function decompressed(body: Buffer, decompress: typeof gunzipSync): Buffer {
  try {
    return decompress(body, { maxOutputLength: MAX_BYTES });
  } catch {
    return body;
  }
}

/** The body in a JSON text, or in a field of the event that a function gets. */
function textsIn(body: Buffer): readonly Buffer[] {
  const value = readableJson(body);
  if (typeof value === 'string') return [Buffer.from(value), Buffer.from(value, 'base64')];
  if (!isJsonObject(value)) return [];
  const texts = ['body', 'rawBody', 'payload', 'data'].map((name) => value[name]);
  return texts.flatMap((text) => {
    if (typeof text === 'string') return [Buffer.from(text), Buffer.from(text, 'base64')];
    return isJsonObject(text) ? [Buffer.from(JSON.stringify(text))] : [];
  });
}

/** A form as it may have been sent: encoded again, or with JSON in a field. */
function formsOf(body: Buffer): readonly Buffer[] {
  const text = body.toString();
  const value = readableJson(body);
  const forms = [
    ...(isJsonObject(value) ? [encodedFields(value), `payload=${encodeURIComponent(text)}`] : []),
    ...(isJsonObject(value) ? [new URLSearchParams({ payload: text }).toString()] : []),
    ...(/^[\w.%+-]+=/.test(text) ? formSpellings(text) : []),
  ];
  return forms.map((form) => Buffer.from(form));
}

/** JSON that can be written again; undefined for any other body, and for one that is nested too deeply. */
function readableJson(body: Buffer): unknown {
  const parsed = parsePayload(body, { mediaType: 'application/json', hasItems: false });
  return 'unreadable' in parsed ? undefined : parsed.value;
}

const encodedFields = (value: object) =>
  new URLSearchParams(Object.entries(value).map(([name, each]): [string, string] => [name, String(each)])).toString();

/** A decoded form has "&" and "=" in its values, so only one with a single field can be encoded again. */
function formSpellings(text: string): readonly string[] {
  const form = new URLSearchParams(text);
  const at = text.indexOf('=') + 1;
  const [name, value] = [text.slice(0, at), text.slice(at)];
  return [
    form.toString(),
    form.toString().replaceAll('+', '%20'),
    name + encodeURIComponent(value),
    new URLSearchParams([[name.slice(0, -1), value]]).toString(),
    ...[...form.values()].slice(0, 5),
  ];
}
