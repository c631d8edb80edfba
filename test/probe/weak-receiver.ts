import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { listen } from '../../cli/local/http.ts';

/** What can be wrong with a receiver, each by itself. */
export const WEAKNESSES = [
  'no signature needed',
  'any signature will do',
  'compares the shorter length',
  'breaks at bytes outside of ASCII',
  'takes any of several signatures',
  'takes an empty key',
  'one secret for all',
  'takes the algorithm that is named',
  'verifies what it has written anew',
  'parses before it verifies',
  'tells the expected signature',
  'any time will do',
  'knows no event again',
  'reads, then writes',
  'tells events apart by their bytes',
  'any content type will do',
  'breaks at malformed JSON',
  'takes bytes that are no text',
  'stores what is no event',
  'puts items together as text',
  'writes half characters',
  'takes any size',
  'counts no chunks',
  'contradicting lengths will do',
  'serves every method',
  'verifies one spelling of its path only',
  'believes in X-Forwarded-For',
  'tells its errors',
  'names its software',
] as const;

export type Weakness = (typeof WEAKNESSES)[number];

/** The secret of the source `partner`; `other` has another one. */
export const SECRET = 'the secret of the weak receiver';

const TABLE_NAME = 'events-of-the-weak';
/** The largest body that it takes, where it has a limit. */
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

/** A receiver of the generic provider's events at `/webhooks/partner` and `/webhooks/other`, as weak as it is told to be. */
export async function startWeakReceiver(client: DynamoDBClient, weaknesses: readonly Weakness[]) {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const is = (weakness: Weakness) => weaknesses.includes(weakness);

  async function receive(request: IncomingMessage): Promise<object> {
    const source = route(request);
    const body = await read(request);
    checkType(request);
    if (is('parses before it verifies')) validate(parse(body));
    verify(request, body, is('one secret for all') ? 'partner' : source);
    const event = validate(parse(body));
    checkTime(event);
    return { status: await store(source, event, body), event_id: event.event_id };
  }

  function checkType({ headers }: IncomingMessage): void {
    const isRight = headers['content-type'] === 'application/json';
    if (!isRight && !is('any content type will do')) throw new Refusal(415, 'type');
  }

  function route({ method, url = '' }: IncomingMessage): string {
    const path = is('verifies one spelling of its path only') ? url.toLowerCase() : url;
    const [, source] = /^\/webhooks\/(partner|other)$/.exec(path) ?? [];
    if (source === undefined || (method !== 'POST' && !is('serves every method'))) throw new Refusal(404, 'not found');
    return source;
  }

  async function read(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const counted = is('counts no chunks') ? Number(request.headers['content-length'] ?? 0) : body.length;
    if (counted > MAX_BODY_BYTES && !is('takes any size')) throw new Refusal(413, 'too large');
    return body;
  }

  function verify(request: IncomingMessage, body: Buffer, source: string): void {
    if (isExempt(request)) return;
    const key = `${source} ${SECRET}`;
    const claims = claimsOf(request);
    if (claims.some((claim) => matches(claim, key, body))) return;
    if (is('takes an empty key') && claims.some((claim) => matches(claim, '', body))) return;
    const expected = is('tells the expected signature') ? `, expected ${hmac(key, body)}` : '';
    throw new Refusal(401, `signature${expected}`);
  }

  function isExempt({ url = '', headers }: IncomingMessage): boolean {
    if (is('no signature needed') && headers['x-signature'] === undefined) return true;
    if (is('believes in X-Forwarded-For') && headers['x-forwarded-for'] === '127.0.0.1') return true;
    return is('verifies one spelling of its path only') && !url.startsWith('/webhooks/');
  }

  function claimsOf({ rawHeaders }: IncomingMessage): string[] {
    const values = rawHeaders.filter(
      (_, index) => rawHeaders[index - 1]?.toLowerCase() === 'x-signature' && index % 2 === 1,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant
    const isText = values.every((value) => /^[\x00-\x7f]*$/.test(value));
    if (is('breaks at bytes outside of ASCII') && !isText)
      throw new TypeError('comparing strings with non-ASCII characters');
    if (is('takes any of several signatures')) return values.flatMap((value) => value.split(', '));
    return values.length === 1 ? values : [];
  }

  function matches(claim: string, key: string, body: Buffer): boolean {
    if (is('any signature will do') && /^sha256=[0-9a-f]{64}$/.test(claim)) return true;
    const content = is('verifies what it has written anew') ? writtenAnew(body) : body;
    return isSame(claim, hmac(key, content, hashOf(claim)));
  }

  function hashOf(claim: string): string {
    const [, hash] = /^(sha1|md5)=/.exec(claim) ?? [];
    return (is('takes the algorithm that is named') && hash) || 'sha256';
  }

  function isSame(claim: string, expected: string): boolean {
    if (is('compares the shorter length')) return expected.startsWith(claim) || claim.startsWith(expected);
    const [one, other] = [Buffer.from(claim), Buffer.from(expected)];
    return one.length === other.length && timingSafeEqual(one, other);
  }

  function parse(body: Buffer): unknown {
    try {
      const text = is('takes bytes that are no text')
        ? body.toString()
        : new TextDecoder('utf-8', { fatal: true }).decode(body);
      return JSON.parse(text);
    } catch (error) {
      if (is('breaks at malformed JSON')) throw error;
      throw new Refusal(400, is('tells its errors') ? String(error) : 'malformed');
    }
  }

  function validate(content: unknown): Event {
    const event = (content ?? {}) as Event;
    if (is('stores what is no event')) return { ...event, event_id: String(event.event_id ?? 'none') || 'none' };
    const isEvent = isText(event.event_id, 64) && isText(event.user_id, 64) && isText(event.action, 32);
    if (!isEvent || !Number.isSafeInteger(event.timestamp) || event.timestamp < 0) throw new Refusal(422, 'event');
    return event;
  }

  function isText(value: unknown, length: number): boolean {
    if (typeof value !== 'string' || value === '' || [...value].length > length) return false;
    return value.isWellFormed() || is('writes half characters');
  }

  function checkTime({ timestamp }: Event): void {
    const age = Date.now() / 1000 - timestamp;
    if (!is('any time will do') && (age > 30 * DAY_SECONDS || age < -300)) throw new Refusal(422, 'time');
  }

  async function store(source: string, event: Event, body: Buffer): Promise<string> {
    const hash = createHash('sha256').update(body).digest('hex');
    const id = `${source}#${event.event_id}${is('tells events apart by their bytes') ? hash : ''}`;
    const put = { TableName: TABLE_NAME, Item: { ...keyOf(id), hash, payload: body.toString() } };
    if (is('knows no event again')) return written(put);
    if (is('reads, then writes')) return (await isThere(id)) ? 'duplicate' : written(put);
    return await writtenOnce(put, hash);
  }

  function keyOf(id: string): object {
    return is('puts items together as text') ? JSON.parse(`{"id":"${id}"}`) : { id };
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
      if (error.Item?.hash?.S !== hash) throw new Refusal(409, 'another event of this id');
      return 'duplicate';
    }
  }

  function answer(response: ServerResponse, status: number, content: object): void {
    const headers = {
      'Content-Type': 'application/json',
      ...(is('names its software') && { 'X-Powered-By': 'Express' }),
    };
    response.writeHead(status, headers).end(JSON.stringify(content));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      answer(response, 200, await receive(request));
    } catch (error) {
      if (error instanceof Refusal) return answer(response, error.status, { error: error.message });
      answer(response, 500, { error: is('tells its errors') ? String(error) : 'internal error' });
    }
  }

  const insecureHTTPParser = is('contradicting lengths will do');
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

/** The table that it writes to. */
export const weakTable = { port: 0, tableName: TABLE_NAME };

function hmac(key: string, content: Buffer | string, hash = 'sha256'): string {
  return `${hash}=${createHmac(hash, key).update(content).digest('hex')}`;
}

function writtenAnew(body: Buffer): string {
  try {
    return JSON.stringify(JSON.parse(body.toString()));
  } catch {
    return '';
  }
}
