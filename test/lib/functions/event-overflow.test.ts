import { describe, expect, it } from '@jest/globals';
import { inboxTemplate, onlyResource, resourceNamed } from '../synthesis.ts';

const template = inboxTemplate({ sources: { partner: { provider: 'generic' } }, alarms: false });
const queue = resourceNamed(template, 'AWS::SQS::Queue', 'OverflowQueue');
const deadLetters = resourceNamed(template, 'AWS::SQS::Queue', 'OverflowDeadLetters');
const lambda = resourceNamed(template, 'AWS::Lambda::Function', 'Overflow');

describe('The overflow queue', () => {
  it('hands an event to the function every 6 minutes for 4 days, then to a queue that keeps it for 14 days', () => {
    const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = queue.Properties;
    expect(RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters.id, 'Arn'] },
      maxReceiveCount: (4 * 24 * 60) / 6,
    });
    expect([VisibilityTimeout, MessageRetentionPeriod]).toEqual([360, 14 * 86_400]);
    expect(deadLetters.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it('returns only the messages that failed to the queue, and leaves the table room for new deliveries', () => {
    const mapping = resourceNamed(template, 'AWS::Lambda::EventSourceMapping', 'Overflow');
    expect(mapping.Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [queue.id, 'Arn'] },
      FunctionName: { Ref: lambda.id },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  it('is encrypted, as its dead-letter queue is', () => {
    for (const { Properties } of [queue, deadLetters]) expect(Properties.SqsManagedSseEnabled).toBe(true);
  });
});

describe('The overflow function', () => {
  it('has more time than it takes, and at most a sixth of the time after which SQS delivers a message again', () => {
    expect(lambda.Properties.Timeout).toBeGreaterThan(20);
    expect(Number(lambda.Properties.Timeout) * 6).toBeLessThanOrEqual(Number(queue.Properties.VisibilityTimeout));
  });

  it('has the names of both tables and the bucket in its environment', () => {
    expect(lambda.Properties.Environment).toMatchObject({
      Variables: {
        TABLE_NAME: { Ref: resourceNamed(template, 'AWS::DynamoDB::Table', 'Events').id },
        QUARANTINE_TABLE_NAME: { Ref: resourceNamed(template, 'AWS::DynamoDB::Table', 'Quarantine').id },
        PAYLOAD_BUCKET_NAME: { Ref: onlyResource(template, 'AWS::S3::Bucket').id },
      },
    });
  });
});
