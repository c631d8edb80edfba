import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { listen } from '../../cli/local/http.ts';

/** Weaknesses of a receiver, each of which can be chosen alone. */
export const WEAKNESSES = [
  'accepts unsigned requests',
  'accepts any well-formed signature',
  'compares only the shorter length',
  'fails on non-ASCII signatures',
  'accepts any of several signatures',
  'accepts an empty key',
  'shares one secret between sources',
  'lets the request choose the algorithm',
  'verifies reserialised JSON',
  'parses before it verifies',
  'discloses the expected signature',
  'accepts any timestamp',
  'stores duplicates',
  'reads before it writes',
  'identifies events by their bytes',
  'accepts any content type',
  'fails on malformed JSON',
  'accepts invalid UTF-8',
  'stores invalid events',
  'concatenates items as text',
  'stores lone surrogates',
  'accepts any size',
  'limits only Content-Length',
  'accepts contradictory lengths',
  'accepts any method',
  'verifies only one spelling of the path',
  'trusts X-Forwarded-For',
  'discloses its errors',
  'names its software',
] as const;

/** A weakness of a receiver. */
export type Weakness = (typeof WEAKNESSES)[number];

/** End of the secrets `partner …` and `other …` of the two sources. */
export const SECRET = 'the secret of the weak receiver';

const TABLE_NAME = 'weak-receiver-events';
/** The largest body that a receiver with a limit accepts. */
export const MAX_BODY_BYTES = 64 * 1024;
const DAY_SECONDS = 24 * 3600;

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Event {
  readonly event_id: string;
  readonly user_id: string;
  readonly action: string;
  readonly timestamp: number;
}

/**
 * Starts a receiver of the generic provider's events at `/webhooks/partner` and `/webhooks/other`.
 * @param weaknesses the receiver's only weaknesses
 * @returns the URL of the source `partner`
 */
export async function startWeakReceiver(client: DynamoDBClient, weaknesses: readonly Weakness[]) {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const is = (weakness: Weakness) => weaknesses.includes(weakness);

  async function receive(request: IncomingMessage): Promise<object> {
    const source = route(request);
    const body = await read(request);
    checkType(request);
    if (is('parses before it verifies')) validate(parse(body));
    verify(request, body, is('shares one secret between sources') ? 'partner' : source);
    const event = validate(parse(body));
    checkTime(event);
    return { status: await store(source, event, body), event_id: event.event_id };
  }

  function checkType({ headers }: IncomingMessage): void {
    const isRight = headers['content-type'] === 'application/json';
    if (!isRight && !is('accepts any content type')) throw new Refusal(415, 'type');
  }

  function route({ method, url = '' }: IncomingMessage): string {
    const path = is('verifies only one spelling of the path') ? url.toLowerCase() : url;
    const [, source] = /^\/webhooks\/(partner|other)$/.exec(path) ?? [];
    if (source === undefined || (method !== 'POST' && !is('accepts any method'))) throw new Refusal(404, 'not found');
    return source;
  }

  async function read(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const counted = is('limits only Content-Length') ? Number(request.headers['content-length'] ?? 0) : body.length;
    if (counted > MAX_BODY_BYTES && !is('accepts any size')) throw new Refusal(413, 'too large');
    return body;
  }

  function verify(request: IncomingMessage, body: Buffer, source: string): void {
    if (isExempt(request)) return;
    const key = `${source} ${SECRET}`;
    const claims = claimsOf(request);
    if (claims.some((claim) => matches(claim, key, body))) return;
    if (is('accepts an empty key') && claims.some((claim) => matches(claim, '', body))) return;
    const expected = is('discloses the expected signature') ? `, expected ${hmac(key, body)}` : '';
    throw new Refusal(401, `signature${expected}`);
  }

  function isExempt({ url = '', headers }: IncomingMessage): boolean {
    if (is('accepts unsigned requests') && headers['x-signature'] === undefined) return true;
    if (is('trusts X-Forwarded-For') && headers['x-forwarded-for'] === '127.0.0.1') return true;
    return is('verifies only one spelling of the path') && !url.startsWith('/webhooks/');
  }

  function claimsOf({ rawHeaders }: IncomingMessage): string[] {
    const values = rawHeaders.filter(
      (_, index) => rawHeaders[index - 1]?.toLowerCase() === 'x-signature' && index % 2 === 1,
    );
    const isAscii = values.every((value) => /^\p{ASCII}*$/u.test(value));
    if (is('fails on non-ASCII signatures') && !isAscii)
      throw new TypeError('comparing strings with non-ASCII characters');
    if (is('accepts any of several signatures')) return values.flatMap((value) => value.split(', '));
    return values.length === 1 ? values : [];
  }

  function matches(claim: string, key: string, body: Buffer): boolean {
    if (is('accepts any well-formed signature') && /^sha256=[0-9a-f]{64}$/.test(claim)) return true;
    const content = is('verifies reserialised JSON') ? reserialised(body) : body;
    return isSame(claim, hmac(key, content, hashOf(claim)));
  }

  function hashOf(claim: string): string {
    const [, hash] = /^(sha1|md5)=/.exec(claim) ?? [];
    return (is('lets the request choose the algorithm') && hash) || 'sha256';
  }

  function isSame(claim: string, expected: string): boolean {
    if (is('compares only the shorter length')) return expected.startsWith(claim) || claim.startsWith(expected);
    const [one, other] = [Buffer.from(claim), Buffer.from(expected)];
    return one.length === other.length && timingSafeEqual(one, other);
  }

  function parse(body: Buffer): unknown {
    try {
      const text = is('accepts invalid UTF-8')
        ? body.toString()
        : new TextDecoder('utf-8', { fatal: true }).decode(body);
      return JSON.parse(text);
    } catch (error) {
      if (is('fails on malformed JSON')) throw error;
      throw new Refusal(400, is('discloses its errors') ? String(error) : 'malformed');
    }
  }

  function validate(content: unknown): Event {
    const event = (content ?? {}) as Event;
    if (is('stores invalid events')) return { ...event, event_id: String(event.event_id ?? 'none') || 'none' };
    const isEvent = isText(event.event_id, 64) && isText(event.user_id, 64) && isText(event.action, 32);
    if (!isEvent || !Number.isSafeInteger(event.timestamp) || event.timestamp < 0) throw new Refusal(422, 'event');
    return event;
  }

  function isText(value: unknown, length: number): boolean {
    if (typeof value !== 'string' || value === '' || [...value].length > length) return false;
    return value.isWellFormed() || is('stores lone surrogates');
  }

  function checkTime({ timestamp }: Event): void {
    const age = Date.now() / 1000 - timestamp;
    if (!is('accepts any timestamp') && (age > 30 * DAY_SECONDS || age < -300)) throw new Refusal(422, 'time');
  }

  async function store(source: string, event: Event, body: Buffer): Promise<string> {
    const hash = createHash('sha256').update(body).digest('hex');
    const id = `${source}#${event.event_id}${is('identifies events by their bytes') ? hash : ''}`;
    const put = { TableName: TABLE_NAME, Item: { ...keyOf(id), hash, payload: body.toString() } };
    if (is('stores duplicates')) return written(put);
    if (is('reads before it writes')) return (await isThere(id)) ? 'duplicate' : written(put);
    return await writtenOnce(put, hash);
  }

  function keyOf(id: string): object {
    return is('concatenates items as text') ? JSON.parse(`{"id":"${id}"}`) : { id };
  }

  async function written(put: PutCommand['input']): Promise<string> {
    await documents.send(new PutCommand(put));
    return 'processed';
  }

  async function isThere(id: string): Promise<boolean> {
    const { Item } = await documents.send(new GetCommand({ TableName: TABLE_NAME, Key: { id }, ConsistentRead: true }));
    return Item !== undefined;
  }

  async function writtenOnce(put: PutCommand['input'], hash: string): Promise<string> {
    const condition = {
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    try {
      return await written({ ...put, ...condition });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (error.Item?.hash?.S !== hash) throw new Refusal(409, 'another event with this id');
      return 'duplicate';
    }
  }

  function respond(response: ServerResponse, status: number, content: object): void {
    const headers = {
      'Content-Type': 'application/json',
      ...(is('names its software') && { 'X-Powered-By': 'Express' }),
    };
    response.writeHead(status, headers).end(JSON.stringify(content));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      respond(response, 200, await receive(request));
    } catch (error) {
      if (error instanceof Refusal) return respond(response, error.status, { error: error.message });
      respond(response, 500, { error: is('discloses its errors') ? String(error) : 'internal error' });
    }
  }

  const insecureHTTPParser = is('accepts contradictory lengths');
  const server = createServer({ insecureHTTPParser }, (request, response) => void serve(request, response));
  const url = await listen(server, 0);
  return {
    url: `${url}/webhooks/partner`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Options of the table that it writes to. */
export const weakTable = { port: 0, tableName: TABLE_NAME };

function hmac(key: string, content: Buffer | string, hash = 'sha256'): string {
  return `${hash}=${createHmac(hash, key).update(content).digest('hex')}`;
}

function reserialised(body: Buffer): string {
  try {
    return JSON.stringify(JSON.parse(body.toString()));
  } catch {
    return '';
  }
}
