import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { keyOf, policyArnOf } from '../existing-secret.ts';
import type { SigningSecrets } from '../signing-secrets.ts';
import { kmsStatements } from './kms-statement.ts';

/** What the receiver may do to read the signing secrets, each with its own key. */
export function secretStatements({ bySource, parameters }: SigningSecrets): PolicyStatement[] {
  const secrets = [...bySource.values()];
  const ofParameters = [...parameters.values()];
  return [
    ...reading('secretsmanager:GetSecretValue', secrets.map(policyArnOf)),
    ...kmsStatements(secrets, 'secretsmanager', ['kms:Decrypt']),
    ...reading(
      'ssm:GetParameter',
      ofParameters.map(({ parameterArn }) => parameterArn),
    ),
    ...kmsStatements(ofParameters.map(keyOf), 'ssm', ['kms:Decrypt']),
  ];
}

function reading(action: string, arns: readonly string[]): PolicyStatement[] {
  const resources = [...new Set(arns)];
  return resources.length > 0 ? [new PolicyStatement({ actions: [action], resources })] : [];
}
