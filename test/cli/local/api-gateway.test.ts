import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { startApiGateway } from '../../../cli/local/api-gateway.ts';
import { exchange, type Outgoing } from '../../support/http.ts';
import { expectProblem } from '../../support/problem.ts';

const MIB = 1024 * 1024;

/** The front over a function that keeps what it was called with. */
async function startFront(answer: APIGatewayProxyResult = { statusCode: 200, body: '' }) {
  const events: APIGatewayProxyEvent[] = [];
  const front = await startApiGateway(async (event) => {
    events.push(event);
    return answer;
  }, 0);
  return {
    ...front,
    events,
    post: (outgoing: Outgoing, path = '/webhooks/partner') => exchange(front.url + path, outgoing),
    [Symbol.asyncDispose]: front.stop,
  };
}

/** The one event that a request becomes. */
async function eventOf(outgoing: Outgoing, path?: string): Promise<APIGatewayProxyEvent> {
  await using front = await startFront();
  await front.post(outgoing, path);
  const [event, ...more] = front.events;
  if (!event || more.length > 0) throw new Error('called not once');
  return event;
}

describe('the event of a request', () => {
  it('has the method, the path and the address of the caller', async () => {
    const event = await eventOf({ method: 'PUT', headers: [['User-Agent', 'partner/1.0']] });
    expect(event).toMatchObject({
      httpMethod: 'PUT',
      path: '/webhooks/partner',
      resource: '/webhooks/{source}',
      pathParameters: { source: 'partner' },
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      requestContext: { httpMethod: 'PUT', identity: { sourceIp: '127.0.0.1', userAgent: 'partner/1.0' } },
    });
  });

  it.each(['/', '//', '//evil.example/x', '/webhooks/../partner', '/webhooks/%70artner', '/a b'.replace(' ', '%20')])(
    'has the path %s unchanged',
    async (path) => {
      expect(await eventOf({}, path)).toMatchObject({ path });
    },
  );

  it('has every byte of the body, as base64', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const { body, isBase64Encoded } = await eventOf({ body: bytes });
    expect(isBase64Encoded).toBe(true);
    expect(body).toBe(bytes.toString('base64'));
  });

  it('has no body if the request has none', async () => {
    expect(await eventOf({})).toMatchObject({ body: null, isBase64Encoded: false });
  });

  it('has every value of a header, under the first spelling of its name', async () => {
    const { headers, multiValueHeaders } = await eventOf({
      headers: [
        ['X-Signature', 'first'],
        ['Accept', '*/*'],
        ['x-signature', 'second'],
        ['X-SIGNATURE', 'first'],
      ],
    });
    expect(multiValueHeaders).toMatchObject({ 'X-Signature': ['first', 'second', 'first'], Accept: ['*/*'] });
    expect(headers).toMatchObject({ 'X-Signature': 'first', Accept: '*/*' });
    expect(Object.keys(multiValueHeaders).filter((name) => /signature/i.test(name))).toEqual(['X-Signature']);
  });

  it('has a header named __proto__ like any other', async () => {
    const { headers, multiValueHeaders } = await eventOf({ headers: [['__proto__', 'x']] });
    expect(Object.entries(multiValueHeaders)).toContainEqual(['__proto__', ['x']]);
    expect(Object.entries(headers)).toContainEqual(['__proto__', 'x']);
    expect(Object.getPrototypeOf(headers)).toBe(Object.getPrototypeOf({ ...headers }));
  });

  it('has no header that API Gateway does not forward', async () => {
    const { multiValueHeaders } = await eventOf({ body: 'x', headers: [['TE', 'trailers']] });
    const names = Object.keys(multiValueHeaders).map((name) => name.toLowerCase());
    expect(names).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(connection|content-length|te)$/)]));
    expect(names).toContain('host');
  });

  it('has every value of the query, decoded', async () => {
    const event = await eventOf({}, '/webhooks/partner?a=1&b=x%20y&a=2&c');
    expect(event.multiValueQueryStringParameters).toEqual({ a: ['1', '2'], b: ['x y'], c: [''] });
    expect(event.queryStringParameters).toEqual({ a: '2', b: 'x y', c: '' });
    expect(event.path).toBe('/webhooks/partner');
  });

  it('has a unique request id, which the response carries in a header', async () => {
    await using front = await startFront();
    const answers = [await front.post({}), await front.post({})];
    const ids = front.events.map(({ requestContext }) => requestContext.requestId);
    expect(answers.map(({ headers }) => headers['x-amzn-requestid'])).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('the response of the function', () => {
  it('is returned to the caller', async () => {
    await using front = await startFront({ statusCode: 409, headers: { 'X-Odd': 'é' }, body: 'schön' });
    expect(await front.post({})).toMatchObject({ status: 409, headers: { 'x-odd': 'é' }, text: 'schön' });
  });

  it('may be in base64', async () => {
    const body = Buffer.from('bytes').toString('base64');
    await using front = await startFront({ statusCode: 200, body, isBase64Encoded: true });
    expect(await front.post({})).toMatchObject({ text: 'bytes' });
  });
});

describe('the HTTP front', () => {
  it('accepts bodies up to 10 MiB, and responds with 413 as problem details beyond', async () => {
    await using front = await startFront();
    const answer = await front.post({ body: Buffer.alloc(10 * MIB + 1) });
    expectProblem(answer, 413, 'payload_too_large');
    expect(front.events).toEqual([]);
    expect((await front.post({ body: Buffer.alloc(10 * MIB) })).status).toBe(200);
  });

  it('listens on the loopback interface only', async () => {
    await using front = await startFront();
    expect(new URL(front.url).hostname).toBe('127.0.0.1');
  });

  it('continues to serve after a caller breaks off', async () => {
    await using front = await startFront();
    const sent = request(front.url, { method: 'POST', headers: { 'Content-Length': 10, Expect: '100-continue' } });
    const broken = once(sent, 'close').catch(() => undefined);
    await once(sent, 'continue');
    sent.on('error', () => undefined).destroy();
    await broken;
    expect((await front.post({})).status).toBe(200);
    expect(front.events).toHaveLength(1);
  });

  it('finishes requests in flight when it stops, refuses new ones, and does not wait out the 5 s of keep-alive', async () => {
    const called = Promise.withResolvers<void>();
    const held = Promise.withResolvers<APIGatewayProxyResult>();
    const front = await startApiGateway(() => {
      called.resolve();
      return held.promise;
    }, 0);
    const agent = new Agent({ keepAlive: true });
    const answered = once(request(front.url, { method: 'POST', agent }).end(), 'response');
    await called.promise;
    const stopped = front.stop();
    await expect(exchange(front.url, {})).rejects.toThrow('ECONNREFUSED');
    held.resolve({ statusCode: 200, body: 'finished' });
    const [response] = await answered;
    expect(response.resume()).toMatchObject({ statusCode: 200 });
    const started = performance.now();
    await stopped;
    expect(performance.now() - started).toBeLessThan(4_500);
    agent.destroy();
  });

  it('does not wait for callers who keep their connection open', async () => {
    const front = await startApiGateway(async () => ({ statusCode: 200, body: '' }), 0);
    const agent = new Agent({ keepAlive: true });
    const [response] = await once(request(front.url, { method: 'POST', agent }).end(), 'response');
    await once(response.resume(), 'end');
    await front.stop();
    await expect(exchange(front.url, {})).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });
});
