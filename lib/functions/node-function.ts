import { fileURLToPath } from 'node:url';
import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { FUNCTION_BUNDLE } from './function-bundle.ts';

/** What differs from one function of an inbox to another. */
export interface NodeFunctionProps {
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

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A function of an inbox: one minified file with the SDK in it, on ARM, with a log in JSON. */
export function nodeFunction(scope: Construct, id: string, { entry, ...props }: NodeFunctionProps): NodejsFunction {
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
      ...FUNCTION_BUNDLE,
      format: OutputFormat.ESM,
      bundleAwsSDK: true,
    },
  });
}
