import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { curlCommand } from '../../../cli/console/curl-command.ts';
import { printable } from '../../../cli/printable.ts';

const request = (body: Buffer) => ({
  method: 'POST',
  url: 'http://127.0.0.1:4000/',
  query: new URLSearchParams(),
  headers: new Map([['content-type', ['application/json']]]),
  body,
});

test('a body of plain text is in the command as it is', () => {
  expect(curlCommand(request(Buffer.from('{"a":"it\'s"}')))).toContain(`--data-binary '{"a":"it'\\''s"}'`);
});

test.each([
  ['escape sequences', Buffer.from('{"a":"\u001b[201~\u001b]0;x\u0007","b":"%s \\n \'"}')],
  ['bidirectional characters', Buffer.from('{"a":"\u202eabc"}')],
  ['bytes that are no text', Buffer.from([0, 255, 128, 10, 13, 37, 92, 39])],
])('a body with %s has none of them in the command, which sends the same bytes', (_, body) => {
  const command = curlCommand(request(body));
  const printed = command.slice(0, command.indexOf(' |\n'));

  expect(printable(command)).toBe(command);
  expect(command).toContain("--data-binary '@-'");
  expect(execFileSync('/bin/sh', ['-c', printed])).toEqual(body);
});

test('a header with bytes that a terminal may obey has none of them in the command, which sends the same bytes', () => {
  const headers = new Map([['x-topic', ['orders/\u009b31m\u00e9']]]);
  const command = curlCommand({ ...request(Buffer.from('{}')), headers });
  const [, word = ''] = /-H (.*) \\\n/.exec(command) ?? [];

  expect(command).toMatch(/^[ -~\n]*$/);
  expect(execFileSync('/bin/sh', ['-c', `printf %s ${word}`])).toEqual(
    Buffer.from('x-topic: orders/\u009b31m\u00e9', 'latin1'),
  );
});
