import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, jest } from '@jest/globals';
import { localClient } from '../../../cli/local/embedded-dynamodb.ts';
import { LOOPBACK } from '../../../cli/local/http.ts';
import { TABLE_NAME } from '../../../local/table-name.ts';
import { runCommand, startCommand } from '../../support/command.ts';
import { signatureOf } from '../../support/generic-event.ts';
import { exchange } from '../../support/http.ts';
import { expectProblem } from '../../support/problem.ts';
import { curlRequest } from '../../support/shell.ts';

// Processes, and a machine that may be busy.
jest.setTimeout(30_000);

const SECRET = 'a secret of this machine';
const environment = { PORT: '0', DYNAMODB_PORT: '0', WEBHOOK_SECRET_GENERIC: SECRET };

/** `npm start`, and what it printed: its endpoints and the request to paste. */
async function start(changes: NodeJS.ProcessEnv = {}) {
  const command = startCommand('start', [], { ...environment, ...changes });
  const [, dynamodb = ''] = await command.shows(/Table webhook-events is at (http:\S+)/);
  const [, url = ''] = await command.shows(/POST (http:\S+\/webhooks\/generic)/);
  return { ...command, dynamodb, url };
}

async function itemsAt(endpoint: string) {
  const client = localClient(endpoint);
  const { Items } = await client.send(new ScanCommand({ TableName: TABLE_NAME }));
  client.destroy();
  return Items;
}

/** One moment for all: the same event has the same payload. */
const timestamp = Math.floor(Date.now() / 1000);

/** A signed event of today. */
function delivery(secret = SECRET) {
  const body = JSON.stringify({ event_id: 'evt_1', user_id: 'u', action: 'a', timestamp });
  const headers = [
    ['Content-Type', 'application/json'],
    ['X-Signature', signatureOf(body, secret)],
  ] as const;
  return { body, headers };
}

describe('npm start', () => {
  it('prints a request to paste: processed, again a duplicate, 401 with one byte changed, stored byte for byte', async () => {
    await using inbox = await start();
    const [, pasted = ''] = await inbox.shows(/paste into another terminal:\n\n(curl [\s\S]+?)\n\n/);
    const { url, headers, body } = curlRequest(pasted);
    expect(url).toBe(inbox.url);

    expect(JSON.parse((await exchange(url, { headers, body })).text)).toMatchObject({ status: 'processed' });
    expect(JSON.parse((await exchange(url, { headers, body })).text)).toMatchObject({ status: 'duplicate' });
    expectProblem(await exchange(url, { headers, body: body.replace('4', '5') }), 401, 'invalid_signature');
    expect(await itemsAt(inbox.dynamodb)).toMatchObject([{ source: { S: 'generic' }, payload: { S: body } }]);
    await inbox.shows(/200 generic processed sample-\S+ [\d.]+ ms\n[\s\S]*duplicate[\s\S]*401 generic rejected/);
  });

  it('listens on the loopback interface alone', async () => {
    await using inbox = await start();
    expect([inbox.url, inbox.dynamodb].map((each) => new URL(each).hostname)).toEqual([LOOPBACK, LOOPBACK]);
  });

  it('names the variable that a secret is from, and does not print it', async () => {
    await using inbox = await start();
    await inbox.shows(/webhooks\/generic {3}secret: from WEBHOOK_SECRET_GENERIC\n[\s\S]*\n\n$/);
    inbox.interrupt();
    const { stdout, stderr } = await inbox.ended;
    expect(stdout + stderr).not.toContain(SECRET);
  });

  it('accepts the secret before, where one is set', async () => {
    await using inbox = await start({ WEBHOOK_PREVIOUS_SECRET_GENERIC: 'the old one' });
    expect((await exchange(inbox.url, delivery('the old one'))).status).toBe(200);
    expect((await exchange(inbox.url, delivery())).status).toBe(200);
    expect((await exchange(inbox.url, delivery('another'))).status).toBe(401);
  });

  it('answers 503 where the secret is set but empty', async () => {
    await using inbox = await start({ WEBHOOK_SECRET_GENERIC: '' });
    expectProblem(await exchange(inbox.url, delivery('')), 503, 'temporarily_unavailable');
    expectProblem(await exchange(inbox.url, delivery()), 503, 'temporarily_unavailable');
    expect(await itemsAt(inbox.dynamodb)).toEqual([]);
    await inbox.shows(/503 generic unavailable \(temporarily_unavailable: secret_empty\)/);
  });

  it('keeps the table in DATA_DIR from one start to the next', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-'));
    try {
      {
        await using inbox = await start({ DATA_DIR: folder });
        expect(JSON.parse((await exchange(inbox.url, delivery())).text)).toMatchObject({ status: 'processed' });
        inbox.interrupt();
        await inbox.ended;
      }
      await using inbox = await start({ DATA_DIR: folder });
      expect(await itemsAt(inbox.dynamodb)).toMatchObject([{ id: { S: 'generic#evt_1' } }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('finishes the request in flight when it is interrupted, and ends with 0', async () => {
    await using inbox = await start();
    const { body, headers } = delivery();
    const sent = request(inbox.url, {
      method: 'POST',
      agent: false,
      headers: { ...Object.fromEntries(headers), 'Content-Length': body.length, Expect: '100-continue' },
    });
    await once(sent, 'continue');
    inbox.interrupt();
    await inbox.shows(/Stopping/);
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    expect(await inbox.ended).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([['PORT'], ['DYNAMODB_PORT']])('says so where %s is in use, and how to go on', async (variable) => {
    const taken = createServer().listen(0, LOOPBACK);
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { status, stderr, stdout } = await runCommand('start', [], { ...environment, [variable]: String(port) });
    expect(stderr).toBe(`Port ${port} is in use. Set ${variable} to a free one, or to 0 to have one chosen.\n`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    taken.close();
  });

  it.each(['http', '65536', '-1', '80.5'])('refuses %s as a port', async (port) => {
    const { status, stderr } = await runCommand('start', [], { ...environment, PORT: port });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `PORT must be a port from 0 to 65535, not "${port}".\n`,
    });
  });

  it('explains itself', async () => {
    const { status, stdout } = await runCommand('start', ['--help'], environment);
    expect(status).toBe(0);
    for (const name of ['PORT', 'DYNAMODB_PORT', 'DATA_DIR', 'WEBHOOK_SECRET_', 'WEBHOOK_PREVIOUS_SECRET_']) {
      expect(stdout).toContain(name);
    }
  });
});
