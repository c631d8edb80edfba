import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { readSecret } from '../../cli/read-secret.ts';

/** A terminal at which these keys are pressed once it asks, and what it shows. */
async function atTerminal(keys: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  output.once('data', () => setImmediate(() => input.write(keys)));
  const shown = text(output.pipe(new PassThrough()));
  const secret = await readSecret('New secret:', input, output).catch((error: Error) => error);
  output.end();
  return { secret, shown: await shown };
}

describe('reading a secret from a terminal', () => {
  it('shows the prompt but never the secret, even after Ctrl-T', async () => {
    const { secret, shown } = await atTerminal(' hu\x14sh \x14\r');
    expect(secret).toBe('hush');
    expect(shown).toContain('New secret:');
    expect(shown).not.toContain('hush');
    expect(shown).not.toContain('*');
  });

  it.each([
    ['nothing', '\r', 'The secret is empty. Nothing was changed.'],
    ['Ctrl-C', 'hush\x03', 'Cancelled. Nothing was changed.'],
  ])('is refused after %s', async (_, keys, message) => {
    const { secret, shown } = await atTerminal(keys);
    expect(secret).toMatchObject({ message });
    expect(shown).not.toContain('hush');
  });
});
