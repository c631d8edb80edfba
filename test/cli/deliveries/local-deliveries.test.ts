import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Delivery, DeliveryLog, DeliveryQuery } from '../../../cli/deliveries/delivery-log.ts';
import { accessToken } from '../../../cli/deliveries/local/access-token.ts';
import { localDeliveryLog } from '../../../cli/deliveries/local/local-delivery-log.ts';
import { servedDeliveryLog } from '../../../cli/deliveries/local/served-delivery-log.ts';
import { startLocalInbox } from '../../../cli/local/local-inbox.ts';
import { deliveryLineAt, PROCESSED, REJECTED } from '../../support/delivery-lines.ts';
import { signatureOf } from '../../support/generic-event.ts';

const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-deliveries-'));
afterAll(() => rmSync(folder, { recursive: true }));

const environment = { WEBHOOK_SECRET_GENERIC: 'secret' };
const token = 'a token of this test';

async function start(dataDir?: string) {
  const options = { port: 0, dynamodbPort: 0, environment, token, dataDir, report: () => undefined };
  const inbox = await startLocalInbox(options);
  return {
    ...inbox,
    log: servedDeliveryLog(inbox.url, token),
    [Symbol.asyncDispose]: async () => void (await inbox.stop()),
  };
}

/** Posts an event, and returns the status of the response. */
async function post(url: string, eventId: string, secret = 'secret'): Promise<number> {
  const timestamp = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({ event_id: eventId, user_id: 'u', action: 'order.created', timestamp });
  const headers = { 'Content-Type': 'application/json', 'X-Signature': signatureOf(body, secret) };
  const response = await fetch(`${url}/webhooks/generic`, { method: 'POST', headers, body });
  await response.text();
  return response.status;
}

async function listed(log: DeliveryLog, query: DeliveryQuery = { from: 0 }): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for await (const delivery of log.list(query)) found.push(delivery);
  return found;
}

const idsOf = (deliveries: readonly Delivery[]) => deliveries.flatMap(({ events }) => events.map(({ id }) => id));

describe('The inbox on this machine', () => {
  it('serves its deliveries, the newest last, by the query', async () => {
    await using inbox = await start();
    for (const id of ['a', 'b']) await post(inbox.url, id);
    await post(inbox.url, 'c', 'wrong');
    const all = await listed(inbox.log);
    expect(all.map(({ outcome }) => outcome)).toEqual(['processed', 'processed', 'rejected']);
    expect(all[0]).toMatchObject({ source: 'generic', status: 200, bytes: expect.any(Number) });
    expect(idsOf(await listed(inbox.log, { from: 0, types: ['order.*'], limit: 1 }))).toEqual(['b']);
    expect(await listed(inbox.log, { from: 0, sources: ['generic'], outcomes: ['rejected'] })).toMatchObject([
      { status: 401, reason: 'mismatch' },
    ]);
  });

  it('shows what comes to whoever follows, and ends that when it stops', async () => {
    const inbox = await start();
    const ended = new AbortController();
    await post(inbox.url, 'before');
    const shown: Delivery[] = [];
    let isStopping: Promise<unknown> | undefined;
    for await (const delivery of inbox.log.follow({ from: 0 }, ended.signal)) {
      shown.push(delivery);
      if (shown.length === 1) await post(inbox.url, 'after');
      if (shown.length === 2) isStopping = inbox.stop();
    }
    await isStopping;
    expect(idsOf(shown)).toEqual(['before', 'after']);
  });

  it('ends what is followed when the command ends', async () => {
    await using inbox = await start();
    const ended = new AbortController();
    await post(inbox.url, 'a');
    for await (const _ of inbox.log.follow({ from: 0 }, ended.signal)) ended.abort();
    expect(ended.signal.aborted).toBe(true);
  });

  it.each([
    ['no token', {}, 401],
    ['another token', { Authorization: 'Bearer another' }, 401],
    ['another host', { Authorization: `Bearer ${token}`, Host: 'evil.example' }, 403],
    ['a page of another site', { Authorization: `Bearer ${token}`, Origin: 'https://evil.example' }, 403],
  ])('shows nothing to a request with %s', async (_, headers, expected) => {
    await using inbox = await start();
    await post(inbox.url, 'a');
    const url = `${inbox.url}/_inbox/deliveries?query=${encodeURIComponent('{"from":0}')}`;
    const { status, body } = await get(url, headers);
    expect(status).toBe(expected);
    expect(body).not.toContain('order.created');
  });

  it.each(['', '{}', '{"from":0,"limit":0}', '{"from":0,"outcomes":["none"]}'])(
    'refuses the query "%s"',
    async (query) => {
      await using inbox = await start();
      const url = `${inbox.url}/_inbox/deliveries?query=${encodeURIComponent(query)}`;
      expect(await get(url, { Authorization: `Bearer ${token}` })).toMatchObject({ status: 400 });
    },
  );

  it('keeps its deliveries in DATA_DIR, also those before a line that was cut short', async () => {
    const dataDir = join(folder, 'data');
    await (async () => {
      await using inbox = await start(dataDir);
      await post(inbox.url, 'a');
    })();
    const file = join(dataDir, 'deliveries.ndjson');
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"message":"deliv`);
    await using inbox = await start(dataDir);
    expect(idsOf(await listed(inbox.log))).toEqual(['a']);
  });
});

/** `fetch` sends no other Host. */
async function get(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; body: string }> {
  return await new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('The list', () => {
  it('keeps the newest deliveries, in memory and in its file', async () => {
    const file = join(folder, 'many.ndjson');
    const line = (index: number) => deliveryLineAt(index, { ...PROCESSED, requestId: `request-${index}` });
    writeFileSync(file, Array.from({ length: 10_999 }, (_, index) => `${line(index)}\n`).join(''));
    const log = localDeliveryLog(file);
    expect(await listed(log)).toHaveLength(10_000);
    for (let count = 0; count < 1_001; count += 1) log.report(REJECTED);
    const kept = await listed(log);
    expect(kept).toHaveLength(10_000);
    expect(kept.at(-1)).toMatchObject({ outcome: 'rejected' });
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(10_000);
  });

  it('keeps the delivery after a line that was cut short', async () => {
    const file = join(folder, 'cut.ndjson');
    writeFileSync(file, `${deliveryLineAt(1, { ...PROCESSED, requestId: 'before' })}\n{"message":"deliv`);
    localDeliveryLog(file).report({ ...PROCESSED, requestId: 'after' });
    const kept = await listed(localDeliveryLog(file));
    expect(kept.map(({ requestId }) => requestId)).toEqual(['before', 'after']);
  });

  it('shows to whoever follows also what comes while others are shown', async () => {
    const log = localDeliveryLog();
    for (const requestId of ['1', '2']) log.report({ ...PROCESSED, requestId });
    const ended = new AbortController();
    const shown: string[] = [];
    for await (const { requestId } of log.follow({ from: 0 }, ended.signal)) {
      shown.push(requestId);
      if (requestId === '1') log.report({ ...REJECTED, requestId: '3' });
      if (requestId === '3') ended.abort();
    }
    expect(shown).toEqual(['1', '2', '3']);
  });
});

describe('The token', () => {
  it.each(['', '\n', 'short'])('is not the text "%s" of a damaged file, which anyone could guess', (text) => {
    const file = join(folder, 'damaged');
    writeFileSync(file, text);
    expect(() => accessToken(file)).toThrow(`${file} has no token of this version. Delete it: a new one is generated.`);
  });

  it('is generated once, and only its owner can read it', () => {
    const file = join(folder, 'keys', 'token');
    const first = accessToken(file);
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(accessToken(file)).toBe(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
