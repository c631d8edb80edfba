import { describe, expect, it } from '@jest/globals';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ExpiringTable, type ExpiringTableProps } from '../../lib/expiring-table.ts';
import { onlyResource, unbundledApp } from './synthesis.ts';

function tableOf(props?: ExpiringTableProps) {
  const stack = new Stack(unbundledApp());
  new ExpiringTable(stack, 'Events', props);
  return onlyResource(Template.fromStack(stack), 'AWS::DynamoDB::Table');
}

const TABLE = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  // DynamoDB's own key: every table is encrypted, and this one costs nothing and needs no permission.
  SSESpecification: { SSEEnabled: false },
  DeletionProtectionEnabled: true,
};

describe('table of expiring items', () => {
  it('is on demand, recoverable and encrypted, expires its items and outlives its stack', () => {
    const { id: _, ...table } = tableOf();
    expect(table).toEqual({
      Type: 'AWS::DynamoDB::Table',
      Properties: TABLE,
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('is deleted with its stack and has no deletion protection under the policy DESTROY', () => {
    const { id: _, ...table } = tableOf({ removalPolicy: RemovalPolicy.DESTROY });
    expect(table).toEqual({
      Type: 'AWS::DynamoDB::Table',
      Properties: { ...TABLE, DeletionProtectionEnabled: false },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });

  it('has deletion protection under every other policy', () => {
    const snapshot = tableOf({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
    expect(snapshot.Properties).toEqual(TABLE);
  });
});
