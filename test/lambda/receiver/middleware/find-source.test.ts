import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { openDelivery } from '../../../../lambda/receiver/delivery.ts';
import { findSource } from '../../../../lambda/receiver/middleware/find-source.ts';
import { Problem } from '../../../../lambda/receiver/problem.ts';
import { toSource } from '../../../../lambda/receiver/registered-source.ts';

const own = toSource('partner', { provider: 'generic', hasOwnResource: true });
const shared = toSource('other', { provider: 'generic' });
const { before } = findSource(
  new Map([
    ['partner', own],
    ['other', shared],
  ]),
);

/** The source of a request that matched a resource, or the code of the problem. */
async function sourceOf(event: Partial<APIGatewayProxyEvent>): Promise<string> {
  try {
    const added = await before(openDelivery({ httpMethod: 'POST', ...event }, 0));
    return 'source' in added ? added.source.name : 'answered';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

const byShared = (path: string, source: string) =>
  sourceOf({ resource: '/webhooks/{source}', path, pathParameters: { source } });
const byOwn = (resource: string, path = resource) => sourceOf({ resource, path, pathParameters: null });

describe('A source with its own resource', () => {
  it('is served by that resource', async () => {
    expect(await byOwn('/webhooks/partner')).toBe('partner');
    expect(await byOwn('/webhooks/partner', '/webhooks/partner/')).toBe('partner');
  });

  it.each([
    ['encoded, if API Gateway decodes path parameters', '/webhooks/p%61rtner', 'partner'],
    ['encoded, if API Gateway leaves them as they are', '/webhooks/p%61rtner', 'p%61rtner'],
    ['encoded, if API Gateway decodes the path too', '/webhooks/partner', 'partner'],
    ['followed by a slash', '/webhooks/partner/', 'partner'],
    ['in upper case', '/webhooks/PARTNER', 'PARTNER'],
  ])('is not found by the shared resource under its name, %s', async (_, path, source) => {
    expect(await byShared(path, source)).toBe('not_found');
  });

  it.each(['/{proxy+}', '/webhooks/other', '', '/webhooks/{source}'])(
    'is not found by the resource %j',
    async (resource) => {
      const event = { resource, path: '/webhooks/partner', pathParameters: { source: 'partner' } };
      expect(await sourceOf(event)).toBe('not_found');
    },
  );
});

describe('A source without its own resource', () => {
  it('is served by the shared resource', async () => {
    expect(await byShared('/webhooks/other', 'other')).toBe('other');
  });

  it('is served by the resource that it had, until the API is deployed without it', async () => {
    expect(await byOwn('/webhooks/other')).toBe('other');
  });

  it('has the methods of its provider only', async () => {
    const event = { resource: '/webhooks/{source}', pathParameters: { source: 'other' } };
    expect(await sourceOf({ ...event, httpMethod: 'GET' })).toBe('not_found');
  });
});
