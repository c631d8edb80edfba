import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { everySource } from '../../../cli/local/every-source.ts';
import { keptHeaders } from '../../../cli/local/kept-headers.ts';

const answered = { statusCode: 200, body: '' };

/** The headers that are kept of a delivery to `github`, and those of others before it. */
async function keep(headers: APIGatewayProxyEvent['multiValueHeaders'], others = 0) {
  const kept = keptHeaders(everySource({}, 'http://127.0.0.1:3000'));
  const receive = kept.keeping(async () => answered);
  const event = (requestId: string, multiValueHeaders: APIGatewayProxyEvent['multiValueHeaders']) =>
    Object.assign({} as APIGatewayProxyEvent, {
      requestContext: { requestId },
      pathParameters: { source: 'github' },
      multiValueHeaders,
    });
  const results = [await receive(event('first', headers), {} as Context)];
  for (let index = 0; index < others; index += 1) results.push(await receive(event(`${index}`, {}), {} as Context));
  return { kept, results };
}

describe('The headers of local deliveries', () => {
  it('have the values of those that events are read from, and of harmless ones', async () => {
    const { kept, results } = await keep({ 'X-GitHub-Event': ['push'], 'Content-Type': ['application/json'] });
    expect(kept.of('first')).toEqual([
      { name: 'content-type', value: 'application/json' },
      { name: 'x-github-event', value: 'push' },
    ]);
    expect(results).toEqual([answered]);
  });

  it('have no value where a signature, a token, a cookie or anything unknown may be', async () => {
    const secret = ['not to be kept'];
    const { kept } = await keep({
      'X-Hub-Signature-256': secret,
      Authorization: secret,
      Cookie: secret,
      'X-Own': secret,
    });
    expect(kept.of('first')?.map(({ name, value }) => [name, value])).toEqual([
      ['authorization', undefined],
      ['cookie', undefined],
      ['x-hub-signature-256', undefined],
      ['x-own', undefined],
    ]);
  });

  it('are few, short, and those of the last 1,000 deliveries', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, ['']]));
    const { kept } = await keep({ accept: ['a'.repeat(5_000)], ...many }, 999);
    expect(kept.of('first')?.length).toBe(60);
    expect(kept.of('first')?.[0]?.value?.length).toBe(1_024);
    const after = await keep({}, 1_000);
    expect(after.kept.of('first')).toBeUndefined();
  });
});
