import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { functionBundle } from '../../packaging/function-bundle.ts';
import { bundleProviders } from '../../packaging/provider-bundles.ts';

const run = promisify(execFile);
const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Output folders: two for the app, and one for the app with every option. */
const outputs = [1, 2, 3].map(() => mkdtempSync(join(tmpdir(), 'webhook-inbox-synth-')));
const [first = '', second = '', third = ''] = outputs;

const options = (variables: NodeJS.ProcessEnv = {}) => ({
  cwd: fileOf('.'),
  env: { PATH: process.env.PATH, ...variables },
  timeout: 120_000,
});

/**
 * Runs bin/app.ts as `cdk synth` does, without the validation against CloudFormation's rules, which the app with every
 * option covers. Rejects if the exit status is not 0.
 */
function synthesize(output: string) {
  const context = JSON.stringify(JSON.parse(contentOf(fileOf('cdk.json'))).context);
  const variables = { CDK_OUTDIR: output, CDK_CONTEXT_JSON: context, CDK_VALIDATION: 'false' };
  return run(process.execPath, ['bin/app.ts'], options(variables));
}

/** An app with every option and with existing resources, and a secret whose finding is not acknowledged. */
const UNACKNOWLEDGED = `
  import { App, Validations } from 'aws-cdk-lib';
  import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
  import { AwsSolutionsChecks } from 'cdk-nag';
  import { WebhookInboxStack } from './lib/webhook-inbox-stack.ts';
  import { everyOption, existingResources } from './test/lib/every-option.ts';

  const app = new App({ analyticsReporting: false, context: { 'aws:cdk:bundling-stacks': [] } });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new WebhookInboxStack(app, 'WebhookInbox', everyOption({ partner: { provider: 'generic' } }));
  new WebhookInboxStack(app, 'Existing', existingResources());
  new Secret(stack, 'Unacknowledged');
  app.synth();
`;

beforeAll(() => Promise.all([first, second].map(synthesize)));
afterAll(() => {
  for (const output of outputs) rmSync(output, { recursive: true });
});

const contentOf = (...path: string[]) => readFileSync(join(...path), 'utf8');
const assetsIn = (output: string) => readdirSync(output).filter((name) => name.startsWith('asset.'));

describe('cdk synth', () => {
  it('writes the same template and the same bundles every time', () => {
    const template = 'WebhookInbox.template.json';
    expect(contentOf(first, template)).toBe(contentOf(second, template));
    expect(assetsIn(first)).toEqual(assetsIn(second));
    for (const asset of assetsIn(first)) expect(contentOf(first, template)).toContain(asset.replace('asset.', ''));
  });
});

interface Suppressed {
  readonly ruleName: string;
  readonly reason: string;
  readonly acknowledgedAt: string;
}

interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly conclusion: string;
    readonly violations: readonly unknown[];
    readonly suppressedViolations: readonly Suppressed[];
  }[];
}

/** CloudFormation's rules have no report if they find nothing. */
function nagReport(output: string) {
  const { pluginReports }: ValidationReport = JSON.parse(contentOf(output, 'validation-report.json'));
  expect(pluginReports.map(({ pluginName }) => pluginName)).toEqual(['AwsSolutions']);
  return pluginReports[0];
}

describe('cdk-nag', () => {
  it('reports only findings that the construct acknowledges with a reason', () => {
    const nag = nagReport(first);
    expect(nag).toMatchObject({ conclusion: 'success', violations: [] });
    const acknowledged = nag?.suppressedViolations.map(({ ruleName, acknowledgedAt }) => [ruleName, acknowledgedAt]);
    const api = 'WebhookInbox/Inbox/Gateway/Api';
    expect(acknowledged?.sort()).toEqual([
      ['AwsSolutions-APIG2', api],
      ['AwsSolutions-APIG3', api],
      ['AwsSolutions-APIG4', api],
      ['AwsSolutions-APIG6', api],
      ['AwsSolutions-COG4', api],
      [
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        'WebhookInbox/WebhookInboxAccountRole/Role',
      ],
      [
        expect.stringMatching(/^AwsSolutions-IAM5\[Resource::<InboxPayloadsBucket\w+\.Arn>\/\*\]$/),
        'WebhookInbox/Inbox/Overflow',
      ],
      [
        expect.stringMatching(/^AwsSolutions-IAM5\[Resource::<InboxPayloadsBucket\w+\.Arn>\/\*\]$/),
        'WebhookInbox/Inbox/Receiver',
      ],
      ['AwsSolutions-S1', 'WebhookInbox/Inbox/Payloads/Bucket'],
      ['AwsSolutions-SMG4', 'WebhookInbox/Inbox/Secrets/Partner'],
      ['AwsSolutions-SQS3', 'WebhookInbox/Inbox/Forwarding/DeadLetters'],
    ]);
    for (const { reason } of nag?.suppressedViolations ?? []) expect(reason).toMatch(/^[A-Z].{40,}\.$/);
  });

  it('fails the synthesis of an inbox with every option only for a resource whose finding is not acknowledged', async () => {
    const { code, stderr } = await run(
      process.execPath,
      ['--input-type=module', '--eval', UNACKNOWLEDGED],
      options({ CDK_OUTDIR: third }),
    ).catch((error) => error);
    expect(code).toBe(1);
    expect(stderr.match(/^ERROR .*$/gm)).toEqual([expect.stringContaining('automatic rotation scheduled')]);
    expect(stderr).toContain('WebhookInbox/Unacknowledged/Resource');
    const acknowledged = nagReport(third)
      ?.suppressedViolations.filter(({ acknowledgedAt }) => acknowledgedAt.startsWith('WebhookInbox/'))
      .map(({ ruleName }) => ruleName);
    expect(acknowledged?.filter((rule) => rule.startsWith('AwsSolutions-APIG')).sort()).toEqual([
      'AwsSolutions-APIG2',
      'AwsSolutions-APIG4',
      'AwsSolutions-APIG6',
    ]);
  });
});

describe('function bundle', () => {
  const files = () => assetsIn(first).map((asset) => join(first, asset));
  const sources = () => files().map((folder) => contentOf(folder, 'index.mjs'));
  const receiver = () =>
    files().find((folder) => contentOf(folder, 'index.mjs').includes('PREVIOUS_SECRET_GRACE_SECONDS')) ?? '';

  it('is a single file per function, and the sources and their providers of the receiver', () => {
    const contents = files().map((folder) => readdirSync(folder, { recursive: true }).toSorted());
    const providers = ['providers', 'providers/generic.mjs', 'providers/shared.mjs'];
    expect(contents.toSorted((one, other) => one.length - other.length)).toEqual([
      ['index.mjs'],
      ['index.mjs'],
      ['index.mjs', ...providers, 'sources.json'],
    ]);
    expect(contentOf(receiver(), 'sources.json')).toBe('{"partner":{"provider":"generic"}}');
  });

  it('is minified and smaller than 450 kB', () => {
    for (const source of sources()) {
      expect(source.length).toBeLessThan(450_000);
      expect(source.length / source.split('\n').length).toBeGreaterThan(1_000);
    }
  });

  it('is an ECMAScript module that imports no package and exports only the handler', async () => {
    const url = pathToFileURL(join(receiver(), 'index.mjs')).href;
    const program = `const { handler, ...others } = await import('${url}'); console.log(typeof handler, Object.keys(others));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
      env: {
        AWS_REGION: 'us-east-1',
        TABLE_NAME: 'table',
        QUARANTINE_TABLE_NAME: 'quarantine',
        PAYLOAD_BUCKET_NAME: 'payloads',
        OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow',
        INBOX_NAME: 'Hooks/Inbox',
        RETENTION_SECONDS: '1',
        PREVIOUS_SECRET_GRACE_SECONDS: '1',
      },
    });
    expect(stdout).toBe('function []\n');
  });
});

/** The packages in the function's bundle; scoped packages by their scope. */
const PACKAGES = ['@aws', '@aws-sdk', '@middy', '@smithy', 'bowser', 'mnemonist', 'obliterator', 'valibot'];

describe('packages in the function bundle', () => {
  it('are the AWS SDK, middy, valibot and their dependencies, and no SDK of a provider', async () => {
    const options = functionBundle('lambda/receiver/handler.ts');
    const { metafile } = await build({ ...options, metafile: true, write: false });
    const { inputs } = await bundleProviders();
    const packages = [...Object.keys(metafile.inputs), ...inputs].flatMap(
      (path) => /.*node_modules\/([^/]+)/.exec(path)?.[1] ?? [],
    );
    expect([...new Set(packages)].sort()).toEqual(PACKAGES);
  });
});
