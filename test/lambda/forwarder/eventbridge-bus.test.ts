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
const TAKEN = { FailedEntryCount: 0, Entries: [{ EventId: 'one' }] };

/** EventBridge on loopback. It sends the answers in order, and repeats the last one. */
async function startBus(...answers: readonly (readonly [status: number, answer: object])[]) {
  const asked: unknown[] = [];
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
    bus: eventbridgeBus(client, 'the-bus'),
    async [Symbol.asyncDispose]() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const BROKEN = [500, { __type: 'InternalException' }] as const;

describe('Putting an entry on the bus', () => {
  it('sends one PutEvents request with it', async () => {
    await using bus = await startBus([200, TAKEN]);
    await bus.bus.put(ENTRY);
    const { source, detailType, detail } = ENTRY;
    expect(bus.asked).toEqual([
      [
        'AWSEvents.PutEvents',
        {
          Entries: [
            { EventBusName: 'the-bus', Source: source, DetailType: detailType, Detail: detail, Time: 1_772_366_400 },
          ],
        },
      ],
    ]);
  });

  it('fails if EventBridge answers 200 but rejects the entry', async () => {
    const refused = { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: '{"n":1}' }] };
    await using bus = await startBus([200, refused]);
    await expect(bus.bus.put(ENTRY)).rejects.toThrow(new Error('EventBridge refused the event: ThrottlingException'));
  });

  it('succeeds after two failures of EventBridge', async () => {
    await using bus = await startBus(BROKEN, BROKEN, [200, TAKEN]);
    await bus.bus.put(ENTRY);
    expect(bus.asked).toHaveLength(3);
  });

  it('fails after three failures of EventBridge', async () => {
    await using bus = await startBus(BROKEN);
    await expect(bus.bus.put(ENTRY)).rejects.toThrow(expect.objectContaining({ name: 'InternalException' }));
    expect(bus.asked).toHaveLength(3);
  });

  it('fails without a retry if access is denied', async () => {
    await using bus = await startBus([400, { __type: 'AccessDeniedException' }]);
    await expect(bus.bus.put(ENTRY)).rejects.toThrow(expect.objectContaining({ name: 'AccessDeniedException' }));
    expect(bus.asked).toHaveLength(1);
  });
});
