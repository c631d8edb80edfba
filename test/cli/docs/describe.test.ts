import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { customDefinitions } from '../../../samples/custom-definitions.ts';
import { runCommand } from '../../support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-describe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = join(folder, 'inbox.json');
const content = '{method}\n{timestamp}\n{body}';
const harbor = {
  provider: 'custom',
  ...customDefinitions.slack,
  title: 'Harbor',
  documentation: 'https://harbor.example/docs',
  signature: { ...customDefinitions.slack.signature, content },
  event: {
    ...customDefinitions.slack.event,
    data: { ship: { pointer: '/ship/name' }, tonnes: { pointer: '/tonnes', type: 'number' } },
  },
  acknowledgement: { status: 202 },
};
const sources = {
  harbor,
  weak: { provider: 'custom', ...customDefinitions.gitlab },
  published: { provider: 'custom', ...customDefinitions['google-pubsub'] },
  acme: { provider: 'acme' },
};
writeFileSync(config, JSON.stringify({ providers: { acme: { entry: 'examples/own-provider/acme.ts' } }, sources }));

const describePage = async (...args: string[]) => await runCommand('describe', args, {});

it('A page says how a custom source is signed, read and answered, and has a signed request', async () => {
  const { stdout, status } = await describePage('harbor', '--config', config, '--base-url', 'https://in.example/');
  expect(status).toBe(0);
  for (const text of [
    '# Harbor (harbor)\n',
    '`POST https://in.example/webhooks/harbor`',
    "[The sender's documentation](https://harbor.example/docs)",
    '| signature | `x-slack-signature` `x-slack-request-timestamp` |',
    `| content | \`${JSON.stringify(content)}\` |`,
    '| secret | shared with the sender |',
    '| covers | bytes: every byte.',
    '| tolerance | 300 s |',
    '| id | `event_id` |',
    '| timestamp | header `X-Slack-Request-Timestamp` |',
    '| type | `event.type` |',
    '| data | ship: `ship.name`; tonnes: `tonnes`, number |',
    '## Handshakes\n\n| Field | Value |\n| - | - |\n| method | `POST` |\n| signed | yes |\n| when | `type` is `"url_verification"` |',
    '| challenge | `challenge` |\n| answer | 200 `{"challenge":"{challenge}"}` |',
    '202 without a body.',
    "-H 'x-slack-signature: v0=",
    "'https://in.example/webhooks/harbor'\n```",
    '## Warnings\n\nNone.',
  ]) {
    expect(stdout).toContain(text);
  }
});

it('The pages of all sources of a file are printed in order, with the warnings of each', async () => {
  const { stdout } = await describePage('--config', config);
  expect(stdout.match(/^# .*$/gm)).toEqual([
    '# Harbor (harbor)',
    '# Custom (weak)',
    '# Custom (published)',
    '# Acme (acme)',
  ]);
  expect(stdout).toContain('- signature.algorithm: a token signs nothing');
  expect(stdout).toContain('| secret | none, because the sender publishes its keys or its certificate |');
});

it('The page of a provider of the registry warns of headers that identify its events and are not signed', async () => {
  const { stdout } = await describePage('linear');
  expect(stdout).toContain(
    '- For 60 seconds, a captured request can be sent again with another value of `linear-delivery`',
  );
  expect((await describePage('stripe')).stdout).not.toContain('can be sent again');
});

it.each([
  ['no source and no file', [], 'Name a source, or the file that has yours: --config FILE.\n'],
  ['a source that there is not', ['harbour', '--config', config], 'Unknown source "harbour", did you mean harbor?\n'],
  [
    'a source of one’s own without its file',
    ['a-partner'],
    expect.stringMatching(
      /^Unknown source "a-partner"\. The sources are: .*\.\nSources of your own: --config FILE\.\n$/,
    ),
  ],
  ['two sources', ['harbor', 'weak', '--config', config], expect.stringMatching(/^Name one source only, not 2\./)],
])('%s: the message says what to name', async (_, args, message) => {
  expect(await describePage(...args)).toMatchObject({ status: 1, stdout: '', stderr: message });
});
