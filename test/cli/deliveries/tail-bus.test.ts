import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type AwsAnswer, type AwsCall, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { startCommand } from '../../support/command.ts';

const args = ['--bus', '--stack', 'Hooks'];
const EVENT = JSON.stringify({
  source: 'webhook-inbox.partner',
  'detail-type': 'order.created',
  time: '2026-03-01T12:00:00Z',
  detail: { event_id: 'order-1', payload: { text: '\u202e' } },
});

/** The bus and SQS: a queue exists between its creation and its deletion, and so does a rule. */
async function startBus(
  answers: Readonly<Record<string, (input: AwsCall['input']) => AwsAnswer>> = {},
  abandoned: object[] = [],
) {
  const existing = new Set<string>(abandoned.map((rule) => Object(rule).Name));
  const MD5OfBody = createHash('md5').update(EVENT).digest('hex');
  const messages = [{ Body: EVENT, MD5OfBody, ReceiptHandle: 'one', MessageId: '1' }];
  const aws = await startAwsEndpoint(
    { BusName: 'Hooks-bus' },
    {
      ListRules: () => ({ Rules: abandoned }),
      PutRule: ({ Name }) => {
        existing.add(String(Name));
        return { RuleArn: `arn:aws:events:us-east-1:111122223333:rule/Hooks-bus/${Name}` };
      },
      CreateQueue: ({ QueueName }) => ({ QueueUrl: `https://sqs.us-east-1.amazonaws.com/111122223333/${QueueName}` }),
      PutTargets: () => ({ FailedEntryCount: 0, FailedEntries: [] }),
      ReceiveMessage: () => ({ Messages: messages.splice(0) }),
      DeleteMessage: () => ({}),
      RemoveTargets: () => ({}),
      GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `https://sqs.us-east-1.amazonaws.com/111122223333/${QueueName}` }),
      DeleteQueue: () => ({}),
      DeleteRule: ({ Name }) => {
        existing.delete(String(Name));
        return {};
      },
      ...answers,
    },
  );
  return { ...aws, existing };
}

const operationsOf = (calls: readonly AwsCall[]) =>
  calls.map(({ operation }) => operation).filter((operation) => operation !== 'ReceiveMessage');

describe('tail --bus', () => {
  it('shows what a consumer gets, and removes its rule and its queue after Ctrl-C, also if that comes twice', async () => {
    let interruptAgain = () => {};
    const RemoveTargets = () => {
      interruptAgain();
      return {};
    };
    await using aws = await startBus({ RemoveTargets });
    await using command = startCommand('tail', ['partner', ...args], { ...aws.environment, TZ: 'UTC' });
    interruptAgain = command.interrupt;
    await command.shows(/2026-03-01 12:00:00 {2}webhook-inbox\.partner +order\.created\n\{\n {2}"event_id": "order-1"/);
    command.interrupt();
    const { stdout, stderr, status } = await command.ended;
    expect(stdout).toContain('\\u202e');
    expect(stderr).toContain('The temporary rule and its queue are removed.\n');
    expect(status).toBe(130);
    expect(operationsOf(aws.calls)).toEqual([
      'ListRules',
      'PutRule',
      'CreateQueue',
      'PutTargets',
      'DeleteMessage',
      'RemoveTargets',
      'GetQueueUrl',
      'DeleteQueue',
      'DeleteRule',
    ]);
    expect([...aws.existing]).toEqual([]);
  });

  it('lets nothing but its rule send to its queue, and matches the sources alone', async () => {
    await using aws = await startBus();
    await using command = startCommand('tail', ['partner', ...args, '--json'], aws.environment);
    await command.shows(/order-1/);
    command.interrupt();
    await command.ended;
    const inputOf = (operation: string) => aws.calls.find((call) => call.operation === operation)?.input ?? {};
    const { Name, EventPattern } = inputOf('PutRule');
    expect(Name).toMatch(/^webhook-inbox-tail-[0-9a-f]{16}$/);
    expect(JSON.parse(String(EventPattern))).toEqual({ source: ['webhook-inbox.partner'] });
    const { QueueName, Attributes } = inputOf('CreateQueue');
    expect(QueueName).toBe(Name);
    expect(JSON.parse(Object(Attributes).Policy).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: `arn:aws:sqs:us-east-1:111122223333:${Name}`,
        Condition: { ArnEquals: { 'aws:SourceArn': `arn:aws:events:us-east-1:111122223333:rule/Hooks-bus/${Name}` } },
      },
    ]);
  });

  it('removes what it had created if the rest is refused', async () => {
    await using aws = await startBus({
      CreateQueue: () => ({ __type: 'AccessDeniedException', message: 'not authorized' }),
      GetQueueUrl: () => ({ __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'no such queue' }),
    });
    await using command = startCommand('tail', args, aws.environment);
    const { stderr, status } = await command.ended;
    expect(stderr).toContain('Could not create a temporary rule and queue. Access denied: not authorized');
    expect(status).toBe(1);
    expect([...aws.existing]).toEqual([]);
  });

  it('reports what was refused first, also if it may not remove what it had created', async () => {
    const refused = (action: string) => () => ({ __type: 'AccessDeniedException', message: `no ${action}` });
    await using aws = await startBus({ PutTargets: refused('PutTargets'), RemoveTargets: refused('RemoveTargets') });
    await using command = startCommand('tail', args, aws.environment);
    expect((await command.ended).stderr).toContain('Access denied: no PutTargets\n');
  });

  it('finds what killed runs left on every page of the rules', async () => {
    const old = (Name: string) => ({
      Name,
      Description: 'Temporary: shown by a command until 2026-01-01T00:00:00.000Z',
    });
    const pages = {
      first: { Rules: [old('webhook-inbox-tail-1')], NextToken: 'second' },
      second: { Rules: [old('webhook-inbox-tail-2')] },
    };
    await using aws = await startBus({ ListRules: ({ NextToken }) => (NextToken ? pages.second : pages.first) });
    await using command = startCommand('tail', args, aws.environment);
    await command.shows(/order-1/);
    command.interrupt();
    expect((await command.ended).stderr).toContain('Removed what 2 runs left that had been killed.\n');
  });

  it('names the source that was meant, and creates nothing for a source that the inbox does not have', async () => {
    await using aws = await startAwsEndpoint({ BusName: 'Hooks-bus' }, {}, { partner: { provider: 'generic' } });
    await using command = startCommand('tail', ['partnr', ...args], aws.environment);
    expect(await command.ended).toMatchObject({
      stderr: 'The inbox has no source "partnr", did you mean partner?\n',
      status: 1,
    });
    expect(aws.calls).toEqual([]);
  });

  it('removes what a killed run left, and leaves the rule of a run that continues', async () => {
    const rules = [
      { Name: 'webhook-inbox-tail-old', Description: 'Temporary: shown by a command until 2026-01-01T00:00:00.000Z' },
      {
        Name: 'webhook-inbox-tail-running',
        Description: 'Temporary: shown by a command until 2999-01-01T00:00:00.000Z',
      },
    ];
    await using aws = await startBus({}, rules);
    await using command = startCommand('tail', args, aws.environment);
    await command.shows(/order-1/);
    command.interrupt();
    expect((await command.ended).stderr).toContain('Removed what a run left that had been killed.\n');
    expect([...aws.existing]).toEqual(['webhook-inbox-tail-running']);
  });
});
