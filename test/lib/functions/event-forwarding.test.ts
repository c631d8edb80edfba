import { describe, expect, it } from '@jest/globals';
import { inboxTemplate, onlyResource, resourceNamed } from '../synthesis.ts';

const template = inboxTemplate({ sources: { partner: { provider: 'generic' } }, alarms: false });

describe('forwarder', () => {
  it('has the names of the bus, the events table and the bucket in its environment, and nothing else', () => {
    const { Environment } = resourceNamed(template, 'AWS::Lambda::Function', 'Forwarding').Properties;
    expect(Environment).toEqual({
      Variables: {
        BUS_NAME: { Ref: onlyResource(template, 'AWS::Events::EventBus').id },
        TABLE_NAME: { Ref: resourceNamed(template, 'AWS::DynamoDB::Table', 'Events').id },
        PAYLOAD_BUCKET_NAME: { Ref: onlyResource(template, 'AWS::S3::Bucket').id },
      },
    });
  });
});
