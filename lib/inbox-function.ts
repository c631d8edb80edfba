import { fileURLToPath } from 'node:url';
import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** What differs from one function of an inbox to another. */
export interface InboxFunctionProps {
  readonly description: string;
  /** The file that exports `handler`, from the project's folder. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly logGroup: ILogGroup;
  readonly role: IRole;
  readonly environment: Record<string, string>;
  /** @default as many as the account has left */
  readonly reservedConcurrentExecutions?: number | undefined;
}

const fileOf = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Ways to get credentials that are for laptops and other services: a function has its own in the environment. The SDK
 * imports these only where it needs them, which is never.
 */
const UNUSED_MODULES = [
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** A function of an inbox: one minified file with the SDK in it, on ARM, with a log in JSON. */
export function inboxFunction(scope: Construct, id: string, { entry, ...props }: InboxFunctionProps): NodejsFunction {
  return new NodejsFunction(scope, id, {
    ...props,
    entry: fileOf(entry),
    depsLockFilePath: fileOf('package-lock.json'),
    projectRoot: fileOf(''),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.WARN,
    awsSdkConnectionReuse: false,
    bundling: {
      format: OutputFormat.ESM,
      target: 'node24',
      minify: true,
      mainFields: ['module', 'main'],
      bundleAwsSDK: true,
      externalModules: UNUSED_MODULES,
    },
  });
}
