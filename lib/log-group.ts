import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Options of a log group. */
export interface LogGroupProps {
  /** How long lines are kept. */
  readonly logRetention: RetentionDays;
  /**
   * KMS key that encrypts the lines, in the group's region. Its key policy must let CloudWatch Logs use it: see
   * `allowLogs`.
   * @default - a key that CloudWatch Logs owns, free of charge
   */
  readonly encryptionKey?: IKey | undefined;
}

/** Adds the log group `Logs` to the scope. It is deleted with its stack. */
export function addLogGroup(scope: Construct, { logRetention, encryptionKey }: LogGroupProps): LogGroup {
  return new LogGroup(scope, 'Logs', {
    retention: logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(encryptionKey && { encryptionKey }),
  });
}
