import { describe, expect, it } from '@jest/globals';
import { eventJson, signed } from '../support/generic-event.ts';
import type { Outgoing } from '../support/http.ts';
import { startInbox } from '../support/inbox.ts';

describe('DynamoDB receives', () => {
  it('one write for a new event', async () => {
    await using inbox = await startInbox();
    await inbox.post(signed(eventJson()));
    expect(inbox.operations).toEqual(['PutItem']);
    await inbox.post(signed(eventJson({ event_id: 'evt_2', more: 'x'.repeat(10_000) })));
    expect(inbox.operations).toEqual(['PutItem', 'PutItem']);
  });

  it('one write for a duplicate or a conflict, and no read', async () => {
    await using inbox = await startInbox();
    await inbox.post(signed(eventJson()));
    await inbox.post(signed(eventJson()));
    await inbox.post(signed(eventJson({ action: 'invoice.void' })));
    expect(inbox.operations).toEqual(['PutItem', 'PutItem', 'PutItem']);
  });

  it('no request for a delivery that is rejected', async () => {
    await using inbox = await startInbox({ maxBodyBytes: 10_000 });
    const refused: [Outgoing, string?][] = [
      [signed(eventJson()), '/webhooks/nobody'],
      [signed('x'.repeat(10_001))],
      [{ body: eventJson() }],
      [signed(eventJson(), 'another secret')],
      [signed('{')],
      [signed('{}')],
    ];
    for (const [request, path] of refused) await inbox.post(request, path);
    expect(inbox.reports.map(({ status }) => status)).toEqual([404, 413, 415, 401, 400, 422]);
    expect(inbox.operations).toEqual([]);
  });
});

it('32 concurrent deliveries of an event store it exactly once, for each of 25 events', async () => {
  await using inbox = await startInbox();
  const expected = ['processed', ...Array.from({ length: 31 }, () => 'duplicate')].sort();
  for (const event_id of Array.from({ length: 25 }, (_, index) => `evt_${index}`)) {
    const request = signed(eventJson({ event_id }));
    const answers = await Promise.all(Array.from({ length: 32 }, () => inbox.post(request)));
    expect(answers.map(({ text }) => JSON.parse(text).status).sort()).toEqual(expected);
  }
  expect(inbox.operations).toHaveLength(25 * 32);
  expect(await inbox.items()).toHaveLength(25);
});

it('Of 32 concurrent deliveries with one id and different payloads, one is stored and 31 are conflicts', async () => {
  await using inbox = await startInbox();
  const bodies = Array.from({ length: 32 }, (_, index) => eventJson({ user_id: `user_${index}` }));
  const answers = await Promise.all(bodies.map((body) => inbox.post(signed(body))));
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(31);
  const winner = bodies[answers.findIndex(({ status }) => status === 200)];
  expect(await inbox.items()).toMatchObject([{ payload: { S: String(winner) } }]);
});
