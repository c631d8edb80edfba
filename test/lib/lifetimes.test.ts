import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { RemovalPolicies, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { inboxTemplate, type Resource, resourceNamed, resourcesOf, unbundledApp } from './synthesis.ts';

const sources = { partner: { provider: 'generic' } } as const;

/** The types of the resources that stay when their stack is deleted. */
function retainedIn(template: Template): string[] {
  const resources = Object.values<Resource>(template.toJSON().Resources);
  return resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain').map(({ Type }) => String(Type));
}

const ACCOUNT = ['AWS::ApiGateway::Account', 'AWS::IAM::Role'];
const DATA = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'];

describe('logRetention', () => {
  const daysIn = (props: Partial<WebhookInboxProps>) =>
    resourcesOf(inboxTemplate({ sources, ...props }), 'AWS::Logs::LogGroup').map(
      ({ Properties }) => Properties.RetentionInDays,
    );

  it('is a month by default, for the log of each function and the access log', () => {
    expect(daysIn({})).toEqual([30, 30, 30, 30]);
  });

  it('applies to every log group', () => {
    expect(daysIn({ logRetention: RetentionDays.SIX_MONTHS })).toEqual([180, 180, 180, 180]);
  });
});

describe('A deleted stack', () => {
  it("leaves its tables, its bucket with its policy, and the account's role and setting for logs", () => {
    expect(retainedIn(inboxTemplate({ sources })).sort()).toEqual([...ACCOUNT, ...DATA].sort());
  });

  it('leaves only the role and the setting under the removal policy DESTROY', () => {
    const temporary = inboxTemplate({ sources, removalPolicy: RemovalPolicy.DESTROY });
    expect(retainedIn(temporary).sort()).toEqual(ACCOUNT);
  });

  it('leaves other resources too if their type is retained, as docs/operations.md describes', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    const inbox = new WebhookInbox(stack, 'Inbox', { sources });
    const types = ['AWS::Logs::LogGroup', 'AWS::SecretsManager::Secret'];
    RemovalPolicies.of(inbox).retain({ applyToResourceTypes: types });
    const [logs = '', secret = ''] = types;
    const retained = [...ACCOUNT, ...DATA, logs, logs, logs, logs, secret];
    expect(retainedIn(Template.fromStack(stack)).sort()).toEqual(retained.sort());
  });
});

describe('docs/operations.md', () => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

  it('maps the data that a deleted stack of bin/app.ts left to the logical ids of its resources', () => {
    const [, block = ''] = /### Adoption of retained data\n[\s\S]*?```json\n([\s\S]*?)```/.exec(page) ?? [];
    const template = inboxTemplate({ sources }, 'WebhookInbox');
    const idOf = (type: string, name: string) => resourceNamed(template, type, name).id;
    expect(JSON.parse(block)).toEqual({
      [idOf('AWS::DynamoDB::Table', 'Events')]: { TableName: 'TABLE' },
      [idOf('AWS::DynamoDB::Table', 'Quarantine')]: { TableName: 'QUARANTINE_TABLE' },
      [idOf('AWS::S3::Bucket', 'Payloads')]: { BucketName: 'BUCKET' },
      [idOf('AWS::S3::BucketPolicy', 'Payloads')]: { Bucket: 'BUCKET' },
    });
  });
});
