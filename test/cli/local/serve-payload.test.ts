import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startEmbeddedDynamodb } from '../../../cli/local/embedded-dynamodb.ts';
import { localPayloadBucket } from '../../../cli/local/local-payload-bucket.ts';
import { exchange } from '../../support/http.ts';

const KEY = `stripe/${'0f'.repeat(32)}`;

async function startBucket(folder?: string) {
  const payloads = localPayloadBucket(folder);
  const { endpoint, stop } = await startEmbeddedDynamodb({ port: 0, tableName: 'events', payloads });
  return {
    payloads,
    url: `${endpoint}/webhook-payloads`,
    [Symbol.asyncDispose]: stop,
  };
}

describe('the payload bucket of npm start', () => {
  it.each(['in memory', 'in a folder'])('gives back over HTTP what was put, %s', async (place) => {
    const folder = mkdtempSync(join(tmpdir(), 'payloads-'));
    try {
      await using bucket = await startBucket(place === 'in memory' ? undefined : folder);
      const url = `${bucket.url}/${KEY}`;
      expect((await fetch(url)).status).toBe(404);
      const bytes = Buffer.from([0, 0xff, 0x1b]);
      expect((await fetch(url, { method: 'PUT', body: bytes })).status).toBe(200);
      expect(Buffer.from(await (await fetch(`${url}?x-id=GetObject`)).arrayBuffer())).toEqual(bytes);
      expect(Buffer.from(bucket.payloads.get(KEY) ?? [])).toEqual(bytes);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(['../keys.json', 'stripe/../../keys.json', `%2e%2e/${'0f'.repeat(32)}`, 'stripe', ''])(
    'refuses the key %s, which is none',
    async (key) => {
      const folder = mkdtempSync(join(tmpdir(), 'payloads-'));
      try {
        await using bucket = await startBucket(folder);
        for (const method of ['GET', 'PUT'])
          expect((await exchange(`${bucket.url}/${key}`, { method })).status).toBe(400);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
