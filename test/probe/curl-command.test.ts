import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listen } from '../../cli/local/http.ts';
import type { Confidential } from '../../probe/confidential.ts';
import { curlCommand } from '../../probe/curl-command.ts';
import { exchange, type RawHeaders, type WireRequest } from '../../probe/wire.ts';

const run = promisify(execFile);

/** A request as a server received it. */
interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: readonly string[];
  readonly body: string;
}

let url: URL;
let received: Received[];
const server = createServer(async (request, response) => {
  received.push(await receivedOf(request));
  response.writeHead(200, { 'Content-Length': 2 }).end('ok');
});

async function receivedOf(request: IncomingMessage): Promise<Received> {
  const { method, url: path, rawHeaders } = request;
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[index + 1]}`] : [],
  );
  return { method, path, headers: headers.toSorted(), body: (await buffer(request)).toString('base64') };
}

beforeAll(async () => {
  url = new URL(await listen(server, 0));
});
beforeEach(() => {
  received = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const nothing: ReadonlySet<string> = new Set();
const confidential: Confidential = {
  secrets: new Set(['the secret of a source']),
  signatures: nothing,
  headers: nothing,
  tokens: nothing,
  isInBody: false,
};

const JSON_TYPE: RawHeaders = [['Content-Type', 'application/json']];

function request(changes: Partial<WireRequest> = {}): WireRequest {
  return { method: 'POST', path: '/webhooks/partner', headers: JSON_TYPE, body: Buffer.from('{"a":1}'), ...changes };
}

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const REQUESTS: readonly (readonly [string, Partial<WireRequest>])[] = [
  ['a JSON body', {}],
  ['a body with every byte', { body: everyByte }],
  ['a body with quotes, dollars, backticks and backslashes', { body: Buffer.from(`'"$HOME\`id\`\\n'\\''!%s`) }],
  ['a body with lines and a line end', { body: Buffer.from('one\n\ntwo\n') }],
  ['a body with carriage returns and tabs', { body: Buffer.from('one\r\n\ttwo\r') }],
  ['a body that begins with an at sign', { body: Buffer.from('@/etc/hostname') }],
  ['an empty body', { body: Buffer.alloc(0) }],
  ['a body of 3 MB', { body: Buffer.alloc(3_000_000, ' ') }],
  ['no content type', { headers: [] }],
  ['a header without a value', { headers: [...JSON_TYPE, ['X-Signature', '']] }],
  ['a header of spaces', { headers: [...JSON_TYPE, ['X-Signature', '   ']] }],
  ['a header twice', { headers: [...JSON_TYPE, ['X-Signature', 'one'], ['X-Signature', 'two']] }],
  ['a header with quotes', { headers: [...JSON_TYPE, ['X-Signature', `a'b"c$d\`e\\f%g`]] }],
  ['a header with bytes that are not ASCII', { headers: [...JSON_TYPE, ['X-Signature', "sha256=\xc3\xa0\xff'%\\"]] }],
  ['a header of 8,000 characters', { headers: [...JSON_TYPE, ['X-Probe', 'p'.repeat(8_000)]] }],
  ['another host', { headers: [...JSON_TYPE, ['Host', 'localhost']] }],
  ['a user agent that the request names', { headers: [...JSON_TYPE, ['User-Agent', 'a sender'], ['Accept', '*/*']] }],
  ['a chunked body', { headers: [...JSON_TYPE, ['Transfer-Encoding', 'chunked']] }],
  ['a query string with brackets', { path: '/webhooks/partner?a={b,c}&d=[1-2]&e=%27' }],
  ['a path with parent segments', { path: '/webhooks/partner/../partner' }],
  ['a path with encoded parent segments', { path: '/webhooks/partner/%2e%2e/partner' }],
  ['a path with a double slash', { path: '//webhooks//partner' }],
  ['a path with quotes', { path: `/webhooks/it's;probe="1"` }],
  ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'].map((method) => [method, { method }] as const),
];

describe('a command, executed by a shell', () => {
  it.each(REQUESTS)('sends the same as the probe: %s', async (_, changes) => {
    const sent = request(changes);
    const { text = '' } = curlCommand(url, sent, confidential);

    const response = await exchange(url, sent, AbortSignal.timeout(20_000));
    const { stdout } = await run('sh', ['-c', text], { timeout: 20_000 });

    const [byProbe, byCurl] = received;
    expect(response.status).toBe(200);
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(byCurl).toEqual(byProbe);
    expect(text).toMatch(/^[\x20-\x7e\n]+$/);
  });

  it('takes a token from a variable', async () => {
    const tokens = new Set(['x-token']);
    const sent = request({ headers: [...JSON_TYPE, ['X-Token', 'half of a tok']] });
    const { text = '', note } = curlCommand(url, sent, { ...confidential, tokens });

    await run('sh', ['-c', text], { env: { ...process.env, TOKEN: `it's a "$token"` } });

    expect(text).not.toContain('half');
    expect(note).toBe('Set the variable TOKEN to the value of X-Token, which the report does not contain.');
    expect(received[0]?.headers).toContain(`x-token: it's a "$token"`);
  });
});

describe('there is no command, but a reason,', () => {
  const secret = 'the secret of a source';
  const encoded = Buffer.from(secret).toString('base64');
  it.each<[string, Partial<WireRequest>, Partial<Confidential>, RegExp]>([
    ['for a signature in the body', {}, { isInBody: true }, /body or the URL contains the signature/],
    ['for a header that holds the secret', { headers: [['X', secret]] }, {}, /contain the secret/],
    ['for a header that holds the secret in base64', { headers: [['X', encoded]] }, {}, /contain the secret/],
    ['for a header of 100,000 characters', { headers: [['X', 'p'.repeat(100_000)]] }, {}, /too long/],
  ])('%s', (_, changes, more, reason) => {
    const { text, note } = curlCommand(url, request(changes), { ...confidential, ...more });
    expect(text).toBeUndefined();
    expect(note).toMatch(reason);
  });
});
