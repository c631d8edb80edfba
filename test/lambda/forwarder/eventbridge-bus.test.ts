import { createServer } from 'node:http';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from '@jest/globals';
import { listen, readBytes } from '../../../cli/local/http.ts';
import { eventbridgeBus } from '../../../lambda/forwarder/eventbridge-bus.ts';

const ENTRY = {
  source: 'webhook-inbox.partner',
  detailType: 'paid',
  detail: '{"n":1}',
  time: new Date(1_772_366_400_000),
};

interface PutRequest {
  readonly Entries: readonly { readonly Detail: string }[];
}

/** EventBridge on loopback. It sends the answers in order, and repeats the last one. */
async function startBus(...answers: readonly (readonly [status: number, answer: object])[]) {
  const asked: [target: unknown, body: PutRequest][] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(String(await readBytes(request, 10_000)));
    const [status, answer] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, {}];
    asked.push([request.headers['x-amz-target'], body]);
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  const endpoint = await listen(server, 0);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new EventBridgeClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 3 });
  return {
    asked,
    /** The numbers in the entries of each request. */
    details: () => asked.map(([, { Entries }]) => Entries.map(({ Detail }) => JSON.parse(Detail).n)),
    bus: eventbridgeBus(client, 'the-bus'),
    async [Symbol.asyncDispose]() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const BROKEN = [500, { __type: 'InternalException' }] as const;

/** A request that EventBridge refuses because of one entry. */
const REFUSED = [400, { __type: 'ValidationException', message: 'Member must have length at most 128' }] as const;

/** Entries with a number each, and the answer that takes those without an error code. */
const entriesOf = (...numbers: readonly number[]) => numbers.map((n) => ({ ...ENTRY, detail: `{"n":${n}}` }));

function answerOf(...codes: readonly (string | undefined)[]) {
  const Entries = codes.map((code) => (code ? { ErrorCode: code, ErrorMessage: '{"n":1}' } : { EventId: 'one' }));
  return [200, { FailedEntryCount: codes.filter(Boolean).length, Entries }] as const;
}

const failed = (code: string, isPermanent: boolean) => expect.objectContaining({ code, isPermanent });

describe('Putting entries on the bus', () => {
  it('sends one PutEvents request with all of them', async () => {
    await using bus = await startBus(answerOf(undefined, undefined));
    const { source: Source, detailType: DetailType } = ENTRY;
    expect(await bus.bus.put(entriesOf(1, 2))).toEqual([undefined, undefined]);
    const rest = { EventBusName: 'the-bus', Source, DetailType, Time: 1_772_366_400 };
    expect(bus.asked).toEqual([
      [
        'AWSEvents.PutEvents',
        {
          Entries: [
            { ...rest, Detail: '{"n":1}' },
            { ...rest, Detail: '{"n":2}' },
          ],
        },
      ],
    ]);
  });

  it.each([
    'MalformedDetail',
    'InvalidArgument',
    'RedactionFailure',
    'NotAuthorizedForSourceException',
    'NotAuthorizedForDetailTypeException',
  ])('fails for good for an entry that EventBridge refuses with %s, and for no other', async (code) => {
    await using bus = await startBus(answerOf(undefined, code, undefined));
    expect(await bus.bus.put(entriesOf(1, 2, 3))).toEqual([undefined, failed(code, true), undefined]);
    expect(bus.asked).toHaveLength(1);
  });

  it.each(['ThrottlingException', 'InternalFailure', 'ServiceUnavailable', 'AccessDeniedException', 'SomethingNew'])(
    'puts an entry once more that failed among others with %s, and then leaves it for later',
    async (code) => {
      await using bus = await startBus(answerOf(undefined, code, undefined), answerOf(code));
      expect(await bus.bus.put(entriesOf(1, 2, 3))).toEqual([undefined, failed(code, false), undefined]);
      expect(bus.details()).toEqual([[1, 2, 3], [2]]);
    },
  );

  it('succeeds for the entries that the second request puts', async () => {
    const first = answerOf('InternalFailure', 'MalformedDetail', 'InternalFailure', undefined);
    await using bus = await startBus(first, answerOf('InternalFailure', undefined));
    expect(await bus.bus.put(entriesOf(1, 2, 3, 4))).toEqual([
      failed('InternalFailure', false),
      failed('MalformedDetail', true),
      undefined,
      undefined,
    ]);
    expect(bus.details()).toEqual([
      [1, 2, 3, 4],
      [1, 3],
    ]);
  });

  it.each([
    ['first', ['InternalFailure', undefined], [failed('InternalFailure', false), undefined]],
    ['last', [undefined, 'InternalFailure'], [undefined, failed('InternalFailure', false)]],
  ])('leaves the %s entry for later if it failed, and the second request fails as such', async (_, codes, results) => {
    await using bus = await startBus(answerOf(...codes), [400, { __type: 'AccessDeniedException' }]);
    expect(await bus.bus.put(entriesOf(1, 2))).toEqual(results);
  });

  it('does not repeat the request if all entries failed', async () => {
    await using bus = await startBus(answerOf('ThrottlingException', 'ThrottlingException'));
    expect(await bus.bus.put(entriesOf(1, 2))).toEqual(Array(2).fill(failed('ThrottlingException', false)));
    expect(bus.asked).toHaveLength(1);
  });

  it('fails for an entry that the answer does not have', async () => {
    await using bus = await startBus(answerOf(undefined), [200, {}]);
    expect(await bus.bus.put(entriesOf(1, 2))).toEqual([undefined, failed('NoResult', false)]);
  });

  it('puts each entry alone if EventBridge refuses the request as such, to find the one at fault', async () => {
    await using bus = await startBus(REFUSED, answerOf(undefined), REFUSED, answerOf(undefined));
    expect(await bus.bus.put(entriesOf(1, 2, 3))).toEqual([undefined, failed('ValidationException', true), undefined]);
    expect(bus.details()).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it.each([
    [413, { __type: 'RequestEntityTooLarge' }],
    [400, { __type: 'SerializationException' }],
  ])('fails for good if EventBridge answers %d %j for one entry', async (status, answer) => {
    await using bus = await startBus([status, answer]);
    expect(await bus.bus.put(entriesOf(1))).toEqual([failed(answer.__type, true)]);
  });

  it('succeeds after two failures of EventBridge', async () => {
    await using bus = await startBus(BROKEN, BROKEN, answerOf(undefined));
    expect(await bus.bus.put(entriesOf(1))).toEqual([undefined]);
    expect(bus.asked).toHaveLength(3);
  });

  it('leaves all entries for later after three failures of EventBridge', async () => {
    await using bus = await startBus(BROKEN);
    expect(await bus.bus.put(entriesOf(1, 2))).toEqual(Array(2).fill(failed('InternalException', false)));
    expect(bus.asked).toHaveLength(3);
  });

  it('leaves all entries for later, without a retry, if access is denied', async () => {
    await using bus = await startBus([400, { __type: 'AccessDeniedException' }]);
    expect(await bus.bus.put(entriesOf(1, 2))).toEqual(Array(2).fill(failed('AccessDeniedException', false)));
    expect(bus.asked).toHaveLength(1);
  });

  it('leaves the entry for later if EventBridge is out of reach', async () => {
    const { bus, [Symbol.asyncDispose]: stop } = await startBus(BROKEN);
    await stop();
    expect(await bus.put(entriesOf(1))).toEqual([failed('Error', false)]);
  });
});
