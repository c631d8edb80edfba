import { ArnFormat, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { SigningSecrets } from '../signing-secrets.ts';

/**
 * How many characters of the role's policies the ARNs of secrets may take. IAM allows 10,240 characters for the inline
 * policies of a role, and the receiver's other permissions take up to about 2,500.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_ARNS_LENGTH = 7_000;

/**
 * Characters of a secret's ARN besides its name, in the longest partition and region, with six random characters, quotes
 * and a comma.
 */
const ARN_LENGTH = '"arn:aws-us-gov:secretsmanager:ap-southeast-1:111122223333:secret:-a1B2c3",'.length;

/** The secrets of an inbox. */
export interface InboxSecrets {
  /** Name of the inbox. */
  readonly inbox: string;
  readonly secrets: SigningSecrets;
}

/**
 * Allows a function to read the signing secrets: by their ARNs or, if these are too long for a policy, those in this
 * account and region whose names begin with the inbox's name and a slash.
 * @returns no statement if there are no secrets
 */
export function secretsStatements(scope: Construct, { inbox, secrets }: InboxSecrets): PolicyStatement[] {
  const bySource = [...secrets.bySource];
  if (bySource.length === 0) return [];
  const length = bySource.reduce((sum, [name]) => sum + ARN_LENGTH + `${inbox}/${name}`.length, 0);
  const resources =
    length <= MAX_ARNS_LENGTH ? bySource.map(([, { secretArn }]) => secretArn) : [everySecretArn(scope, inbox)];
  return [new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources })];
}

function everySecretArn(scope: Construct, inbox: string): string {
  const stack = Stack.of(scope);
  const arn = { service: 'secretsmanager', resource: 'secret', resourceName: `${inbox}/*` };
  const known = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const [region, account] = [known(stack.region, 'Region'), known(stack.account, 'AccountId')];
  Validations.of(scope).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:${region}:${account}:secret:${inbox}/*]`,
    reason: "The secrets' ARNs are too long for a policy. No other secret's name begins with the inbox's name.",
  });
  return stack.formatArn({ ...arn, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
