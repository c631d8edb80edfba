import { Server } from 'node:net';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, jest } from '@jest/globals';
import { localClient } from '../../../cli/local/embedded-dynamodb.ts';
import { type LocalInbox, startLocalInbox } from '../../../cli/local/local-inbox.ts';
import type { DeliveryReport } from '../../../lambda/telemetry/delivery-report.ts';
import { exchange, type RawHeaders } from '../../support/http.ts';
import { expectProblem } from '../../support/problem.ts';

const PUBLIC_URL = 'https://hooks.example.com';
const OBJECT = `/webhook-payloads/stripe/${'0f'.repeat(32)}`;

async function startInbox(environment: NodeJS.ProcessEnv = {}) {
  const reports: DeliveryReport[] = [];
  const inbox = await startLocalInbox({
    ...{ port: 0, dynamodbPort: 0, environment },
    report: (report) => void reports.push(report),
  });
  return { ...inbox, reports, [Symbol.asyncDispose]: async () => void (await inbox.stop()) };
}

type Inbox = Pick<LocalInbox, 'url' | 'dynamodb'>;

/** Headers by the port that they are sent to: each names a host, an origin, or what a browser says of a request. */
type HeadersFor = (port: string) => RawHeaders;

const OWN: readonly (readonly [what: string, headers: HeadersFor])[] = [
  ['127.0.0.1', (port) => [['Host', `127.0.0.1:${port}`]]],
  ['localhost in upper case', (port) => [['Host', `LOCALHOST:${port}`]]],
  ['[::1]', (port) => [['Host', `[::1]:${port}`]]],
  [
    'its own page',
    (port) => [
      ['Host', `localhost:${port}`],
      ['Origin', `http://localhost:${port}`],
      ['Sec-Fetch-Site', 'same-origin'],
    ],
  ],
];

const FOREIGN: readonly (readonly [what: string, headers: HeadersFor])[] = [
  ['a name that resolves to this machine', (port) => [['Host', `rebound.example:${port}`]]],
  ['a name that only begins like its own', (port) => [['Host', `localhost.example:${port}`]]],
  ['a user name like its own', (port) => [['Host', `localhost:${port}@rebound.example`]]],
  ['its own name with another port', () => [['Host', 'localhost:1']]],
  ['its own name without a port', () => [['Host', 'localhost']]],
  ['the tunnel', () => [['Host', 'hooks.example.com']]],
  ['a page of another site', (port) => [...own(port), ['Origin', 'https://evil.example']]],
  ['a page of another port', (port) => [...own(port), ['Origin', 'http://localhost:1']]],
  ['a page without an origin', (port) => [...own(port), ['Origin', 'null']]],
  [
    'an image in a page of another site',
    (port) => [...own(port), ['Sec-Fetch-Site', 'cross-site'], ['Sec-Fetch-Dest', 'image']],
  ],
];

const own = (port: string): RawHeaders => [['Host', `127.0.0.1:${port}`]];

/** Sends a request with the headers for its port. */
async function send(url: string, headers: HeadersFor, method = 'GET', more: RawHeaders = []) {
  return await exchange(url, { method, headers: [...headers(new URL(url).port), ...more] });
}

/** DeleteTable, as the AWS SDK sends it. */
const DELETE_TABLE: RawHeaders = [
  ['Content-Type', 'application/x-amz-json-1.0'],
  ['X-Amz-Target', 'DynamoDB_20120810.DeleteTable'],
  ['X-Amz-Date', '20260301T000000Z'],
  ['Authorization', 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c'],
];

async function deleteTable({ dynamodb }: Inbox, headers: HeadersFor) {
  const body = JSON.stringify({ TableName: dynamodb.tableName });
  const { port } = new URL(dynamodb.endpoint);
  const all = [...headers(port), ...DELETE_TABLE];
  return await exchange(dynamodb.endpoint, { headers: all, body });
}

async function tablesOf({ dynamodb }: Inbox) {
  const client = localClient(dynamodb.endpoint);
  const { TableNames } = await client.send(new ListTablesCommand());
  client.destroy();
  return TableNames;
}

describe("the table's port", () => {
  it.each(OWN)('serves %s', async (_, headers) => {
    await using inbox = await startInbox();
    expect((await deleteTable(inbox, headers)).status).toBe(200);
    expect((await send(inbox.dynamodb.endpoint + OBJECT, headers)).status).toBe(404);
  });

  it.each(FOREIGN)('refuses %s, also for the tunnel of PUBLIC_URL', async (_, headers) => {
    await using inbox = await startInbox({ PUBLIC_URL });
    const refused = await deleteTable(inbox, headers);
    expect(refused).toMatchObject({ status: 403, text: expect.stringContaining('#AccessDeniedException"') });
    expect(await tablesOf(inbox)).toEqual(['webhook-events', 'webhook-quarantine']);
  });

  it.each(FOREIGN)('gives no large payload to %s, and takes none', async (_, headers) => {
    await using inbox = await startInbox({ PUBLIC_URL });
    for (const method of ['GET', 'PUT']) {
      const { status, text } = await send(inbox.dynamodb.endpoint + OBJECT, headers, method);
      expect({ status, text }).toEqual({ status: 403, text: '<Error><Code>AccessDenied</Code></Error>' });
    }
    expect((await send(inbox.dynamodb.endpoint + OBJECT, own)).status).toBe(404);
  });

  it.each(['POST', 'OPTIONS', 'GET'])(
    'gives a page of another site no permission to read a response to %s',
    async (method) => {
      await using inbox = await startInbox();
      const page: HeadersFor = (port) => [...own(port), ['Origin', 'https://evil.example']];
      const preflight: RawHeaders = [
        ['Access-Control-Request-Method', 'POST'],
        ['Access-Control-Request-Headers', 'x-amz-target'],
      ];
      for (const path of ['', OBJECT]) {
        const { status, headers } = await send(inbox.dynamodb.endpoint + path, page, method, preflight);
        expect(status).toBe(403);
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    },
  );

  it('is the only way to the engine: the process listens on it, on the port of the HTTP front, and on no other', async () => {
    const listen = jest.spyOn(Server.prototype, 'listen');
    await using inbox = await startInbox();
    const listening = listen.mock.contexts.map((server) => (server as Server).address());
    listen.mockRestore();
    const ports = [inbox.dynamodb.endpoint, inbox.url].map((url) => Number(new URL(url).port));
    expect(listening).toEqual(ports.map((port) => ({ address: '127.0.0.1', family: 'IPv4', port })));
  });
});

describe('the HTTP front', () => {
  it.each([...OWN, ...FOREIGN])('takes a webhook for %s, because its signature decides', async (_, headers) => {
    await using inbox = await startInbox();
    const json: RawHeaders = [['Content-Type', 'application/json']];
    expectProblem(await send(`${inbox.url}/webhooks/generic`, headers, 'POST', json), 401, 'invalid_signature');
  });

  it.each(OWN)('responds to %s on every other path and method', async (_, headers) => {
    await using inbox = await startInbox();
    expect((await send(inbox.url, headers)).status).toBe(200);
    expectProblem(await send(`${inbox.url}/other`, headers), 404, 'not_found');
    expectProblem(await send(`${inbox.url}/webhooks/generic`, headers), 404, 'not_found');
  });

  it.each(FOREIGN)('refuses %s on every other path, and reports it', async (_, headers) => {
    await using inbox = await startInbox({ PUBLIC_URL });
    for (const [method, path] of [
      ['GET', '/'],
      ['POST', '/'],
      ['POST', '/webhooks'],
      ['GET', '/webhooks-of-others/generic'],
    ] as const) {
      const { status, headers: answered, text } = await send(inbox.url + path, headers, method);
      expect(status).toBe(403);
      expect(answered['content-type']).toBe('application/problem+json');
      expect(JSON.parse(text)).toMatchObject({
        status: 403,
        code: 'forbidden',
        request_id: inbox.reports.at(-1)?.requestId,
      });
    }
    expect(inbox.reports.map(({ status, code }) => ({ status, code }))).toEqual(
      Array(4).fill({ status: 403, code: 'forbidden' }),
    );
  });

  it('passes on a handshake by GET that comes through the tunnel of PUBLIC_URL, and through no other', async () => {
    await using inbox = await startInbox({ PUBLIC_URL, WEBHOOK_VERIFY_TOKEN_META: 'token' });
    const url = `${inbox.url}/webhooks/meta?hub.mode=subscribe&hub.verify_token=token&hub.challenge=12345`;
    expect(await send(url, () => [['Host', 'hooks.example.com']])).toMatchObject({ status: 200, text: '12345' });
    expect((await send(url, () => [['Host', 'other.example.com']])).status).toBe(403);
    expect(inbox.reports.at(-1)?.reason).toBe('GET for the host other.example.com; set PUBLIC_URL if it is a tunnel');
  });

  it('suggests no tunnel for the request of a page, which comes from a browser on this machine', async () => {
    await using inbox = await startInbox();
    const { host } = new URL(inbox.url);
    await send(`${inbox.url}/_console/api/inbox`, () => [
      ['Host', host],
      ['Origin', 'https://attacker.example'],
    ]);
    expect(inbox.reports.at(-1)?.reason).toBe(`GET for the host ${host} from https://attacker.example`);
  });

  it('follows a link from a page of another site', async () => {
    await using inbox = await startInbox();
    const link: RawHeaders = [
      ['Sec-Fetch-Site', 'cross-site'],
      ['Sec-Fetch-Dest', 'document'],
    ];
    expect((await send(inbox.url, own, 'GET', link)).status).toBe(200);
  });
});
