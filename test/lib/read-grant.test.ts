import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { KEY_ARN } from './every-option.ts';
import { arn, type Permission, problemsOf, rolesOf } from './role-policies.ts';
import { unbundledApp } from './synthesis.ts';

const sources = { partner: { provider: 'generic' } } as const;
const key = Key.fromKeyArn(new Stack(), 'Key', KEY_ARN);

const TABLE = arn.table('InboxEventsTable');
const OBJECT = arn.object('InboxPayloadsBucket', `partner/${'0123456789abcdef'.repeat(4)}`);

/** The statements of a role that may read. */
function statementsOf(props: Partial<WebhookInboxProps> = {}) {
  const stack = new Stack(unbundledApp(), 'Hooks', { env: { region: 'eu-west-1', account: '111122223333' } });
  const inbox = new WebhookInbox(stack, 'Inbox', { sources, ...props });
  const grant = inbox.grantRead(
    new Role(stack, 'Consumer', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
  );
  expect(grant.success).toBe(true);
  const roles = rolesOf(Template.fromStack(stack));
  return roles.find(({ name }) => name === 'Consumer')?.statements ?? [];
}

const NEEDED: readonly Permission[] = [
  ['dynamodb:GetItem', TABLE],
  ['s3:GetObject', OBJECT],
];
const FORBIDDEN: readonly Permission[] = [
  ...['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'].map(
    (action) => [action, TABLE] as const,
  ),
  ['dynamodb:GetItem', arn.table('InboxQuarantineTable')],
  ...['s3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion'].map((action) => [action, OBJECT] as const),
  ['s3:ListBucket', arn.bucket('InboxPayloadsBucket')],
  ['kms:Decrypt', KEY_ARN],
  ['kms:Decrypt', KEY_ARN, 'secretsmanager.eu-west-1.amazonaws.com'],
  ['kms:GenerateDataKey', KEY_ARN, 's3.eu-west-1.amazonaws.com'],
];

describe('grantRead', () => {
  it('allows to read single events and large payloads, and nothing else', () => {
    expect([...problemsOf(statementsOf(), { needed: NEEDED, forbidden: FORBIDDEN })]).toEqual([]);
  });

  it('allows to decrypt these with the key of the inbox', () => {
    const decrypt = ['dynamodb', 's3'].map(
      (service): Permission => ['kms:Decrypt', KEY_ARN, `${service}.eu-west-1.amazonaws.com`],
    );
    const needed = [...NEEDED, ...decrypt];
    expect([...problemsOf(statementsOf({ encryptionKey: key }), { needed, forbidden: FORBIDDEN })]).toEqual([]);
  });
});
