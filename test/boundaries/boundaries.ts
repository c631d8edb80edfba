/** What the code of one folder, or one file, may import besides its own folder's files. */
export interface Boundary {
  /** A folder with all folders in it, or a file. Nested rows are apart: the longest row that fits a file governs it. */
  readonly of: string;
  /**
   * Each is another row, a file, a package, or a prefix that ends in `*`. A row does not include the rows within it.
   * `type …` allows `import type` only; `npm:*` allows any package.
   */
  readonly imports: readonly string[];
}

/**
 * The module boundaries. A new file falls under its folder's row; a new folder in lambda needs a row.
 * The files that talk to AWS have rows, so that only a handler, which names them, can import them.
 */
export const BOUNDARIES: readonly Boundary[] = [
  { of: 'lambda/cache', imports: [] },
  { of: 'lambda/signature', imports: ['lambda/cache', 'node:crypto', 'node:zlib'] },
  { of: 'lambda/providers', imports: ['lambda/signature', 'valibot'] },
  { of: 'lambda/aws', imports: [] },
  { of: 'lambda/aws/document-client.ts', imports: ['@aws-sdk/*'] },
  { of: 'lambda/aws/is-malformed-request.ts', imports: ['@aws-sdk/*'] },
  { of: 'lambda/payloads', imports: ['node:buffer', 'node:crypto', 'node:zlib'] },
  { of: 'lambda/payloads/s3-payload-bucket.ts', imports: ['lambda/payloads', 'lambda/aws', '@smithy/signature-v4'] },
  { of: 'lambda/events', imports: ['lambda/payloads', 'node:crypto'] },
  {
    of: 'lambda/events/dynamodb-event-store.ts',
    imports: ['lambda/events', 'lambda/payloads', 'lambda/aws', 'lambda/aws/is-malformed-request.ts', '@aws-sdk/*'],
  },
  { of: 'lambda/quarantine', imports: ['lambda/payloads'] },
  {
    of: 'lambda/quarantine/dynamodb-quarantine.ts',
    imports: ['lambda/quarantine', 'lambda/payloads', 'lambda/aws', 'lambda/aws/is-malformed-request.ts', '@aws-sdk/*'],
  },
  { of: 'lambda/secrets', imports: ['lambda/cache'] },
  { of: 'lambda/secrets/secrets-manager.ts', imports: ['lambda/secrets', 'lambda/aws', '@aws-sdk/*'] },
  { of: 'lambda/telemetry', imports: [] },
  {
    of: 'lambda/storage',
    imports: ['lambda/events', 'lambda/quarantine', 'type lambda/payloads', 'type lambda/telemetry'],
  },
  {
    of: 'lambda/overflow-queue',
    imports: ['type lambda/storage', 'type lambda/payloads', 'node:buffer', 'node:zlib'],
  },
  {
    of: 'lambda/overflow-queue/sqs-overflow-queue.ts',
    imports: ['lambda/overflow-queue', 'lambda/aws', '@aws-sdk/client-sqs'],
  },
  { of: 'lambda/overflow', imports: ['lambda/payloads', 'valibot'] },
  {
    of: 'lambda/overflow/overflow.ts',
    imports: [
      'lambda/overflow',
      'lambda/aws',
      'lambda/overflow-queue',
      'lambda/storage',
      'lambda/telemetry',
      'type aws-lambda',
    ],
  },
  {
    of: 'lambda/overflow/handler.ts',
    imports: [
      'lambda/overflow',
      'lambda/overflow/overflow.ts',
      'lambda/aws',
      'lambda/aws/document-client.ts',
      'lambda/events/dynamodb-event-store.ts',
      'lambda/payloads/s3-payload-bucket.ts',
      'lambda/quarantine/dynamodb-quarantine.ts',
      'lambda/telemetry',
      '@aws-sdk/*',
    ],
  },
  {
    of: 'lambda/receiver',
    imports: [
      'lambda/providers',
      'lambda/signature',
      'lambda/events',
      'lambda/quarantine',
      'lambda/telemetry',
      'lambda/payloads',
      'type lambda/storage',
      '@middy/*',
      'type aws-lambda',
      'node:buffer',
      'node:crypto',
      'valibot',
    ],
  },
  {
    of: 'lambda/receiver/deployed-sources.ts',
    imports: ['type lambda/receiver', 'node:fs', 'node:path', 'node:url'],
  },
  {
    of: 'lambda/receiver/middleware',
    imports: [
      'lambda/receiver',
      'lambda/signature',
      'lambda/events',
      'lambda/telemetry',
      'lambda/storage',
      'type lambda/aws',
      'type lambda/overflow-queue',
      'type lambda/providers',
      'type lambda/quarantine',
      'type lambda/secrets',
      '@middy/*',
      'type aws-lambda',
      'node:util',
    ],
  },
  {
    of: 'lambda/receiver/receiver.ts',
    imports: [
      'lambda/receiver',
      'lambda/receiver/middleware',
      'lambda/aws',
      'lambda/signature',
      'type lambda/events',
      'type lambda/secrets',
      'type lambda/telemetry',
      'type aws-lambda',
    ],
  },
  {
    of: 'lambda/receiver/handler.ts',
    imports: [
      'lambda/receiver',
      'lambda/receiver/deployed-sources.ts',
      'lambda/receiver/receiver.ts',
      'lambda/aws',
      'lambda/aws/document-client.ts',
      'lambda/events/dynamodb-event-store.ts',
      'lambda/overflow-queue/sqs-overflow-queue.ts',
      'lambda/payloads/s3-payload-bucket.ts',
      'lambda/quarantine/dynamodb-quarantine.ts',
      'lambda/secrets',
      'lambda/secrets/secrets-manager.ts',
      'lambda/telemetry',
      '@aws-sdk/*',
    ],
  },
  {
    of: 'lambda/forwarder',
    imports: [
      'type lambda/events',
      'lambda/payloads',
      'type @aws-sdk/client-dynamodb',
      '@aws-sdk/util-dynamodb',
      'type aws-lambda',
      'node:buffer',
      'valibot',
    ],
  },
  { of: 'lambda/forwarder/eventbridge-bus.ts', imports: ['lambda/forwarder', '@aws-sdk/client-eventbridge'] },
  { of: 'lambda/forwarder/sqs-dead-letters.ts', imports: ['lambda/forwarder', '@aws-sdk/client-sqs'] },
  {
    of: 'lambda/forwarder/forwarder.ts',
    imports: ['lambda/forwarder', 'type lambda/events', 'lambda/telemetry', 'type aws-lambda'],
  },
  {
    of: 'lambda/forwarder/handler.ts',
    imports: [
      'lambda/forwarder',
      'lambda/forwarder/forwarder.ts',
      'lambda/forwarder/eventbridge-bus.ts',
      'lambda/forwarder/sqs-dead-letters.ts',
      'lambda/aws',
      'lambda/telemetry',
      '@aws-sdk/*',
    ],
  },
  {
    of: 'lib',
    imports: [
      'lib/providers',
      'lambda/providers/index.ts',
      'type lambda/receiver/config.ts',
      'lambda/receiver/problem.ts',
      'lambda/receiver/source.ts',
      'aws-cdk-lib',
      'constructs',
      'node:*',
    ],
  },
  {
    of: 'lib/providers',
    imports: [
      'lambda/providers/index.ts',
      'lambda/receiver/parse-payload.ts',
      'type lambda/providers',
      'type lambda/signature',
      'samples',
      'node:*',
    ],
  },
  {
    of: 'consumer',
    imports: [
      'type lambda/events',
      'type lambda/payloads',
      'lambda/payloads/decode-payload.ts',
      'type lambda/providers',
      'node:buffer',
      'node:crypto',
    ],
  },
  {
    of: 'provider',
    imports: [
      'lambda/providers/build-provider.ts',
      'lambda/providers/event-id.ts',
      'lambda/providers/header.ts',
      'lambda/providers/handshake.ts',
      'type lambda/providers',
      'lambda/signature',
    ],
  },
  {
    of: 'examples',
    imports: ['webhook-inbox', 'valibot', '@aws-sdk/*', 'aws-cdk-lib', 'constructs', 'type aws-lambda', 'node:*'],
  },
  { of: 'samples', imports: ['lambda/providers', 'lambda/signature', 'node:*'] },
  { of: 'cli', imports: ['package.json', 'lib', 'lib/providers', 'lambda/*', 'samples', 'npm:*', 'node:*'] },
  {
    of: 'probe',
    imports: [
      'lambda/providers',
      'lambda/signature',
      'lambda/receiver/source.ts',
      'lib/providers',
      'samples',
      'cli/arguments.ts',
      'cli/inbox-file.ts',
      'cli/invocation.ts',
      'cli/printable.ts',
      'cli/read-secret.ts',
      'cli/version.ts',
      'cli/local/local-keys.ts',
      '@inquirer/confirm',
      'node-sarif-builder',
      'simple-statistics',
      'node:*',
    ],
  },
  { of: 'packaging', imports: ['cli/arguments.ts', 'lambda/providers/index.ts', 'esbuild', 'node:*'] },
  { of: 'bench', imports: ['cli', 'lib', 'lambda/*', 'packaging', 'samples', 'npm:*', 'node:*'] },
  { of: 'bin', imports: ['bench', 'cli', 'lib', 'packaging', 'probe', 'aws-cdk-lib', 'cdk-nag'] },
  {
    of: 'test',
    imports: [
      'bench',
      'cli',
      'examples',
      'lib',
      'lib/*',
      'lambda/*',
      'packaging',
      'probe',
      'samples',
      'npm:*',
      'node:*',
    ],
  },
];
