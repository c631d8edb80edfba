import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listen } from '../../../cli/local/http.ts';
import { type LocalInbox, startLocalInbox } from '../../../cli/local/local-inbox.ts';
import { signingKey } from '../../../cli/local/local-keys.ts';
import { signedSample } from '../../../samples/sample.ts';
import { type Answer, exchange, type RawHeaders } from '../../support/http.ts';

const TOKEN = 'the token of a test';
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

let inbox: LocalInbox;
let cookie: string;

beforeAll(async () => {
  inbox = await startLocalInbox({
    port: 0,
    dynamodbPort: 0,
    environment: {},
    report: () => undefined,
    token: TOKEN,
  });
  cookie = cookieOf(await get(pathOf(inbox.consoleUrl())));
});

afterAll(async () => {
  await inbox.stop();
});

const pathOf = (url: string) => url.slice(new URL(url).origin.length);
const cookieOf = ({ headers }: Answer) => headers['set-cookie']?.[0]?.split(';')[0] ?? '';
const get = (path: string, headers: RawHeaders = []) => exchange(inbox.url + path, { method: 'GET', headers });
const api = (path: string, headers: RawHeaders = []) => get(`/_console/api/${path}`, [['Cookie', cookie], ...headers]);

function post(path: string, body: object, headers: RawHeaders = [['Content-Type', 'application/json']]) {
  const all: RawHeaders = [['Cookie', cookie], ...headers];
  return exchange(`${inbox.url}/_console/api/${path}`, { headers: all, body: JSON.stringify(body) });
}

/** Sends a body, signed as the provider signs. */
async function deliver(name: string, body?: string, seed?: string): Promise<void> {
  const source = inbox.sources.get(name);
  if (!source) throw new Error(name);
  const url = `${inbox.url}/webhooks/${name}`;
  const key = signingKey({}, source);
  const given = body === undefined ? undefined : Buffer.from(body);
  const { headers, body: signed } = signedSample(source, { key, url, now: Date.now(), body: given, seed });
  const flat = [...headers].flatMap(([header, values]) => values.map((value) => [header, value] as const));
  await exchange(url, { headers: flat, body: signed });
}

describe('the session', () => {
  test('a link works once, and leaves a cookie that no script and no other site can use', async () => {
    const path = pathOf(inbox.consoleUrl());
    const [first, second] = [await get(path), await get(path)];

    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(/^webhook-inbox-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/_console$/),
    ]);
    expect(second).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test.each(['inbox', 'deliveries', 'quarantine', 'event?source=generic&id=1'])('%s needs the cookie', async (path) => {
    const answers = [
      await get(`/_console/api/${path}`),
      await get(`/_console/api/${path}`, [['Cookie', `${cookie}x`]]),
      await get(`/_console/api/${path}`, [['Cookie', cookie.replace(/=.*/, '=')]]),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  });

  test('the session survives a restart, as its secret is the same', async () => {
    const other = await startLocalInbox({
      port: 0,
      dynamodbPort: 0,
      environment: {},
      report: () => undefined,
      token: TOKEN,
    });
    const port = new URL(other.url).port;
    const headers: RawHeaders = [['Cookie', cookie.replace(/\d+(?==)/, port)]];

    const answer = await exchange(`${other.url}/_console/api/inbox`, { method: 'GET', headers });
    await other.stop();

    expect(answer.status).toBe(200);
  });

  test('a command with the secret gets a new link, and nobody else does', async () => {
    const answers = [
      await get('/_console/link', [['Authorization', `Bearer ${TOKEN}`]]),
      await get('/_console/link', [['Authorization', 'Bearer another']]),
      await get('/_console/link'),
    ];
    const { token } = JSON.parse(answers[0]?.text ?? '');

    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401]);
    expect(cookieOf(await get(`/?token=${token}`))).toBe(cookie);
  });
});

describe('requests of others', () => {
  const paths = ['/', '/_console/console.js', '/_console/api/inbox', '/_console/api/deliveries', '/_console/link'];

  test.each(paths)('%s is served to no foreign host', async (path) => {
    const answer = await get(path, [
      ['Host', 'rebound.example'],
      ['Cookie', cookie],
    ]);

    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain('sources');
  });

  test.each(paths)('%s is served to no page of another origin', async (path) => {
    const origin = await get(path, [
      ['Origin', 'https://attacker.example'],
      ['Cookie', cookie],
    ]);
    const embedded = await get(path, [
      ['Sec-Fetch-Site', 'cross-site'],
      ['Sec-Fetch-Dest', 'iframe'],
      ['Cookie', cookie],
    ]);
    const otherPort = await get(path, [
      ['Origin', 'http://127.0.0.1:1'],
      ['Cookie', cookie],
    ]);

    expect([origin.status, embedded.status, otherPort.status]).toEqual([403, 403, 403]);
  });

  test('a form of another page cannot act: its content type is refused', async () => {
    const answer = await post('discard', { id: 'x' }, [['Content-Type', 'text/plain']]);

    expect(answer).toMatchObject({ status: 400, text: '{"message":"The body must be JSON."}' });
  });
});

describe('responses', () => {
  test.each([
    '/',
    '/_console/console.js',
    '/_console/console.css',
    '/_console/guides/stripe',
    '/_console/guides/..%2f..%2fpackage',
    '/_console/api/inbox',
    '/_console/other',
  ])('%s has the strict policy', async (path) => {
    const { headers } = await get(path, [['Cookie', cookie]]);

    expect(headers).toMatchObject({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });

  test('the page loads nothing from outside', async () => {
    const [page, script, style] = await Promise.all(
      ['/', '/_console/console.js', '/_console/console.css'].map((path) => get(path)),
    );

    expect(page?.text).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
    expect(style?.text).not.toMatch(/url\(|@import/);
    expect(script?.text).not.toMatch(/import\s*\(?["']https?:/);
  });

  test('a path outside the console is the inbox as before', async () => {
    expect(JSON.parse((await get('/other')).text)).toMatchObject({ code: 'not_found' });
    expect((await exchange(`${inbox.url}/`, { method: 'POST' })).status).toBe(404);
    expect((await exchange(`${inbox.url}/webhooks/generic`, { headers: [['Host', 'any.example']] })).status).toBe(415);
  });
});

describe('the API', () => {
  test('describes each source with its URL and the state of its secret', async () => {
    const { sources } = JSON.parse((await api('inbox')).text);

    expect(sources).toHaveLength(inbox.sources.size);
    expect(sources.find(({ name }: { name: string }) => name === 'stripe')).toEqual({
      name: 'stripe',
      provider: 'stripe',
      url: `${inbox.url}/webhooks/stripe`,
      secret: 'generated here',
      isSecretMissing: false,
      documentation: 'https://docs.stripe.com/webhooks#verify-manually',
      guide: '/_console/guides/stripe',
    });
  });

  test('streams what arrived before and what arrives', async () => {
    await deliver('shopify');
    const stream = httpRequest(`${inbox.url}/_console/api/deliveries`, { headers: { cookie } }).end();
    const [response] = (await once(stream, 'response')) as [IncomingMessage];
    await untilText(response, '"source":"shopify"');

    await deliver('linear');
    const text = await untilText(response, '"source":"linear"');
    stream.destroy();

    expect(response.headers['content-type']).toBe('text/event-stream');
    expect(text).toMatch(/^id: \d+$/m);
  });

  test('reads an event with its payload, and signs it again as a command', async () => {
    await post('sample', { source: 'generic' });
    const eventId = 'console-1';
    const body = JSON.stringify({
      event_id: eventId,
      user_id: 'u',
      action: 'a',
      timestamp: Math.floor(Date.now() / 1e3),
    });
    await deliver('generic', body);

    const { stored } = JSON.parse((await api(`event?source=generic&id=${eventId}`)).text);
    const resend = { source: 'generic', eventId, url: 'http://127.0.0.1:4000/x', form: 'delivery' };
    const { command } = JSON.parse((await post('curl', resend)).text);

    expect(stored).toMatchObject({
      item: { event_id: eventId, data: { user_id: 'u' } },
      payload: { text: body, isText: true, bytes: body.length },
    });
    expect(command).toMatch(/^curl -i .*x-signature: sha256=[0-9a-f]{64}/s);
    expect(command).toContain("'http://127.0.0.1:4000/x'");
  });

  test('sends an event again to another inbox, which verifies it', async () => {
    await deliver('stripe', undefined, 'again');
    const eventId = await lastEventId('stripe');
    const other = await startLocalInbox({
      port: 0,
      dynamodbPort: 0,
      environment: {},
      report: () => undefined,
      token: TOKEN,
    });

    const resend = { source: 'stripe', eventId, url: `${other.url}/webhooks/{source}`, form: 'delivery' };
    const answer = JSON.parse((await post('resend', resend)).text);
    await other.stop();

    expect(answer).toMatchObject({ status: 200, text: `{"status":"processed","event_id":"${eventId}"}` });
  });

  test('reports that nothing answers, and refuses what is no URL', async () => {
    const resend = { source: 'stripe', eventId: await lastEventId('stripe'), form: 'event' };
    const unreachable = JSON.parse((await post('resend', { ...resend, url: await closedUrl() })).text);
    const refused = await post('resend', { ...resend, url: 'file:///etc/passwd' });

    expect(unreachable).toEqual({ text: expect.stringContaining('ECONNREFUSED'), durationMs: expect.any(Number) });
    expect(refused).toMatchObject({ status: 422, text: expect.stringContaining('not an http or https URL') });
  });

  test('shows the status and the beginning of a response that never ends', async () => {
    const endless = createServer((_, response) => {
      const send = () => void (response.write('x'.repeat(65_536)) ? setImmediate(send) : response.once('drain', send));
      send();
    });
    const cut = createServer((_, response) => {
      response.writeHead(500).write('oh', () => response.destroy());
    });
    const resend = { source: 'stripe', eventId: await lastEventId('stripe'), form: 'event' };
    const answers = [];
    for (const server of [endless, cut]) {
      const answer = await post('resend', { ...resend, url: await listen(server, 0) });
      answers.push(JSON.parse(answer.text));
      server.closeAllConnections();
      server.close();
    }

    expect(answers).toEqual([
      { status: 200, text: 'x'.repeat(4_000), durationMs: expect.any(Number) },
      { status: 500, text: 'oh', durationMs: expect.any(Number) },
    ]);
  });

  test('lists, shows, accepts and discards what is in quarantine', async () => {
    await deliver('stripe', '{"object":"event","type":"one"}');
    await deliver('stripe', '{"object":"event","type":"two"}');
    const { items } = JSON.parse((await api('quarantine')).text);
    const [first, second] = items.map(({ id }: { id: string }) => id);

    const entry = JSON.parse((await api(`entry?id=${encodeURIComponent(first)}`)).text);
    const refused = JSON.parse((await post('accept', { id: first })).text);
    const accepted = JSON.parse((await post('accept', { id: first, asIs: true })).text);
    const discarded = JSON.parse((await post('discard', { id: second })).text);
    const gone = JSON.parse((await post('discard', { id: second })).text);

    expect(entry).toMatchObject({
      item: { reason: 'invalid_event', headers: { 'content-type': expect.any(String) } },
      payload: { text: expect.stringMatching(/one|two/) },
    });
    expect(entry.item.payload).toBeUndefined();
    expect(refused).toMatchObject({ isDone: false, text: expect.stringContaining('still invalid') });
    expect(accepted).toMatchObject({ isDone: true, text: expect.stringContaining('processed') });
    expect(discarded).toMatchObject({ isDone: true });
    expect(gone).toMatchObject({ isDone: false, text: expect.stringContaining('no such item') });
    expect(JSON.parse((await api('quarantine')).text).items).toEqual([]);
  });

  test.each([
    ['resend', {}],
    ['resend', { source: 'stripe', eventId: '1', url: 'http://127.0.0.1', form: 'other' }],
    ['sample', { source: 1 }],
  ])('refuses %s with wrong parameters', async (path, body) => {
    expect((await post(path, body)).status).toBe(400);
  });

  test('knows no other paths', async () => {
    expect((await api('constructor')).status).toBe(404);
    expect((await post('inbox', {})).status).toBe(404);
    expect((await post('sample', { source: 'constructor' })).status).toBe(422);
  });
});

/** A URL at which nothing listens. */
async function closedUrl(): Promise<string> {
  const server = createServer();
  const url = await listen(server, 0);
  server.close();
  await once(server, 'close');
  return url;
}

/** Reads until a text is in it. */
async function untilText(response: IncomingMessage, wanted: string): Promise<string> {
  let text = '';
  const read = (chunk: Buffer) => {
    text += chunk;
  };
  response.on('data', read);
  while (!text.includes(wanted)) await once(response, 'data');
  response.off('data', read);
  return text;
}

async function lastEventId(source: string): Promise<string> {
  let id = '';
  for await (const { events } of inbox.deliveries.list({ from: 0, sources: [source] })) id = events[0]?.id ?? id;
  return id;
}
