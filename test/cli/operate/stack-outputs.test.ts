import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { listen } from '../../../cli/local/http.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { runCommand } from '../../support/command.ts';

const TWO = [
  { InboxName: 'Hooks/Payments', DeadLetterQueueUrl: 'https://sqs.invalid/1/Payments' },
  { InboxName: 'Hooks/Nested/Chat', DeadLetterQueueUrl: 'https://sqs.invalid/1/Chat' },
];

/** Every command finds its inbox in the same way; redrive asks its queue first. */
const startAws = (inboxes: Parameters<typeof startAwsEndpoint>[0]) =>
  startAwsEndpoint(inboxes, { ReceiveMessage: () => ({}), GetQueueAttributes: () => ({}) });

const queuesOf = ({ calls }: AwsEndpoint) => [...new Set(calls.map(({ input }) => input.QueueUrl))];

describe('the inbox of a command', () => {
  it('is the only one of a stack that has other outputs as well', async () => {
    await using aws = await startAws(TWO.slice(0, 1));
    const { status } = await runCommand('redrive', ['--stack', 'Hooks'], aws.environment);
    expect(status).toBe(0);
    expect(queuesOf(aws)).toEqual(['https://sqs.invalid/1/Payments']);
  });

  it.each(['Nested/Chat', 'Hooks/Nested/Chat'])('is named %s with --inbox', async (name) => {
    await using aws = await startAws(TWO);
    const { status } = await runCommand('redrive', ['--stack', 'Hooks', '--inbox', name], aws.environment);
    expect(status).toBe(0);
    expect(queuesOf(aws)).toEqual(['https://sqs.invalid/1/Chat']);
  });

  it.each([
    [
      'is in a stack that does not exist',
      TWO,
      ['--stack', 'Hook'],
      /^There is no stack Hook in this account in the region us-east-1\./,
    ],
    ['is in a stack without any', [], ['--stack', 'Hooks'], /^The stack Hooks has no inbox\. .*--stack, or deploy/],
    [
      'is one of several, and none is named',
      TWO,
      ['--stack', 'Hooks'],
      /^Name one inbox with --inbox\. The inboxes of the stack Hooks are: Payments, Nested\/Chat\.\n$/,
    ],
    [
      'is not in the stack',
      TWO,
      ['--stack', 'Hooks', '--inbox', 'Chat'],
      /^There is no inbox Chat\. The inboxes of the stack Hooks are: Payments, Nested\/Chat\.\n$/,
    ],
    [
      'is not the only one of the stack',
      TWO.slice(0, 1),
      ['--stack', 'Hooks', '--inbox', 'Chat'],
      /^There is no inbox Chat\. .* are: Payments\.\n$/,
    ],
  ])('is not found if it %s', async (_, inboxes, args, message) => {
    await using aws = await startAws(inboxes);
    const { status, stdout, stderr } = await runCommand('redrive', args, aws.environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(aws.calls).toEqual([]);
  });

  it('is not found if a proxy answers in the place of AWS: the error says so, without a trace', async () => {
    const server = createServer((_, response) => response.writeHead(502).end('<html><title>Bad gateway</html>'));
    const AWS_ENDPOINT_URL = await listen(server, 0);
    await using aws = await startAws([]);
    const { status, stderr } = await runCommand('redrive', [], { ...aws.environment, AWS_ENDPOINT_URL });
    server.close();
    expect(stderr).toBe(
      'Could not read the outputs of the stack WebhookInbox. The response is not one of AWS: HTTP 502. Check AWS_REGION, and the network: a proxy may have answered.\n',
    );
    expect(status).toBe(1);
  });
});
