import { expect, it } from '@jest/globals';
import { readForwarderConfig } from '../../../lambda/forwarder/config.ts';

const environment = {
  BUS_NAME: 'bus',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.invalid/1/letters',
  TABLE_NAME: 'table',
  PAYLOAD_BUCKET_NAME: 'bucket',
  HOME: '/',
};

it('The configuration is what the stack sets', () => {
  expect(readForwarderConfig(environment)).toEqual({
    busName: 'bus',
    deadLetterQueueUrl: 'https://sqs.invalid/1/letters',
    tableName: 'table',
    payloadBucketName: 'bucket',
  });
});

it('An incomplete environment is an error that names each missing variable', () => {
  expect(() => readForwarderConfig({ BUS_NAME: '' })).toThrow(
    'BUS_NAME, DEAD_LETTER_QUEUE_URL, TABLE_NAME, PAYLOAD_BUCKET_NAME missing',
  );
});
