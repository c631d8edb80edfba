import { isUtf8 } from 'node:buffer';
import { keepNumber } from '../../../lambda/receiver/parse-payload.ts';
import { printable } from '../../printable.ts';

/** A payload as text for a terminal: JSON is indented, and its numbers are as they were sent. */
export function payloadText(payload: Buffer): string {
  if (!isUtf8(payload)) return 'The payload is not text. --raw writes its bytes.';
  const text = payload.toString();
  return printable(indented(text) ?? text);
}

/** Writes the bytes of a payload to standard output; on a terminal, control characters are escaped. */
export function writePayload(payload: Buffer): void {
  process.stdout.write(process.stdout.isTTY ? printable(payload.toString()) : payload);
}

/** @returns undefined unless it is JSON, not nested too deeply to be written again */
function indented(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text, keepNumber), undefined, 2);
  } catch {
    return undefined;
  }
}
