import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { type ExistingSecret, isParameter, keyOf, policyArnOf } from '../existing-secret.ts';
import type { SigningSecrets } from '../signing-secrets.ts';
import { kmsStatements } from './kms-statement.ts';

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
 * Allows a function to read the signing secrets, each with its own key: the new ones by their ARNs or, if these are too
 * long for a policy, those in this account and region whose names begin with the inbox's name and a slash.
 * @returns no statement if there are no secrets
 */
export function secretsStatements(scope: Construct, inbox: InboxSecrets): PolicyStatement[] {
  const { bySource, parameters } = inbox.secrets;
  return [
    ...reading('secretsmanager:GetSecretValue', secretArns(scope, inbox, MAX_ARNS_LENGTH)),
    ...kmsStatements([...bySource.values()], 'secretsmanager', ['kms:Decrypt']),
    ...reading('ssm:GetParameter', parameterArns(inbox)),
    ...kmsStatements([...parameters.values()].map(keyOf), 'ssm', ['kms:Decrypt']),
  ];
}

function reading(action: string, resources: string[]): PolicyStatement[] {
  return resources.length > 0 ? [new PolicyStatement({ actions: [action], resources })] : [];
}

/** Characters of a name whose length is unknown at synthesis, as of a reference to another resource. */
const UNKNOWN_NAME_LENGTH = 50;

function existingLength(arns: readonly string[]): number {
  return [...new Set(arns)].reduce((sum, arn) => sum + Math.max(arn.length, ARN_LENGTH + UNKNOWN_NAME_LENGTH), 0);
}

/**
 * Validates that the policy of the receiver has room for existing secrets and parameters, whose names have nothing in
 * common.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateExistingSecrets(existing: readonly ExistingSecret[]): string | undefined {
  const arns = existing.map((secret) => (isParameter(secret) ? secret.parameterArn : policyArnOf(secret)));
  if (existingLength(arns) <= MAX_ARNS_LENGTH) return undefined;
  return (
    `The ARNs of ${new Set(arns).size} existing secrets are too long for the policies of a role; ` +
    'leave out secret for some sources, or put them into another inbox.'
  );
}

/**
 * The ARNs of the secrets of Secrets Manager. Those of new secrets are one with a wildcard if all are too long.
 * @param maxLength how many characters of a policy they may take
 */
export function secretArns(scope: Construct, inbox: InboxSecrets, maxLength: number): string[] {
  const created = [...inbox.secrets.created.values()].map(({ secretArn }) => secretArn);
  const isTooLong = created.length > 0 && lengthOf(inbox) > maxLength;
  return [...(isTooLong ? [everySecretArn(scope, inbox)] : created), ...existingArns(inbox)];
}

/** The ARNs of the parameters. */
export function parameterArns({ secrets }: InboxSecrets): string[] {
  return [...new Set([...secrets.parameters.values()].map(({ parameterArn }) => parameterArn))];
}

function existingArns({ secrets: { bySource, created } }: InboxSecrets): string[] {
  const existing = [...bySource].filter(([name]) => !created.has(name));
  return [...new Set(existing.map(([, secret]) => policyArnOf(secret)))];
}

function lengthOf(inbox: InboxSecrets): number {
  const names = [...inbox.secrets.created.keys()];
  const others = existingLength([...existingArns(inbox), ...parameterArns(inbox)]);
  return names.reduce((sum, name) => sum + ARN_LENGTH + `${inbox.inbox}/${name}`.length, others);
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
  if (inbox.secrets.created.size === 0 || lengthOf(inbox) <= MAX_ARNS_LENGTH) return;
  const stack = Stack.of(scope);
  const known = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  const [region, account] = [known(stack.region, 'Region'), known(stack.account, 'AccountId')];
  acknowledge(scope, {
    rule: 'IAM5',
    finding: `Resource::arn:<AWS::Partition>:secretsmanager:${region}:${account}:secret:${inbox.inbox}/*`,
    reason: "The secrets' ARNs are too long for a policy. No other secret's name begins with the inbox's name.",
  });
}
