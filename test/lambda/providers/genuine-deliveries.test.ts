import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodePayload } from '../../../lambda/payloads/decode-payload.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { NOW, type ProviderInbox, providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys } from '../../support/provider-requests.ts';

// Guards against what providers really send and a receiver easily loses: events that look like another one, and bodies
// that are odd in one place. Each is processed, or kept in quarantine; none is rejected, and none is a false duplicate.

type Status = 'processed' | 'duplicate' | 'conflict' | 'quarantined';

interface Delivery {
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a form as text. */
  readonly body: unknown;
  /** The time since the delivery before, in seconds. @default 0 */
  readonly afterSeconds?: number;
  /** The status of each event. */
  readonly expected: readonly Status[];
}

type Case = readonly [provider: ProviderName, title: string, ...deliveries: readonly Delivery[]];

const seconds = Math.floor(NOW / 1000);
const DAY = 86_400;
const iso = (time: number) => new Date(time * 1000).toISOString();

const processed = ['processed'] as const;
const duplicate = ['duplicate'] as const;
const quarantined = ['quarantined'] as const;

const whatsapp = (id: string, value: object) => ({ id, changes: [{ field: 'messages', value }] });
const meta = (...entry: object[]) => ({ object: 'whatsapp_business_account', entry });
const message = (id: string, time: number) => ({ from: '4915550001', id, timestamp: String(time), type: 'text' });
const readBy = (participant: string) => ({
  id: 'wamid.group',
  status: 'read',
  timestamp: String(seconds),
  recipient_type: 'group',
  recipient_id: 'group-7',
  recipient_participant_id: participant,
});
const messenger = (page: string) => ({
  object: 'page',
  entry: [{ id: page, time: NOW, messaging: [{ sender: { id: '9' }, timestamp: NOW, message: { mid: 'm_1' } }] }],
});
const lead = (time: number) => ({
  object: 'page',
  entry: [{ id: '5', time, changes: [{ field: 'leadgen', value: { leadgen_id: '88', created_time: seconds } }] }],
});

const presence = { changeType: 'updated', resource: "communications/presences('u7')", subscriptionId: 's1' };
const graph = (item: object) => ({ value: [{ ...item, clientState: '' }] });

const shopify = (topic: string, webhook: string) => ({
  'x-shopify-topic': topic,
  'x-shopify-event-id': 'e7b1',
  'x-shopify-webhook-id': webhook,
});
const product = { id: 632910392, title: 'Lamp' };

const github = (hook: string) => ({
  'x-github-event': 'issues',
  'x-github-delivery': 'guid-1',
  'x-github-hook-id': hook,
});
const form = { 'content-type': 'application/x-www-form-urlencoded' };

const sendgrid = (sg_event_id: string, more: object) => ({
  sg_event_id,
  email: 'a@example.com',
  timestamp: seconds,
  ...more,
});
const hubspot = (eventId: number, objectId: unknown) => ({
  eventId,
  subscriptionId: 5,
  portalId: 6,
  occurredAt: NOW,
  subscriptionType: 'contact.creation',
  objectId,
});
const sinkTest = (test_id: string) => [
  {
    specversion: '1.0',
    type: 'com.twilio.eventstreams.test-event',
    source: 'Sink',
    id: 'AC0123456789abcdef0123456789abcdef',
    time: iso(seconds),
    data: { test_id },
  },
];
const recording = (topic: string) => ({
  event: 'recording.completed',
  event_ts: NOW,
  payload: { object: { uuid: 'z', topic } },
});
const viewClosed = `payload=${encodeURIComponent(JSON.stringify({ type: 'view_closed', team: { id: 'T7' } }))}`;
const mailgun = (more: object) => ({
  signature: {},
  'event-data': { id: 'x1', event: 'delivered', timestamp: seconds, ...more },
});
const stripe = { id: 'evt_7', object: 'event', type: 'invoice.upcoming', data: { object: { id: 'in_7' } } };
const standard = { 'webhook-id': 'msg_7' };
const resolved = { action: 'resolved', installation: { uuid: 'a8e5' }, data: { issue: { id: '7' } } };
const sentry = (request: string) => ({ 'request-id': request, 'sentry-hook-resource': 'issue' });
const bitbucket = (request: string, attempt: string) => ({
  'x-event-key': 'repo:push',
  'x-request-uuid': request,
  'x-attempt-number': attempt,
});
const dataCenter = (request: string) => ({ 'x-event-key': 'repo:refs_changed', 'x-request-id': request });
const pushed = (time: number) => ({ eventKey: 'repo:refs_changed', date: iso(time), changes: [] });
const razorpay = (id: string) => ({ 'x-razorpay-event-id': id });
const paid = (event: string, amount: number) => ({
  event,
  account_id: 'acc_7',
  created_at: seconds,
  payload: { payment: { entity: { id: 'pay_7', amount } } },
});
const line = (webhookEventId: unknown, isRedelivery: boolean) => ({
  type: 'follow',
  timestamp: NOW,
  webhookEventId,
  deliveryContext: { isRedelivery },
});
const files = { list_folder: { accounts: ['dbid:7'] } };
const invitee = (uri: string) => ({ event: 'invitee.created', created_at: iso(seconds), payload: { uri } });
const subscription = (updatedAt: number) => ({
  meta: { event_name: 'subscription_updated' },
  data: { type: 'subscriptions', id: '7', attributes: { updated_at: iso(updatedAt) } },
});

const CASES: readonly Case[] = [
  [
    'meta',
    'the Test button of its dashboard, which sends a message of 2017',
    { body: meta(whatsapp('0', { messages: [message('wamid.test', 1_504_902_988)] })), expected: quarantined },
  ],
  [
    'meta',
    'a message older than the retention beside a new one',
    {
      body: meta(
        whatsapp('7', { messages: [message('wamid.new', seconds), message('wamid.old', seconds - 40 * DAY)] }),
      ),
      expected: ['processed', 'quarantined'],
    },
  ],
  [
    'meta',
    'two participants of a group who read one message',
    { body: meta(whatsapp('7', { statuses: [readBy('1')] })), expected: processed },
    { body: meta(whatsapp('7', { statuses: [readBy('2')] })), expected: processed },
    { body: meta(whatsapp('7', { statuses: [readBy('1')] })), expected: duplicate },
  ],
  [
    'meta',
    'one message at two pages that are connected',
    { body: messenger('1'), expected: processed },
    { body: messenger('2'), expected: processed },
    { body: messenger('1'), expected: duplicate },
  ],
  [
    'meta',
    'a lead, sent again with another time of sending',
    { body: lead(seconds), expected: processed },
    { body: lead(seconds + 60), afterSeconds: 60, expected: duplicate },
  ],
  [
    'meta',
    'Threads, which has no entry',
    {
      body: {
        app_id: '1',
        topic: 'moderate',
        target_id: '2',
        time: seconds,
        values: { field: 'replies', value: { id: '3' } },
      },
      expected: processed,
    },
  ],
  [
    'microsoft-graph',
    'presence changes without an id, in the same words each time',
    { body: graph(presence), expected: processed },
    { body: graph(presence), afterSeconds: 10, expected: duplicate },
    { body: graph(presence), afterSeconds: 90, expected: processed },
  ],
  [
    'dropbox',
    'notifications of one account, in the same words each time',
    { body: files, expected: processed },
    { body: files, afterSeconds: 10, expected: duplicate },
    { body: files, afterSeconds: 90, expected: processed },
  ],
  [
    'sentry',
    'an issue that is resolved twice, in the same words',
    { headers: sentry('r1'), body: resolved, expected: processed },
    { headers: sentry('r2'), body: resolved, expected: processed },
    { headers: sentry('r1'), body: resolved, expected: duplicate },
  ],
  [
    'bitbucket',
    'a second attempt, and another push in the same words',
    { headers: bitbucket('u1', '1'), body: {}, expected: processed },
    { headers: bitbucket('u1', '2'), body: {}, expected: duplicate },
    { headers: bitbucket('u2', '1'), body: {}, expected: processed },
  ],
  [
    'bitbucket',
    'a captured request of Data Center under another id, and another push in the same words',
    { headers: dataCenter('r1'), body: pushed(seconds), expected: processed },
    { headers: dataCenter('r2'), body: pushed(seconds), expected: duplicate },
    { headers: dataCenter('r3'), body: pushed(seconds + 1), expected: processed },
  ],
  [
    'razorpay',
    'a captured request under another id, and another event about the same payment',
    { headers: razorpay('E1'), body: paid('payment.authorized', 1000), expected: processed },
    { headers: razorpay('E2'), body: paid('payment.authorized', 1000), expected: duplicate },
    { body: paid('payment.authorized', 1000), expected: duplicate },
    { headers: razorpay('E3'), body: paid('payment.captured', 1000), expected: processed },
  ],
  [
    'razorpay',
    'two events in the same second about the same payment, which differ in its values',
    { headers: razorpay('E1'), body: paid('payment.updated', 1000), expected: processed },
    { headers: razorpay('E2'), body: paid('payment.updated', 900), expected: ['conflict'] },
  ],
  [
    'line',
    'a redelivery beside a new event and one without an id',
    { body: { destination: 'U8', events: [line('e1', false)] }, expected: processed },
    {
      body: { destination: 'U8', events: [line('e1', true), line('e2', false), line(undefined, false)] },
      expected: ['duplicate', 'processed', 'quarantined'],
    },
  ],
  ['line', 'the verification of a URL, which has no events', { body: { destination: 'U8', events: [] }, expected: [] }],
  [
    'calendly',
    'two invitees of one second',
    { body: invitee('https://api.calendly.com/a'), expected: processed },
    { body: invitee('https://api.calendly.com/b'), expected: processed },
    { body: invitee('https://api.calendly.com/a'), afterSeconds: 5, expected: duplicate },
  ],
  [
    'lemon-squeezy',
    'a subscription that is updated twice, and one update that is older than the retention',
    { body: subscription(seconds), expected: processed },
    { body: subscription(seconds + 1), expected: processed },
    { body: subscription(seconds), afterSeconds: 125, expected: duplicate },
    { body: subscription(seconds - 40 * DAY), expected: quarantined },
  ],
  ['telegram', 'an update of a kind that is not known yet', { body: { update_id: 7, gift: [] }, expected: processed }],
  ['telegram', 'an update without an id', { body: { message: { date: seconds } }, expected: quarantined }],
  [
    'shopify',
    'topics of one merchant action that share an event id, two of them with equal bodies',
    { headers: shopify('products/create', 'w1'), body: product, expected: processed },
    { headers: shopify('products/update', 'w2'), body: product, expected: processed },
    { headers: shopify('inventory_items/create', 'w3'), body: { id: 8 }, expected: processed },
    { headers: shopify('products/create', 'w1'), body: product, expected: duplicate },
    { headers: shopify('products/create', 'w1'), body: { ...product, title: 'Desk' }, expected: ['conflict'] },
  ],
  [
    'github',
    'two apps that get one event under one GUID, with different bodies',
    { headers: github('1'), body: { installation: { id: 1 } }, expected: processed },
    { headers: github('2'), body: { installation: { id: 2 } }, expected: processed },
    { headers: github('2'), body: { installation: { id: 2 } }, expected: duplicate },
  ],
  [
    'github',
    'a redelivery after the webhook was changed from JSON to form',
    { headers: github('1'), body: { action: 'opened' }, expected: processed },
    { headers: { ...github('1'), ...form }, body: 'payload=%7B%22action%22%3A%22opened%22%7D', expected: duplicate },
  ],
  [
    'github',
    'a form without its payload',
    { headers: { ...github('1'), ...form }, body: 'ref=main', expected: quarantined },
  ],
  ['slack', 'a JSON array', { body: [{ type: 'event_callback', event_id: 'Ev1' }], expected: quarantined }],
  [
    'slack',
    'a view that is closed twice in the same words',
    { headers: form, body: viewClosed, expected: processed },
    { headers: form, body: viewClosed, afterSeconds: 5, expected: processed },
  ],
  [
    'sendgrid',
    'an event without a type, and one whose clock is ahead, among others',
    {
      body: [
        sendgrid('a', { event: 'open' }),
        sendgrid('b', {}),
        sendgrid('c', { event: 'open', timestamp: seconds + 360 }),
        'x',
      ],
      expected: ['processed', 'processed', 'processed', 'quarantined'],
    },
  ],
  [
    'sendgrid',
    'one id twice in a body, with other content',
    {
      body: [sendgrid('a', { event: 'open' }), sendgrid('a', { event: 'click' }), sendgrid('a', { event: 'open' })],
      expected: ['processed', 'processed', 'duplicate'],
    },
    {
      body: [sendgrid('a', { event: 'open' }), sendgrid('a', { event: 'click' })],
      expected: ['duplicate', 'duplicate'],
    },
  ],
  [
    'sendgrid',
    'more than a thousand events in a body',
    {
      body: Array.from({ length: 1_001 }, (_, index) => sendgrid(`e${index}`, { event: 'open' })),
      expected: Array.from({ length: 1_001 }, () => 'processed'),
    },
  ],
  [
    'hubspot',
    'objects with 17 digits and with text',
    {
      body: [hubspot(1, 7), hubspot(2, 12_345_678_901_234_568), hubspot(3, 'abc')],
      expected: ['processed', 'processed', 'processed'],
    },
  ],
  [
    'twilio',
    'tests of a sink, whose id is the account each time',
    { body: sinkTest('t1'), expected: processed },
    { body: sinkTest('t2'), expected: processed },
    { body: sinkTest('t1'), expected: duplicate },
  ],
  [
    'zoom',
    'two recordings of one meeting that are completed in one millisecond',
    { body: recording('a'), expected: processed },
    { body: recording('b'), expected: processed },
    { body: recording('a'), afterSeconds: 5, expected: duplicate },
  ],
  [
    'stripe',
    'an event of a test clock, 45 days ahead',
    { body: { ...stripe, created: seconds + 45 * DAY }, expected: processed },
  ],
  [
    'stripe',
    'an event whose object has an empty id',
    { body: { ...stripe, created: seconds, data: { object: { id: '' } } }, expected: processed },
  ],
  [
    'standard-webhooks',
    'an event that is 40 days old, and whose type is a number',
    { headers: standard, body: { type: 7, timestamp: iso(seconds - 40 * DAY), data: {} }, expected: processed },
  ],
  [
    'mailgun',
    'a message id of 998 characters, and a recipient of 267',
    {
      body: mailgun({
        recipient: `${'a'.repeat(255)}@example.com`,
        message: { headers: { 'message-id': 'm'.repeat(998) } },
      }),
      expected: processed,
    },
  ],
  [
    'gitlab',
    'a project in many nested groups',
    {
      headers: { 'x-gitlab-event': 'Push Hook', 'x-gitlab-event-uuid': 'u7' },
      body: { object_kind: 'push', project: { id: 7, path_with_namespace: 'group/'.repeat(400) } },
      expected: processed,
    },
  ],
  [
    'intercom',
    'an item with a numeric id',
    {
      body: { id: 'notif_7', topic: 'ticket.created', created_at: seconds, data: { item: { type: 'ticket', id: 7 } } },
      expected: processed,
    },
  ],
  [
    'docusign',
    'the aggregate format, which has no event',
    { body: { status: 'completed', envelopeId: 'env-7', statusChangedDateTime: iso(seconds) }, expected: processed },
  ],
  [
    'square',
    'its test event, which is years old',
    {
      body: { event_id: 'sq-7', type: 'payment.created', created_at: '2020-02-06T21:27:34.308Z' },
      expected: quarantined,
    },
  ],
  [
    'typeform',
    'the sample of its documentation, which is years old',
    {
      body: { event_id: 'tf-7', event_type: 'form_response', form_response: { submitted_at: '2018-01-18T18:17:02Z' } },
      expected: quarantined,
    },
  ],
  [
    'okta',
    'a long id of an actor beside a usual one',
    {
      body: {
        data: {
          events: [
            { uuid: 'a', actor: { id: 'x'.repeat(5_000) } },
            { uuid: 'b', actor: { id: 'x' } },
          ],
        },
      },
      expected: ['processed', 'processed'],
    },
  ],
];

const statusesOf = ({ reports }: ProviderInbox) => reports.at(-1)?.events.map(({ status }) => status);

describe('A genuine delivery', () => {
  it.each(CASES)('of %s: %s', async (provider, _, ...deliveries) => {
    const inbox = providerInbox({ provider, keys: providers[provider]().signature.generateKeys() });
    for (const { headers = {}, body, afterSeconds = 0, expected } of deliveries) {
      inbox.clock.now += afterSeconds * 1000;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const request = { headers: { 'content-type': 'application/json', ...headers }, body: text, events: [] };
      const { statusCode } = await inbox.deliver(inbox.sign(request));
      expect([200, 204]).toContain(statusCode);
      expect(statusesOf(inbox)).toEqual(expected);
    }
  });

  it('of okta: each number is kept as it was written, although the body is split into its events', async () => {
    const numbers =
      '{"a":12.10,"b":1e400,"c":12345678901.123456789,"d":-0,"e":1E5,"f":0.0000001,"g":12345678901234567890123}';
    const inbox = providerInbox({ provider: 'okta', keys: sharedKeys('the-secret') });
    const body = `{"data":{"events":[{"uuid":"a","debug":${numbers}},{"uuid":"b","debug":1.50}]}}`;
    await inbox.deliver(inbox.sign({ headers: { 'content-type': 'application/json' }, body, events: [] }));
    expect(inbox.items.map((item) => String(decodePayload(item)))).toEqual([
      `{"uuid":"a","debug":${numbers}}`,
      '{"uuid":"b","debug":1.50}',
    ]);
  });

  it('of twilio: the signed URL has a query string that differs by message', async () => {
    const inbox = providerInbox({ provider: 'twilio', keys: sharedKeys('the-auth-token') });
    const parameters = { Body: 'a+b c', MessageSid: 'SM7', MessageStatus: 'delivered', To: '+15550001111' };
    const deliver = (url: string, query: string) => {
      const content = `${url}?${query}${Object.entries(parameters).flat().join('')}`;
      const signature = createHmac('sha1', 'the-auth-token').update(content).digest('base64');
      return inbox.deliver({
        method: 'POST',
        url: '',
        query: new URLSearchParams(query),
        headers: new Map([
          ['content-type', ['application/x-www-form-urlencoded']],
          ['x-twilio-signature', [signature]],
        ]),
        body: Buffer.from(String(new URLSearchParams(parameters))),
      });
    };
    const url = 'https://hooks.example.com/webhooks/twilio';
    const { statusCode, headers, body } = await deliver(url, 'orderId=42&note=a%20b');
    expect([statusCode, headers?.['Content-Type'], body]).toEqual([
      200,
      'text/xml',
      expect.stringContaining('<Response/>'),
    ]);
    expect(statusesOf(inbox)).toEqual(processed);
    expect((await deliver('https://hooks.example.com/webhooks/other', 'orderId=42')).statusCode).toBe(401);
  });

  it.each([
    ['as Supabase shows it', 'v1,whsec_'],
    ['as other senders show it', 'whsec_'],
    ['without a prefix', ''],
  ])('of standard-webhooks verifies with the secret %s, and without the padding of its base64', async (_, prefix) => {
    const secret = Buffer.from('a secret of 22 bytes..').toString('base64');
    const keys = (verification: string) => ({ signing: `whsec_${secret}`, verification });
    for (const shown of [secret, secret.replace(/=+$/, '')]) {
      const inbox = providerInbox({ provider: 'standard-webhooks', keys: keys(prefix + shown) });
      const headers = { 'content-type': 'application/json', 'webhook-id': 'msg_7' };
      await inbox.deliver(inbox.sign({ headers, body: '{"type":"a.b"}', events: [] }));
      expect(statusesOf(inbox)).toEqual(processed);
    }
  });
});
