import { createHash } from 'node:crypto';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { startEmbeddedDynamodb } from '../../../cli/local/embedded-dynamodb.ts';
import { type AwsCall, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { runCommand } from '../../support/command.ts';
import { incompressibleText } from '../../support/generic-event.ts';
import { invoiceItem } from '../../support/invoice-item.ts';

const RECEIVED_AT = Date.parse('2026-03-01T12:00:00.250Z');
const stack = ['--stack', 'Hooks'];
const small = '{"note":"not to be shown","amount":12.50}';
const large = JSON.stringify({ note: 'not to be shown', text: 'long '.repeat(2_000) });

/** A table with these payloads of the source partner by event id, and a bus. */
async function startAws(
  payloads: Readonly<Record<string, string>>,
  { outputs = {}, refused = '', code = 'InternalFailure' } = {},
) {
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: 'events' });
  const documents = DynamoDBDocumentClient.from(dynamodb.client);
  for (const [id, payload] of Object.entries(payloads)) {
    await documents.send(new PutCommand({ TableName: 'events', Item: invoiceItem(id, payload, RECEIVED_AT) }));
  }
  const aws = await startAwsEndpoint(
    { TableName: 'events', BusName: 'Hooks-bus', PayloadBucketName: 'payloads', ...outputs },
    {
      PutEvents: (input) => putEvents(entryOf({ input }), refused, code),
      DescribeEventBus: ({ Name }) =>
        Name === 'own-bus' ? { Name } : { __type: 'ResourceNotFoundException', message: 'Event bus does not exist.' },
    },
  );
  return {
    environment: { ...aws.environment, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint },
    entries: () => aws.calls.filter(({ operation }) => operation === 'PutEvents').map(entryOf),
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await dynamodb.stop();
    },
  };
}

interface Entry {
  readonly EventBusName: string;
  readonly Detail: string;
}

function entryOf({ input }: Pick<AwsCall, 'input'>): Entry {
  const [entry] = input.Entries as readonly [Entry];
  return entry;
}

function putEvents({ Detail }: Entry, refused: string, code: string) {
  const isRefused = JSON.parse(Detail).event_id === refused;
  return { FailedEntryCount: Number(isRefused), Entries: [isRefused ? { ErrorCode: code } : {}] };
}

/** Whatever happens, no payload is shown. */
async function runRedeliver(args: readonly string[], environment: NodeJS.ProcessEnv, input?: string) {
  const ended = await runCommand('redeliver', args, environment, input);
  expect(ended.stdout + ended.stderr).not.toContain('not to be shown');
  expect(ended.stderr).not.toContain('    at ');
  return ended;
}

describe('npm run redeliver', () => {
  it.each([
    ['small', small],
    ['compressed', large],
  ])('puts a stored event with a %s payload on the bus as the forwarder did', async (_, payload) => {
    await using aws = await startAws({ 'evt#1': payload });
    const ended = await runRedeliver(['partner', 'evt#1', ...stack], aws.environment);
    expect(ended).toEqual({ status: 0, stdout: '1 put on the bus, 0 failed\n', stderr: '' });
    expect(aws.entries()).toEqual([
      {
        EventBusName: 'Hooks-bus',
        Source: 'webhook-inbox.partner',
        DetailType: 'invoice.paid',
        Detail: expect.stringContaining('"id":"partner#evt#1"'),
        Time: RECEIVED_AT / 1000,
      },
    ]);
    expect(aws.entries()[0]?.Detail).toContain(`,"payload":${payload}}`);
  });

  it('names the object of a payload that is in the bucket, as the forwarder does', async () => {
    const payload = JSON.stringify({ note: 'not to be shown', noise: incompressibleText(900_000) });
    await using aws = await startAws({ large: payload });
    expect((await runRedeliver(['partner', 'large', ...stack], aws.environment)).status).toBe(0);
    expect(JSON.parse(aws.entries()[0]?.Detail ?? '')).toMatchObject({
      event_id: 'large',
      payload_omitted: true,
      payload_encoding: 'gzip',
      payload_object: `partner/${createHash('sha256').update(payload).digest('hex')}`,
      bucket: 'payloads',
    });
  });

  it('puts several events in the order given, each once, and shows the progress', async () => {
    await using aws = await startAws({ a: small, b: small, c: large });
    const { status, stdout, stderr } = await runRedeliver(['partner', 'c', 'a', 'c', 'b', ...stack], aws.environment);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '3 put on the bus, 0 failed\n' });
    expect(stderr).toBe('1/3 c: done\n2/3 a: done\n3/3 b: done\n');
    expect(aws.entries().map(({ Detail }) => JSON.parse(Detail).event_id)).toEqual(['c', 'a', 'b']);
  });

  it('reads event ids from standard input, one per line', async () => {
    await using aws = await startAws({ a: small, 'b c': small });
    const { status, stderr } = await runRedeliver(['partner', '-', ...stack], aws.environment, 'b c\r\n\n a\nb c\n');
    expect(status).toBe(0);
    expect(stderr).toBe('1/2 b c: done\n2/2 a: done\n');
  });

  it('names events that are missing or refused, puts the others, and exits with 1', async () => {
    await using aws = await startAws({ a: small, b: small, c: small }, { refused: 'b' });
    const args = ['partner', 'nobody', 'b', 'c', ...stack];
    const { status, stdout, stderr } = await runRedeliver(args, aws.environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '1 put on the bus, 2 failed\n' });
    expect(stderr.split('\n')).toEqual([
      '1/3 nobody: failed: no such event of partner in the table events',
      '2/3 b: failed: EventBridge refused the event: InternalFailure',
      '3/3 c: done',
      '',
    ]);
  });

  it('puts a refused event without its payload, and reports that this is refused too', async () => {
    await using aws = await startAws({ a: small }, { refused: 'a', code: 'MalformedDetail' });
    const { status, stderr } = await runRedeliver(['partner', 'a', ...stack], aws.environment);
    expect(stderr).toBe('a: failed: EventBridge refuses it, with and without its payload: MalformedDetail\n');
    expect(status).toBe(1);
    expect(aws.entries().map(({ Detail }) => 'payload' in JSON.parse(Detail))).toEqual([true, false]);
  });

  it('prints no control character of an id', async () => {
    await using aws = await startAws({ 'a\u001b[2J': small });
    const ids = 'a\u001b[2J\nb\u202e\n';
    const { stdout, stderr } = await runRedeliver(['partner', '-', '--dry-run', ...stack], aws.environment, ids);
    expect(stdout).toMatch(/^a\\u001b\[2J: would put /);
    expect(stderr).toMatch(/^2\/2 b\\u202e: failed: no such event/m);
    expect(stdout + stderr).not.toMatch(/(?!\n)\p{C}/u);
  });

  it('lists in a dry run the events that it would put, and puts nothing', async () => {
    await using aws = await startAws({ a: small });
    const { status, stdout, stderr } = await runRedeliver(
      ['partner', 'a', 'x', '--dry-run', ...stack],
      aws.environment,
    );
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(
        /^a: would put webhook-inbox\.partner, invoice\.paid, received 2026-03-01T12:00:00\.250Z, \d+ bytes$/,
      ),
      '1 would be put on the bus, 1 failed',
      '',
    ]);
    expect(stderr).toContain('2/2 x: failed: no such event');
    expect(status).toBe(1);
    expect(aws.entries()).toEqual([]);
  });

  it('reads a table that a deleted stack left, and puts its events on a bus, without any stack', async () => {
    await using aws = await startAws({ a: small });
    const args = ['partner', 'a', 'x', '--table', 'events', '--bus', 'own-bus'];
    const { status, stdout, stderr } = await runRedeliver(args, aws.environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '1 put on the bus, 1 failed\n' });
    expect(stderr).toBe('1/2 a: done\n2/2 x: failed: no such event of partner in the table events\n');
    expect(aws.entries()).toMatchObject([{ EventBusName: 'own-bus', Detail: expect.stringContaining(small) }]);
  });

  it('puts the events of another table on the bus of a stack', async () => {
    await using aws = await startAws({ a: small }, { outputs: { TableName: 'new', PayloadBucketName: '' } });
    const { status, stderr } = await runRedeliver(['partner', 'a', '--table', 'events', ...stack], aws.environment);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(aws.entries().map(({ EventBusName }) => EventBusName)).toEqual(['Hooks-bus']);
  });

  it('names the bucket of --bucket for a large payload of another table, and puts none without it', async () => {
    await using aws = await startAws({ large: incompressibleText(900_000), a: small });
    const args = ['partner', 'large', 'a', '--table', 'events', ...stack];
    const { status, stderr } = await runRedeliver(args, aws.environment);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^1\/2 large: failed: its payload is in a bucket, .*--bucket\n2\/2 a: done\n$/);
    expect((await runRedeliver([...args, '--bucket', 'left'], aws.environment)).status).toBe(0);
    expect(aws.entries().map(({ Detail }) => JSON.parse(Detail).bucket)).toEqual([undefined, 'left', undefined]);
  });

  it('explains an error of AWS', async () => {
    await using aws = await startAws({ a: small }, { outputs: { TableName: 'elsewhere' } });
    const { status, stdout, stderr } = await runRedeliver(['partner', 'a', ...stack], aws.environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '0 put on the bus, 1 failed\n' });
    expect(stderr).toMatch(
      /^a: failed: Could not read or put it\. AWS responded with ResourceNotFoundException: .+\n$/,
    );
  });

  it.each([
    ['no source', [], /^Name a source and its events\.\n\n/],
    ['no event', ['partner', ...stack], /^Name a source and its events\.\n\n/],
    ['ids both here and there', ['partner', 'a', '-', ...stack], /^Give event ids as arguments, or - for/],
    ['an empty list', ['partner', '-', ...stack], /^Standard input has no event ids/],
    ['an unknown stack', ['partner', 'a'], /^There is no stack WebhookInbox/],
    ['an inbox without a bus', ['partner', 'a', ...stack], /no output BusName: .*without forwarding/],
    [
      'a table without a bus',
      ['partner', 'a', '--table', 'events'],
      /^There is no stack .* Or name the bus with --bus\.\n$/,
    ],
    [
      'a bus that does not exist, where EventBridge would drop the events',
      ['partner', 'a', '--table', 'events', '--bus', 'gone'],
      /^There is no event bus gone in this account and region\. /,
    ],
    [
      'two buses',
      ['partner', 'a', '--table', 'events', '--bus', 'own-bus', ...stack],
      /^Give --bus, or --stack and --inbox, not both/,
    ],
    ['a bus without a table', ['partner', 'a', '--bus', 'own-bus'], /^Give --bus and --bucket only with --table/],
    ['a bucket without a table', ['partner', 'a', '--bucket', 'left'], /^Give --bus and --bucket only with --table/],
  ])('refuses %s, and prints the reason', async (_, args, message) => {
    await using aws = await startAws({}, { outputs: { BusName: '' } });
    const { status, stdout, stderr } = await runRedeliver(args, aws.environment, '\n');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('prints its help', async () => {
    const { status, stdout } = await runRedeliver(['--help'], {});
    expect(status).toBe(0);
    expect(stdout).toContain('npm run redeliver -- <source> <event-id>... [--stack NAME] [--inbox NAME] [--dry-run]');
    expect(stdout).toContain('npm run redeliver -- <source> <event-id>... --table NAME [--bus NAME] [--bucket NAME]');
  });
});
