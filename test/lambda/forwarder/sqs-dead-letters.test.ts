import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { sqsDeadLetters } from '../../../lambda/forwarder/sqs-dead-letters.ts';
import { type AwsAnswer, startAwsEndpoint } from '../../support/aws-endpoint.ts';

const LETTER = { id: 'partner#evt_1', table: 'events', reason: 'MalformedDetail' };
const QUEUE_URL = 'https://sqs.invalid/1/letters';

async function startQueue(answer: AwsAnswer) {
  const aws = await startAwsEndpoint({}, { SendMessage: () => answer });
  const client = new SQSClient({
    endpoint: String(aws.environment.AWS_ENDPOINT_URL),
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    md5: false,
    useQueueUrlAsEndpoint: false,
  });
  return { ...aws, letters: sqsDeadLetters(client, QUEUE_URL) };
}

describe('A dead letter of the forwarder', () => {
  it('is one message that names the event, its table and the reason', async () => {
    await using queue = await startQueue({ MessageId: 'one' });
    await queue.letters.send(LETTER);
    const [{ operation, input } = {}, ...more] = queue.calls;
    expect([operation, input?.QueueUrl, more]).toEqual(['SendMessage', QUEUE_URL, []]);
    expect(JSON.parse(String(input?.MessageBody))).toEqual(LETTER);
  });

  it('is an error if the queue does not accept it', async () => {
    await using queue = await startQueue({ __type: 'AccessDeniedException', message: 'not authorized' });
    await expect(queue.letters.send(LETTER)).rejects.toThrow('not authorized');
  });
});
