import { expect, it } from '@jest/globals';
import { handedOutSecret } from '../../../lambda/signature/handed-out-secret.ts';

it.each(['a'.repeat(16), 'a'.repeat(128), 'Az09_+/=.~$-Az09'])('A secret may be handed out as %s', (secret) => {
  expect(handedOutSecret(secret)).toBe(secret);
});

it.each([
  ['15 characters', 'a'.repeat(15)],
  ['129 characters', 'a'.repeat(129)],
  ['a colon', `handshake-key:${'a'.repeat(16)}`],
  ['a blank', `${'a'.repeat(16)} b`],
  ['a line break at its end', `${'a'.repeat(16)}\n`],
  ['a line break at its start', `\n${'a'.repeat(16)}`],
  ['markup', `<b>${'a'.repeat(16)}`],
  ['a character of a terminal', `\u001b${'a'.repeat(16)}`],
  ['a letter beyond ASCII', `${'a'.repeat(16)}é`],
  ['a list around it', ['a'.repeat(16)]],
  ['nothing in it', undefined],
])('No secret is handed out with %s', (_, value) => {
  expect(handedOutSecret(value)).toBeUndefined();
});
