import { UsageError } from '../arguments.ts';

/** The line before a chunk: its size in hexadecimal, and extensions. */
const SIZE_LINE = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i;

/**
 * Removes the framing of a chunked body. Bytes that do not begin with the size of a chunk have no framing, and stay as they
 * are.
 * @throws {UsageError} if a chunk is cut off, or is followed by something else than a chunk
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-7.1
 */
export function decodedChunks(bytes: Buffer): Buffer {
  if (sizeAt(bytes, 0) === undefined) return bytes;
  const chunks: Buffer[] = [];
  let at = 0;
  for (let line = sizeAt(bytes, at); line?.size !== 0; line = sizeAt(bytes, at)) {
    const end = line === undefined ? Number.POSITIVE_INFINITY : line.start + line.size;
    if (line === undefined || end > bytes.length) throw new UsageError(`The chunked body breaks off at byte ${at}.`);
    chunks.push(bytes.subarray(line.start, end));
    at = end + lineEndAt(bytes, end);
  }
  return Buffer.concat(chunks);
}

function sizeAt(bytes: Buffer, at: number): { readonly size: number; readonly start: number } | undefined {
  const end = bytes.indexOf(10, at);
  const line = bytes.toString('latin1', at, end < 0 ? bytes.length : end).replace(/\r$/, '');
  const size = SIZE_LINE.exec(line)?.[1];
  return size === undefined ? undefined : { size: Number.parseInt(size, 16), start: end < 0 ? bytes.length : end + 1 };
}

function lineEndAt(bytes: Buffer, at: number): number {
  if (bytes[at] === 10) return 1;
  return bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : 0;
}
