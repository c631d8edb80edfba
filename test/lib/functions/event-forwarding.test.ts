import { describe, expect, it } from '@jest/globals';
import type { ForwardingProps } from '../../../lib/functions/forwarding-props.ts';
import { inboxTemplate, onlyResource, resourceNamed } from '../synthesis.ts';

const templateOf = (forwarding: ForwardingProps) =>
  inboxTemplate({ sources: { partner: { provider: 'generic' } }, alarms: false, forwarding });
const template = templateOf({});

describe('forwarder', () => {
  it('has the names of the bus, the queue, the events table and the bucket in its environment, and nothing else', () => {
    const { Environment } = resourceNamed(template, 'AWS::Lambda::Function', 'Forwarding').Properties;
    expect(Environment).toEqual({
      Variables: {
        BUS_NAME: { Ref: onlyResource(template, 'AWS::Events::EventBus').id },
        DEAD_LETTER_QUEUE_URL: { Ref: resourceNamed(template, 'AWS::SQS::Queue', 'ForwardingDeadLetters').id },
        TABLE_NAME: { Ref: resourceNamed(template, 'AWS::DynamoDB::Table', 'Events').id },
        PAYLOAD_BUCKET_NAME: { Ref: onlyResource(template, 'AWS::S3::Bucket').id },
      },
    });
  });
});

describe('event source mapping', () => {
  const mappingOf = (forwarding: ForwardingProps) =>
    resourceNamed(templateOf(forwarding), 'AWS::Lambda::EventSourceMapping', 'ForwardingStream').Properties;

  it('retries from the first failed record, in halves, for 23 hours', () => {
    expect(mappingOf({})).toMatchObject({
      BatchSize: 25,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 23 * 3600,
      MaximumRetryAttempts: 10_000,
    });
  });

  it('forwards one batch of a shard after the other, or as many at the same time as parallelizationFactor', () => {
    expect(mappingOf({})).toMatchObject({ ParallelizationFactor: 1 });
    expect(mappingOf({ parallelizationFactor: 10 })).toMatchObject({ ParallelizationFactor: 10 });
  });

  it.each([0, 11, 2.5, Number.NaN])('is not made with a parallelizationFactor of %d', (parallelizationFactor) => {
    expect(() => templateOf({ parallelizationFactor })).toThrow(
      `forwarding.parallelizationFactor must be a whole number from 1 to 10, not ${parallelizationFactor}.`,
    );
  });
});
