import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

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
  /** By the names of their sources. */
  readonly secrets: ReadonlyMap<string, ISecret>;
}

/**
 * Allows a function to read the signing secrets: by their ARNs or, if these are too long for a policy, those in this
 * account and region whose names begin with the inbox's name and a slash.
 * @returns no statement if there are no secrets
 */
export function secretsStatements(scope: Construct, inbox: InboxSecrets): PolicyStatement[] {
  const resources = secretArns(scope, inbox, MAX_ARNS_LENGTH);
  if (resources.length === 0) return [];
  return [new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources })];
}

/**
 * The ARNs of the signing secrets or, if these are too long, one with a wildcard.
 * @param maxLength how many characters of a policy they may take
 */
export function secretArns(scope: Construct, inbox: InboxSecrets, maxLength: number): string[] {
  if (lengthOf(inbox) > maxLength) return [everySecretArn(scope, inbox)];
  return [...inbox.secrets.values()].map(({ secretArn }) => secretArn);
}

function lengthOf({ inbox, secrets }: InboxSecrets): number {
  const names = [...secrets.keys()];
  return names.reduce((sum, name) => sum + ARN_LENGTH + `${inbox}/${name}`.length, 0);
}

function everySecretArn(scope: Construct, { inbox }: InboxSecrets): string {
  return Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${inbox}/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Acknowledges the finding of cdk-nag on a permission for all secrets of an inbox, if a function has it. */
export function acknowledgeEverySecret(scope: Construct, inbox: InboxSecrets): void {
  if (lengthOf(inbox) <= MAX_ARNS_LENGTH) return;
  const stack = Stack.of(scope);
  const known = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const [region, account] = [known(stack.region, 'Region'), known(stack.account, 'AccountId')];
  acknowledge(scope, {
    rule: 'IAM5',
    finding: `Resource::arn:<AWS::Partition>:secretsmanager:${region}:${account}:secret:${inbox.inbox}/*`,
    reason: "The secrets' ARNs are too long for a policy. No other secret's name begins with the inbox's name.",
  });
}
