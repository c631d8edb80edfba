import { expect, it } from '@jest/globals';
import { progressOf } from '../../cli/progress.ts';

function shown(isTTY: boolean, everyMs?: number, texts = ['1 of 3', '1 of 3', '2 of 3']): string {
  let written = '';
  const output = {
    isTTY,
    write(text: string | Uint8Array) {
      written += text;
      return true;
    },
  };
  const progress = progressOf({ output, everyMs });
  for (const text of texts) progress.show(text);
  progress.end();
  return written;
}

it('progress replaces the text shown before on a terminal', () => {
  expect(shown(true, 60_000)).toBe('\r\x1b[K1 of 3\r\x1b[K2 of 3\n');
});

it('progress writes one line per new text if the output is not a terminal', () => {
  expect(shown(false)).toBe('1 of 3\n2 of 3\n');
});

it('progress skips texts that follow too soon if the output is not a terminal', () => {
  expect(shown(false, 60_000)).toBe('1 of 3\n');
});

it('progress passes on no control character', () => {
  expect(shown(true, 0, ['\u001b[2J\u009b\n\u202e1'])).toBe('\r\x1b[K\\u001b[2J\\u009b \\u202e1\n');
});
