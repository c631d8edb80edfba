import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { BOUNDARIES } from './boundaries.ts';
import { importCycles } from './cycles.ts';
import { importsOf } from './imports.ts';
import { boundaryViolations } from './violations.ts';

test.each([
  ['lambda/signature/hmac.ts', 'node:fs'],
  ['lambda/signature/hmac.ts', 'valibot'],
  ['lambda/signature/hmac.ts', 'lambda/providers/fields.ts'],
  ['lambda/providers/stripe.ts', 'node:crypto'],
  ['lambda/providers/stripe.ts', 'lambda/events/event-item.ts'],
  ['lambda/providers/meta/meta.ts', 'lambda/receiver/problem.ts'],
  ['lambda/aws/deadline.ts', '@aws-sdk/client-dynamodb'],
  ['lambda/events/event-item.ts', '@aws-sdk/lib-dynamodb'],
  ['lambda/events/event-item.ts', 'lambda/providers/provider.ts'],
  ['lambda/events/event-item.ts', 'lambda/events/dynamodb-event-store.ts'],
  ['lambda/events/dynamodb-event-store.ts', 'lambda/secrets/signing-secret.ts'],
  ['lambda/secrets/cached-secrets.ts', '@aws-sdk/client-secrets-manager'],
  ['lambda/secrets/cached-secrets.ts', 'lambda/events/event-store.ts'],
  ['lambda/secrets/secrets-manager.ts', 'lambda/telemetry/log-line.ts'],
  ['lambda/telemetry/log-line.ts', 'node:os'],
  ['lambda/telemetry/log-line.ts', 'lambda/events/event-store.ts'],
  ['lambda/receiver/problem.ts', '@aws-sdk/client-dynamodb'],
  ['lambda/receiver/problem.ts', 'lambda/receiver/middleware/find-source.ts'],
  ['lambda/receiver/problem.ts', 'lambda/forwarder/config.ts'],
  ['lambda/receiver/middleware/find-source.ts', '@aws-sdk/client-dynamodb'],
  ['lambda/receiver/middleware/find-source.ts', 'lambda/events/dynamodb-event-store.ts'],
  ['lambda/receiver/middleware/find-source.ts', 'lambda/providers/index.ts'],
  ['lambda/receiver/middleware/find-source.ts', 'lambda/receiver/receiver.ts'],
  ['lambda/receiver/middleware/find-source.ts', 'lambda/forwarder/bus-entry.ts'],
  ['lambda/receiver/receiver.ts', '@aws-sdk/client-dynamodb'],
  ['lambda/receiver/receiver.ts', 'lambda/secrets/secrets-manager.ts'],
  ['lambda/receiver/receiver.ts', 'lambda/secrets/cached-secrets.ts'],
  ['lambda/receiver/handler.ts', 'lambda/forwarder/eventbridge-bus.ts'],
  ['lambda/receiver/handler.ts', 'lib/sources.ts'],
  ['lambda/forwarder/bus-entry.ts', '@aws-sdk/client-eventbridge'],
  ['lambda/forwarder/forwarder.ts', 'lambda/forwarder/sqs-dead-letters.ts'],
  ['lambda/forwarder/eventbridge-bus.ts', '@aws-sdk/client-sqs'],
  ['lambda/forwarder/bus-entry.ts', 'lambda/receiver/source.ts'],
  ['lambda/forwarder/eventbridge-bus.ts', '@aws-sdk/client-dynamodb'],
  ['lambda/forwarder/forwarder.ts', '@aws-sdk/client-eventbridge'],
  ['lambda/forwarder/forwarder.ts', 'lambda/forwarder/eventbridge-bus.ts'],
  ['lambda/forwarder/handler.ts', 'lambda/receiver/config.ts'],
  ['lib/sources.ts', '@aws-sdk/client-dynamodb'],
  ['lib/sources.ts', 'lambda/receiver/handler.ts'],
  ['lib/sources.ts', 'cli/arguments.ts'],
  ['lib/api/tls.ts', 'lambda/signature/hmac.ts'],
  ['consumer/once.ts', '@aws-sdk/lib-dynamodb'],
  ['consumer/once.ts', 'valibot'],
  ['consumer/inbox-event.ts', 'lambda/providers/index.ts'],
  ['consumer/inbox-event.ts', 'lambda/forwarder/bus-entry.ts'],
  ['consumer/inbox-event.ts', 'lib/sources.ts'],
  ['consumer/inbox-event.ts', 'examples/consumer/sources.ts'],
  ['consumer/read-payload.ts', 'lambda/payloads/s3-payload-bucket.ts'],
  ['examples/consumer/sources.ts', 'consumer/inbox-event.ts'],
  ['examples/consumer/sources.ts', 'lambda/providers/index.ts'],
  ['examples/consumer/sources.ts', 'stripe'],
  ['samples/sample.ts', 'lib/sources.ts'],
  ['samples/sample.ts', 'lambda/receiver/source.ts'],
  ['cli/local/start.ts', 'probe/probe.ts'],
  ['cli/operate/replay.ts', 'bench/load.ts'],
  ['probe/probe.ts', '@aws-sdk/client-dynamodb'],
  ['probe/probe.ts', 'lambda/receiver/receiver.ts'],
  ['probe/checks/size.ts', 'cli/local/start.ts'],
  ['bench/load.ts', 'probe/probe.ts'],
  ['bin/webhook-inbox.ts', '@aws-sdk/client-dynamodb'],
  ...[
    'lambda/receiver/handler.ts',
    'consumer/once.ts',
    'examples/consumer/sources.ts',
    'lib/sources.ts',
    'samples/sample.ts',
    'cli/local/start.ts',
    'probe/probe.ts',
  ].flatMap((file) => [
    [file, 'bin/app.ts'],
    [file, 'test/support/inbox.ts'],
  ]),
  ['bench/load.ts', 'bin/app.ts'],
  ['bench/load.ts', 'test/support/inbox.ts'],
  ['bin/webhook-inbox.ts', 'test/support/inbox.ts'],
  ['test/support/inbox.ts', 'bin/app.ts'],
])('lint refuses an import in %s of %s', (file, target) => {
  const specifier = target.endsWith('.ts') ? `./${relative(dirname(file), target)}` : target;

  expect(violations(file, `import '${specifier}';`)).toEqual([
    expect.stringContaining(`${file}:1 imports ${target}. `),
  ]);
});

test.each([
  ['lambda/signature/hmac.ts', "import { crc32 } from 'node:zlib'"],
  ['lambda/providers/meta/meta.ts', "import { hmac } from '../../signature/hmac.ts'"],
  ['lambda/events/dynamodb-event-store.ts', "import { PutCommand } from '@aws-sdk/lib-dynamodb'"],
  ['lambda/receiver/middleware/find-source.ts', "import type { Provider } from '../../providers/provider.ts'"],
  ['lambda/receiver/handler.ts', "import { dynamodbEventStore } from '../events/dynamodb-event-store.ts'"],
  ['lib/api/tls.ts', "import { Api } from 'aws-cdk-lib/aws-apigateway'"],
  ['consumer/inbox-event.ts', "import type { ProviderName } from '../lambda/providers/index.ts'"],
  ['consumer/read-payload.ts', "import { decodePayload } from '../lambda/payloads/decode-payload.ts'"],
  ['examples/consumer/sources.ts', "import type { InboxEvent } from 'webhook-inbox/consumer'"],
  ['cli/local/start.ts', "import { handler } from '../../lambda/receiver/handler.ts'"],
  ['bench/load.ts', "import { z } from 'zod'"],
  ['bin/webhook-inbox.ts', "import('../cli/local/start.ts')"],
])('lint allows in %s: %s', (file, text) => {
  expect(violations(file, text)).toEqual([]);
});

test.each([
  "import { x } from '../events/event-item.ts'",
  "import type { X } from '../events/event-item.ts'",
  "import * as x from '../events/event-item.ts'",
  "export { x } from '../events/event-item.ts'",
  "export type { X } from '../events/event-item.ts'",
  "export * from '../events/event-item.ts'",
  "const x = await import('../events/event-item.ts')",
  "let x: import('../events/event-item.ts').X",
])('lint sees the import in: %s', (text) => {
  expect(violations('lambda/providers/stripe.ts', text)).toHaveLength(1);
});

test('lint names the line, and what the folder may import', () => {
  const text = "import * as v from 'valibot';\nimport type { EventItem } from '../events/event-item.ts';";

  expect(violations('lambda/providers/stripe.ts', text)).toEqual([
    'lambda/providers/stripe.ts:2 imports a type of lambda/events/event-item.ts. ' +
      'lambda/providers may import its own files, lambda/signature, valibot.',
  ]);
});

test('lint refuses a file in a folder without a row', () => {
  expect(violations('lambda/reconciler/handler.ts', '')).toEqual([
    'lambda/reconciler/handler.ts is in no folder of test/boundaries/boundaries.ts. Add a row.',
  ]);
});

test.each(['import', 'import type'])('lint refuses a cycle by %s', (keyword) => {
  const graph = new Map([
    ['lib/a.ts', importsOf('lib/a.ts', `${keyword} { B } from './api/b.ts'`)],
    ['lib/api/b.ts', importsOf('lib/api/b.ts', `${keyword} { C } from '../c.ts'`)],
    ['lib/c.ts', importsOf('lib/c.ts', `${keyword} { A } from './a.ts'`)],
  ]);

  expect(importCycles(graph)).toEqual(['Import cycle: lib/a.ts → lib/api/b.ts → lib/c.ts → lib/a.ts.']);
});

test('files that import the same file are no cycle', () => {
  const graph = new Map([
    ['lib/a.ts', importsOf('lib/a.ts', "import './b.ts'; import './c.ts'")],
    ['lib/b.ts', importsOf('lib/b.ts', "import './c.ts'")],
    ['lib/c.ts', []],
  ]);

  expect(importCycles(graph)).toEqual([]);
});

test('npm run lint fails on a forbidden import and on a cycle, and passes without them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  try {
    expect(lint(folder, "export const a = 'a';")).toEqual({ status: 0, stderr: '' });
    expect(lint(folder, "import '@aws-sdk/client-sqs';\nimport './a.ts';")).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        /^samples\/a\.ts:1 imports @aws-sdk\/client-sqs\. .+\nImport cycle: samples\/a\.ts → samples\/a\.ts\.\n$/,
      ),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('npm run lint runs the check', () => {
  expect(JSON.parse(readFileSync('package.json', 'utf8')).scripts.lint).toContain('test/boundaries/lint.ts');
});

test.each(BOUNDARIES)('the row of $of names a folder or a file that exists', ({ of }) => {
  expect(existsSync(of)).toBe(true);
});

test('the table in CONTRIBUTING.md is the one that lint enforces', () => {
  const [, section = ''] = readFileSync('CONTRIBUTING.md', 'utf8').split(/^## Module boundaries$|^## Commands$/m);

  expect(section.split('\n').filter((line) => line.startsWith('|'))).toEqual([
    '| files | may import |',
    '|-|-|',
    ...BOUNDARIES.map(({ of, imports }) => `| \`${of}\` | ${imports.map(inWords).join(', ') || '–'} |`),
  ]);
});

/** The violations of a file that holds `text`. */
function violations(file: string, text: string): string[] {
  return boundaryViolations(new Map([[file, importsOf(file, text)]]));
}

/** Runs the check in `folder`, which holds the text in a file of samples. */
function lint(folder: string, text: string): { status: number | null; stderr: string } {
  mkdirSync(join(folder, 'samples'), { recursive: true });
  writeFileSync(join(folder, 'samples/a.ts'), text);
  const { status, stderr } = spawnSync(process.execPath, [resolve('test/boundaries/lint.ts')], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stderr };
}

/** An entry of a row as CONTRIBUTING.md has it. */
function inWords(entry: string): string {
  if (entry === 'npm:*') return 'any package';
  return entry.startsWith('type ') ? `\`${entry.slice('type '.length)}\` by type` : `\`${entry}\``;
}
