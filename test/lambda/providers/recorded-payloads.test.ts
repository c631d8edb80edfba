import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { startEmbeddedDynamodb } from '../../../cli/local/embedded-dynamodb.ts';
import { documentClient } from '../../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../../lambda/events/dynamodb-event-store.ts';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import type { EventStore } from '../../../lambda/events/event-store.ts';
import { decodePayload } from '../../../lambda/payloads/decode-payload.ts';
import { github } from '../../../lambda/providers/github.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { neverPasses } from '../../support/deadlines.ts';
import { incompressibleText } from '../../support/generic-event.ts';
import { githubPayloads } from '../../support/github-payloads.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys } from '../../support/provider-requests.ts';

// Guards against payloads that GitHub really sends. `npm run judges` compares our signatures of them with those of
// GitHub's own library.

const SECRET = 'a-secret-of-github';
const TABLE_NAME = 'recorded-payloads';

const RECORDED = githubPayloads();

const asJson = (payload: unknown) => JSON.stringify(payload);
const asForm = (payload: unknown) => String(new URLSearchParams({ payload: JSON.stringify(payload) }));

function delivery(body: string, mediaType: string, event: string, guid: number): SignedRequest {
  const headers = {
    'content-type': mediaType,
    'x-github-event': event,
    'x-github-delivery': `00000000-0000-4000-8000-${String(guid).padStart(12, '0')}`,
    'x-github-hook-id': '1',
  };
  return github().signature.sign(plainRequest(body, headers), { ...plainContext, key: SECRET });
}

const open = (store?: EventStore) =>
  providerInbox({ provider: 'github', keys: sharedKeys(SECRET), ...(store && { store }) });

describe(`Each of ${RECORDED.length} recorded payloads of GitHub`, () => {
  it.each([
    ['JSON', 'application/json', asJson],
    ['a form', 'application/x-www-form-urlencoded', asForm],
  ] as const)(
    'is processed as %s, and comes back byte for byte with its event type and repository',
    async (_, mediaType, encode) => {
      const inbox = open();
      for (const [guid, { event, payload }] of RECORDED.entries()) {
        const request = delivery(encode(payload), mediaType, event, guid);
        expect(await inboxStatusOf(inbox.deliver(request))).toBe('processed');
        const item = inbox.items.at(-1);
        expect(item && decodePayload(item)?.equals(request.body)).toBe(true);
        expect(item?.event_type).toBe(payload.action ? `${event}.${payload.action}` : event);
        expect(item?.data.repository).toBe(payload.repository?.full_name);
      }
      expect(inbox.items).toHaveLength(RECORDED.length);
    },
  );

  it('comes back byte for byte out of DynamoDB', async () => {
    const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: TABLE_NAME });
    const documents = documentClient(dynamodb.client);
    const inbox = open(dynamodbEventStore(documents, TABLE_NAME, neverPasses));
    const requests = RECORDED.map(({ event, payload }, guid) =>
      delivery(asJson(payload), 'application/json', event, guid),
    );
    await Promise.all(requests.map((request) => inbox.deliver(request)));
    const items = new Map<string, EventItem>();
    for await (const { Items = [] } of paginateScan({ client: documents }, { TableName: TABLE_NAME })) {
      for (const item of Items as EventItem[]) items.set(item.event_id, item);
    }
    await dynamodb.stop();
    expect(items.size).toBe(requests.length);
    for (const { headers, body } of requests) {
      const item = items.get(`${headers.get('x-github-delivery')?.[0]}:1`);
      expect(item && decodePayload(item)?.equals(body)).toBe(true);
    }
  });
});

it('A push of 2 MiB made of recorded ones is processed, and comes back byte for byte out of the payload bucket', async () => {
  const inbox = open();
  const commits = RECORDED.filter(({ event }) => event === 'push').map(({ payload }) => payload);
  const body = asJson({ commits, more: incompressibleText(2 * 1024 * 1024) });
  const request = delivery(body, 'application/json', 'push', 1);
  expect(await inboxStatusOf(inbox.deliver(request))).toBe('processed');
  const [item] = inbox.items;
  const object = inbox.objects.get(item?.payload_object ?? '');
  expect(item && decodePayload(item, object)?.equals(request.body)).toBe(true);
});
