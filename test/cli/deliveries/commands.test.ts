import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedDynamodb } from '../../../cli/local/embedded-dynamodb.ts';
import { listen } from '../../../cli/local/http.ts';
import { toItem } from '../../../lambda/events/event-item.ts';
import { toQuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { type Command, runCommand, startCommand } from '../../support/command.ts';
import { CONFLICT, deliveryLineAt, PROCESSED, REJECTED } from '../../support/delivery-lines.ts';
import { signatureOf } from '../../support/generic-event.ts';

const SECRET = 'a secret of this machine';
const timestamp = Math.floor(Date.now() / 1000);

describe('With the inbox on this machine', () => {
  let inbox: Command;
  let url = '';
  let environment: NodeJS.ProcessEnv = {};

  beforeAll(async () => {
    inbox = startCommand('start', [], { PORT: '0', DYNAMODB_PORT: '0', WEBHOOK_SECRET_GENERIC: SECRET });
    const [, dynamodb = ''] = await inbox.shows(/Table webhook-events is at (http:\S+)/);
    [, url = ''] = await inbox.shows(/POST (http:\S+\/webhooks\/generic)/);
    environment = { PORT: new URL(url).port, DYNAMODB_PORT: new URL(dynamodb).port, TZ: 'Europe/Berlin' };
    await post('order-1', 'order.created');
    await post('order-2', 'order.paid');
    await post('order-3', 'order.paid', 'wrong');
  });
  afterAll(async () => await inbox[Symbol.asyncDispose]());

  async function post(eventId: string, action: string, secret = SECRET): Promise<void> {
    const body = JSON.stringify({ event_id: eventId, user_id: 'u', action, timestamp });
    const headers = { 'Content-Type': 'application/json', 'X-Signature': signatureOf(body, secret) };
    await (await fetch(url, { method: 'POST', headers, body })).text();
  }

  it('events is a table of the deliveries, without colours, and names the time zone', async () => {
    const { stdout, stderr, status } = await runCommand('events', [], environment);
    const [headings = '', ...rows] = stdout.trimEnd().split('\n');
    expect(headings.split(/ {2,}/)).toEqual([
      'time',
      'source',
      'outcome',
      'status',
      'type',
      'event id',
      'bytes',
      'ms',
      'why',
    ]);
    expect(rows).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}generic {2}processed {2}200 +order\.created +order-1 /),
      expect.stringMatching(/ processed {2}200 +order\.paid +order-2 /),
      expect.stringMatching(/ rejected {3}401 .*invalid_signature: mismatch$/),
    ]);
    expect(stderr).toMatch(/^3 deliveries to .*, in the time zone Europe\/Berlin \(UTC\+0[12]:00\)\n$/);
    expect(status).toBe(0);
  });

  it.each([
    [['--type', '*.paid', '--ids', 'generic'], 'order-2\n'],
    [['--outcome', 'processed', '--limit', '1', '--ids', 'generic'], 'order-2\n'],
    [['--text', 'ORDER-1', '--ids', 'generic'], 'order-1\n'],
    [['--from', '2020-01-01', '--to', '2020-01-02'], ''],
    [['other'], ''],
  ])('events %j lists what matches', async (args, expected) => {
    expect(await runCommand('events', args, environment)).toMatchObject({ stdout: expected, status: 0 });
  });

  it('events suggests a source for a name that is probably mistyped', async () => {
    const { stderr } = await runCommand('events', ['strpe', 'other', 'stripe'], environment);
    expect(stderr).toMatch(/^0 deliveries to .+\nNothing was delivered to "strpe"\. Did you mean stripe\?\n$/);
  });

  it('events --json has a delivery per line', async () => {
    const { stdout } = await runCommand('events', ['--json', '--outcome', 'rejected,conflict'], environment);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'rejected', status: 401, source: 'generic', events: [] });
  });

  it('events --follow continues with what comes until Ctrl-C', async () => {
    await using command = startCommand('events', ['generic', '--follow', '--since', '1h'], environment);
    await command.shows(/order-2/);
    await post('order-4', 'order.paid');
    await command.shows(/processed .*order-4/);
    command.interrupt();
    expect(await command.ended).toMatchObject({ status: 130, stderr: '' });
  });

  it('tail --rejected shows rejections as they come, and nothing else', async () => {
    await using command = startCommand('tail', ['--rejected'], environment);
    await command.shows(/why/);
    await post('order-5', 'order.paid');
    // What follows begins when the server has the request, so the first one may be missed.
    const tries = setInterval(() => post('order-6', 'order.paid', 'wrong'), 50);
    await command.shows(/rejected +401 .*mismatch/);
    clearInterval(tries);
    command.interrupt();
    const { stdout, status } = await command.ended;
    expect(stdout).not.toContain('processed');
    expect(status).toBe(130);
  });

  it('inspect shows the item, its data, its payload and its deliveries', async () => {
    await post('order-1', 'order.created');
    const { stdout, status } = await runCommand('inspect', ['generic', 'order-1'], environment);
    for (const part of [
      'event id     order-1',
      'source       generic, provider generic',
      'type         order.created',
      'Data\n{\n  "user_id": "u",',
      'Payload\n{\n  "event_id": "order-1",',
      'in the time zone Europe/Berlin',
    ])
      expect(stdout).toContain(part);
    expect(stdout).toMatch(/ processed .* order-1 [\s\S]* duplicate .* order-1 /);
    expect(status).toBe(0);
  });

  it('inspect --raw writes the bytes of the payload and nothing else', async () => {
    const { stdout } = await runCommand('inspect', ['generic', 'order-1', '--raw'], environment);
    expect(stdout).toBe(JSON.stringify({ event_id: 'order-1', user_id: 'u', action: 'order.created', timestamp }));
  });

  it('inspect of an unknown event has the exit status 1, and says so', async () => {
    expect(await runCommand('inspect', ['generic', 'nothing'], environment)).toMatchObject({
      stdout: 'No delivery of it is in the log.\n',
      stderr: 'generic nothing is neither stored nor in quarantine.\n',
      status: 1,
    });
  });

  it('status has the deliveries of each source', async () => {
    const { stdout, status } = await runCommand('status', ['--json'], environment);
    expect(JSON.parse(stdout)).toMatchObject({ sources: [{ source: 'generic' }], needsAttention: false });
    expect(status).toBe(0);
  });
});

describe('A command', () => {
  it.each([
    ['events', ['--from', 'noon'], '--from "noon" is not a time.'],
    ['events', ['--outcome', 'procesed'], '"procesed" is no outcome. Did you mean processed?'],
    ['events', ['--limit', '0'], '--limit "0" is not a whole number from 1 on.'],
    ['events', ['--from', '1h', '--to', '2h'], 'The window is out of order: it begins at '],
    ['events', ['--from', '2999-01-01'], 'The window begins at 2999-01-01 00:00:00, which is in the future'],
    ['events', ['--from', '1h', '--since', '1h'], 'Give --from or --since, not both'],
    ['events', ['--ids'], '--ids is for one source'],
    ['events', ['--ids', '--json', 'a'], 'Give --json or --ids, not both.'],
    ['events', ['--follow', '--to', '1h'], '--follow has no end'],
    ['inspect', ['partner'], 'Name a source and one event.'],
    ['inspect', ['partner', 'a', '--raw', '--json'], 'Give --raw or --json, not both.'],
    ['tail', ['--bus'], '--bus is for a deployed inbox'],
    ['tail', ['--bus', '--rejected', '--stack', 'Hooks'], 'What is rejected never reaches the bus'],
    ['redeliver', ['partner', '--rate', '5'], '--rate goes with a window'],
    ['redeliver', ['partner', 'a', '--from', '1h'], 'Give event ids, or a window; not both.'],
    ['redeliver', ['--from', '1h'], 'Name a source.'],
    ['redeliver', ['partner', '--from', '1h', '--rate', 'fast'], '--rate "fast" is not a whole number'],
    ['redeliver', ['--resume', '/nowhere/file'], '--resume /nowhere/file cannot be read: no such file or directory.'],
  ])('%s %j is an error that says what to change', async (command, args, message) => {
    const { stderr, status } = await runCommand(command, args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(1);
  });

  it.each(['events', 'inspect', 'tail'])(
    '%s says how to start the inbox on this machine if none runs',
    async (command) => {
      const args = command === 'inspect' ? ['generic', 'a'] : [];
      const { stderr, status } = await runCommand(command, args, {
        PORT: '1',
        DYNAMODB_PORT: '1',
        AWS_MAX_ATTEMPTS: '1',
      });
      expect(stderr).toContain('Is `npm start` running?');
      expect(status).toBe(1);
    },
  );
});

const RECEIVED_AT = Date.now() - 5 * 60_000;

function event(id: string, payload: string) {
  return {
    source: 'partner',
    provider: 'generic',
    id,
    type: 'order.created',
    occurredAt: RECEIVED_AT,
    signedAt: undefined,
    receivedAt: RECEIVED_AT,
    lifeSeconds: 1_000,
    immutable: true,
    data: { total: 3 },
    headers: {},
    payload: Buffer.from(payload),
  };
}

describe('With a deployed inbox', () => {
  it('inspect shows the event, the other payload in quarantine, the rules that match, and the deliveries', async () => {
    await using dynamodb = await startDynamodb();
    const { item } = toItem(event('order-1', '{"amount":12.50}'));
    const conflict = {
      ...event('order-1', '{"amount":99}'),
      eventId: 'order-1',
      reason: 'conflict',
      issues: [],
    } as const;
    await dynamodb.put('events', item);
    await dynamodb.put('quarantine', toQuarantineItem(conflict).item);
    const lines = [PROCESSED, CONFLICT].map((report, index) => deliveryLineAt(RECEIVED_AT + index, report));
    const rule = { Arn: 'a', State: 'ENABLED' };
    await using aws = await startAwsEndpoint(OUTPUTS, {
      StartQuery: () => ({ queryId: 'one' }),
      GetQueryResults: () => ({
        status: 'Complete',
        results: lines.map((value) => [{ field: '@message', value }]),
      }),
      ListRules: () => ({
        Rules: [
          {
            ...rule,
            Name: 'orders',
            EventPattern: '{"source":["webhook-inbox.partner"],"detail-type":["order.created"]}',
          },
          { ...rule, Name: 'other', EventPattern: '{"source":["webhook-inbox.shop"]}' },
          {
            ...rule,
            Name: 'large',
            EventPattern: '{"detail":{"data":{"total":[{"numeric":[">",2]}]}}}',
            State: 'DISABLED',
          },
        ],
      }),
      ListTargetsByRule: ({ Rule }) => ({ Targets: [{ Id: '1', Arn: `arn:of:${Rule}` }] }),
    });
    const environment = { ...aws.environment, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint };
    const { stdout, status } = await runCommand('inspect', ['partner', 'order-1', '--stack', 'Hooks'], environment);
    for (const part of [
      '"amount": 12.50',
      `quarantine   partner#${createHash('sha256').update('{"amount":99}').digest('hex')}`,
      'reason       conflict: another payload is stored under the event id',
      '"amount": 99',
      'Forwarded to the bus Hooks-bus. Rules that match now: 2\n  orders to arn:of:orders\n',
      '  large (disabled, may match: its pattern is not checked here) to arn:of:large',
    ])
      expect(stdout).toContain(part);
    expect(stdout).toMatch(/processed .*\n.*conflict .*event_id_conflict/);
    expect(status).toBe(0);
  });

  it('events reads the log of the stack, and shows what was rejected and why', async () => {
    const issues = [{ path: 'user_id', expected: 'string' }];
    const line = deliveryLineAt(Date.now() - 1_000, {
      ...REJECTED,
      status: 422,
      code: 'invalid_event',
      reason: 'invalid_event',
      issues,
    });
    await using aws = await startAwsEndpoint(OUTPUTS, { FilterLogEvents: () => ({ events: [{ message: line }] }) });
    const args = ['--stack', 'Hooks', '--since', '10m', '--outcome', 'rejected'];
    const { stdout } = await runCommand('events', args, aws.environment);
    expect(stdout).toMatch(/rejected +422 .*invalid_event: user_id \(expected string\)\n$/);
    expect(aws.calls[0]?.input).toMatchObject({ logGroupName: 'receiver-log' });
  });

  it.each([
    ['events', ['partnr'], 1],
    ['events', ['partnr', '--ids'], 1],
    ['events', ['partnr', '--json'], 1],
    ['events', ['partnr', '--follow'], 1],
    ['tail', ['partnr'], 1],
    ['redeliver', ['partnr', '--since', '10m'], 1],
    ['events', ['partner'], 0],
  ])('%s %j names the source that was meant, if the inbox has no such source', async (command, args, expected) => {
    const answers = {
      FilterLogEvents: () => ({ events: [] }),
      StartQuery: () => ({ queryId: 'one' }),
      GetQueryResults: () => ({ status: 'Complete', results: [] }),
    };
    await using aws = await startAwsEndpoint(OUTPUTS, answers, { partner: { provider: 'generic' } });
    const { stdout, stderr, status } = await runCommand(command, [...args, '--stack', 'Hooks'], aws.environment);
    const message = 'The inbox has no source "partnr", did you mean partner?\n';
    expect([stdout, stderr.includes(message), status]).toEqual(['', expected === 1, expected]);
  });

  it('inspect and redeliver name the source that was meant', async () => {
    await using dynamodb = await startDynamodb();
    await using aws = await startAwsEndpoint(OUTPUTS, {}, { partner: { provider: 'generic' } });
    const environment = { ...aws.environment, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint };
    for (const command of ['inspect', 'redeliver']) {
      const { stderr, status } = await runCommand(command, ['partnr', 'order-1', '--stack', 'Hooks'], environment);
      expect([stderr, status]).toEqual([expect.stringContaining('no source "partnr", did you mean partner?\n'), 1]);
    }
  });

  it.each([['10m'], ['2h']])('events --since %s ends without a trace and a summary at Ctrl-C', async (since) => {
    const begun = Promise.withResolvers<void>();
    const endless = new Promise<never>(() => undefined);
    const wait = () => {
      begun.resolve();
      return endless;
    };
    await using aws = await startAwsEndpoint(OUTPUTS, {
      FilterLogEvents: wait,
      StartQuery: () => ({ queryId: 'one' }),
      GetQueryResults: () => {
        begun.resolve();
        return { status: 'Running' };
      },
      StopQuery: () => ({ success: true }),
    });
    await using command = startCommand('events', ['--stack', 'Hooks', '--since', since], aws.environment);
    await begun.promise;
    command.interrupt();
    const { stdout, stderr, status } = await command.ended;
    expect(stderr.replace('Searching the log: 0 lines read\n', '')).toBe('');
    expect([stdout, status]).toEqual(['', 130]);
  });

  it('events --ids writes ids for redeliver as they are, also those that a terminal would not show', async () => {
    const eventId = 'family-\u{1f469}\u200d\u{1f467}';
    const message = deliveryLineAt(Date.now() - 1_000, { ...PROCESSED, eventId });
    await using aws = await startAwsEndpoint(OUTPUTS, { FilterLogEvents: () => ({ events: [{ message }] }) });
    const args = ['partner', '--stack', 'Hooks', '--since', '10m', '--ids'];
    expect((await runCommand('events', args, aws.environment)).stdout).toBe(`${eventId}\n`);
  });

  it('events --limit says that these are the newest, if there may be more', async () => {
    const lines = [1, 2].map((id) => ({
      message: deliveryLineAt(Date.now() - id * 1_000, PROCESSED),
      eventId: `${id}`,
    }));
    await using aws = await startAwsEndpoint(OUTPUTS, { FilterLogEvents: () => ({ events: lines }) });
    const args = ['--stack', 'Hooks', '--since', '10m', '--limit'];
    expect((await runCommand('events', [...args, '1'], aws.environment)).stderr).toMatch(
      /^The newest 1 delivery from /,
    );
    expect((await runCommand('events', [...args, '3'], aws.environment)).stderr).toMatch(/^2 deliveries from /);
  });

  it('inspect names the action that is missing to read a payload in the bucket', async () => {
    await using dynamodb = await startDynamodb();
    const { item } = toItem(event('order-1', '{}'));
    const { payload: _, ...rest } = item;
    await dynamodb.put('events', { ...rest, payload_object: 'partner/0a1b' });
    await using bucket = await startForbiddenBucket();
    await using aws = await startAwsEndpoint(OUTPUTS, {});
    const environment = {
      ...aws.environment,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_S3: bucket.endpoint,
    };
    const { stderr, status } = await runCommand('inspect', ['partner', 'order-1', '--stack', 'Hooks'], environment);
    expect(stderr).toMatch(
      /^Could not read the payload\. Access denied: not authorized to perform: s3:GetObject on .*partner\/0a1b\./,
    );
    expect(status).toBe(1);
  });

  it('events of an inbox of an older version says that it must be deployed first', async () => {
    await using aws = await startAwsEndpoint({ TableName: 'events' }, {});
    const { stderr, status } = await runCommand('events', ['--stack', 'Hooks'], aws.environment);
    expect(stderr).toBe('The inbox has no output ReceiverLogGroupName: deploy this version of the inbox first.\n');
    expect(status).toBe(1);
  });
});

const OUTPUTS = {
  TableName: 'events',
  QuarantineTableName: 'quarantine',
  PayloadBucketName: 'payloads',
  ReceiverLogGroupName: 'receiver-log',
  BusName: 'Hooks-bus',
};

/** S3, which refuses every request. */
async function startForbiddenBucket() {
  const server = createServer((_, response) => {
    response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
  });
  const endpoint = await listen(server, 0);
  return {
    endpoint,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function startDynamodb() {
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: 'events', quarantineTableName: 'quarantine' });
  const documents = DynamoDBDocumentClient.from(dynamodb.client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    endpoint: dynamodb.endpoint,
    put: (TableName: string, Item: object) => documents.send(new PutCommand({ TableName, Item })),
    [Symbol.asyncDispose]: () => dynamodb.stop(),
  };
}
