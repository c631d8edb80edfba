import { createHash } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { abortAt, type OpenDeadline } from '../../../lambda/aws/deadline.ts';
import { decodeMessage } from '../../../lambda/overflow-queue/overflow-message.ts';
import { sqsOverflowQueue } from '../../../lambda/overflow-queue/sqs-overflow-queue.ts';
import { type AwsCall, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { neverPasses } from '../../support/deadlines.ts';
import { failWith, neverAnswers } from '../../support/faults.ts';
import { type Behaviour, startFaultyServer } from '../../support/faulty-server.ts';
import { incompressibleText } from '../../support/generic-event.ts';
import { invalidEvent, validEvent } from '../../support/judgements.ts';

const QUEUE_URL = 'https://sqs.eu-north-1.amazonaws.com/123456789012/overflow';

function open(endpoint: string, openDeadline: OpenDeadline = neverPasses) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const options = { region: 'eu-north-1', endpoint, credentials, useQueueUrlAsEndpoint: false, maxAttempts: 1 };
  return sqsOverflowQueue(new SQSClient(options), QUEUE_URL, openDeadline);
}

const accepted = ({ MessageBody }: AwsCall['input']) => ({
  MessageId: 'message',
  MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex'),
});

async function sendTo(behaviour: Behaviour, openDeadline?: OpenDeadline) {
  await using server = await startFaultyServer(behaviour);
  return await open(server.endpoint, openDeadline).send([validEvent()], performance.now() + 50);
}

describe('The overflow queue in SQS', () => {
  it('takes all events of a delivery in one message', async () => {
    await using aws = await startAwsEndpoint({}, { SendMessage: accepted });
    const judgements = [validEvent(), invalidEvent()];
    expect(await open(String(aws.environment.AWS_ENDPOINT_URL)).send(judgements, 0)).toBeUndefined();
    expect(aws.calls).toMatchObject([{ operation: 'SendMessage', input: { QueueUrl: QUEUE_URL } }]);
    expect(decodeMessage(String(aws.calls[0]?.input.MessageBody))).toEqual(judgements);
  });

  it('is unavailable if it takes only some of several messages', async () => {
    let answered = 0;
    const once = (input: AwsCall['input']) => {
      answered += 1;
      return answered === 1 ? accepted(input) : { __type: 'RequestThrottled', message: 'no' };
    };
    await using aws = await startAwsEndpoint({}, { SendMessage: once });
    const judgements = ['a', 'b'].map((id) => validEvent({ id, payload: Buffer.from(incompressibleText(700_000)) }));
    const failure = await open(String(aws.environment.AWS_ENDPOINT_URL)).send(judgements, 0);
    expect(failure).toEqual({ unavailable: expect.objectContaining({ name: 'RequestThrottled' }) });
    expect(aws.calls).toHaveLength(2);
  });

  it('sends nothing if an event is too large', async () => {
    await using aws = await startAwsEndpoint({}, { SendMessage: accepted });
    const payload = Buffer.from(incompressibleText(1_200_000));
    const failure = await open(String(aws.environment.AWS_ENDPOINT_URL)).send([validEvent({ payload })], 0);
    expect(failure).toEqual({ unavailable: new Error('An event is too large for the overflow queue.') });
    expect(aws.calls).toEqual([]);
  });

  it('returns the error because of which it did not take a message', async () => {
    const failure = await sendTo(failWith(400, 'AccessDenied'));
    expect(failure).toEqual({ unavailable: expect.objectContaining({ name: 'AccessDenied' }) });
  });

  it('gives up at the deadline, in real time', async () => {
    expect(await sendTo(neverAnswers, abortAt)).toEqual({
      unavailable: expect.objectContaining({ name: 'AbortError' }),
    });
  });
});
