import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { localClient, TABLE_NAME } from '../../../cli/local/embedded-dynamodb.ts';
import { LOOPBACK } from '../../../cli/local/http.ts';
import { runCommand, startCommand } from '../../support/command.ts';
import { signatureOf } from '../../support/generic-event.ts';
import { exchange } from '../../support/http.ts';
import { expectProblem } from '../../support/problem.ts';
import { curlRequest } from '../../support/shell.ts';

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

/** Ends npm, and what it started, where a test has failed to. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
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
  it('prints a request to paste, which is processed, then a duplicate, and 401 with one byte changed', async () => {
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

  it('listens on the loopback interface only', async () => {
    await using inbox = await start();
    expect([inbox.url, inbox.dynamodb].map((each) => new URL(each).hostname)).toEqual([LOOPBACK, LOOPBACK]);
  });

  it('names the variable of a secret from the environment, and does not print the secret', async () => {
    await using inbox = await start();
    await inbox.shows(/webhooks\/generic +secret: from WEBHOOK_SECRET_GENERIC\n/);
    inbox.interrupt();
    const { stdout, stderr } = await inbox.ended;
    expect(stdout + stderr).not.toContain(SECRET);
  });

  it('accepts the previous secret if one is set', async () => {
    await using inbox = await start({ WEBHOOK_PREVIOUS_SECRET_GENERIC: 'the old one' });
    expect((await exchange(inbox.url, delivery('the old one'))).status).toBe(200);
    expect((await exchange(inbox.url, delivery())).status).toBe(200);
    expect((await exchange(inbox.url, delivery('another'))).status).toBe(401);
  });

  it('responds with 503 if the secret is set but empty', async () => {
    await using inbox = await start({ WEBHOOK_SECRET_GENERIC: '' });
    expectProblem(await exchange(inbox.url, delivery('')), 503, 'temporarily_unavailable');
    expectProblem(await exchange(inbox.url, delivery()), 503, 'temporarily_unavailable');
    expect(await itemsAt(inbox.dynamodb)).toEqual([]);
    await inbox.shows(/503 generic unavailable \(temporarily_unavailable: secret_empty\)/);
  });

  it('shows the secret that a handshake hands out at once, and the deliveries do not have it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-'));
    try {
      await using inbox = await start({ DATA_DIR: folder });
      const asana = inbox.url.replace('generic', 'asana');
      const secret = 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81';
      const { status, headers } = await exchange(asana, { headers: [['X-Hook-Secret', secret]], body: '{}' });
      expect([status, headers['x-hook-secret']]).toEqual([200, secret]);
      await inbox.shows(/200 asana handshake/);
      await inbox.shows(
        new RegExp(`hands out a secret for asana: ${secret}\n.* start again with WEBHOOK_SECRET_ASANA='${secret}'`),
      );
      const notion = inbox.url.replace('generic', 'notion');
      const body = '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}';
      expect((await exchange(notion, { body })).status).toBe(200);
      await inbox.shows(/hands out a secret for notion: secret_tMrl/);
      inbox.interrupt();
      await inbox.ended;
      const log = readFileSync(join(folder, 'deliveries.ndjson'), 'utf8');
      expect(log).toContain('"handshake"');
      expect(log).not.toMatch(/b537207f|secret_tMrl/);
    } finally {
      rmSync(folder, { recursive: true });
    }
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

  it('finishes the request in flight when it is interrupted, and exits with 0', async () => {
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

  it('ends when the npm process that runs it gets SIGTERM', async () => {
    const { PATH, HOME } = process.env;
    const npm = spawn('npm', ['start'], { env: { PATH, HOME, ...environment }, detached: true });
    try {
      let output = '';
      const ready = Promise.withResolvers<void>();
      npm.stdout.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (output.includes('webhook-inbox is ready')) ready.resolve();
      });
      await ready.promise;
      npm.kill('SIGTERM');
      // The server has the same standard output, so that this is closed only once both have ended.
      await once(npm, 'close');
      expect(output).toMatch(/Stopping: .+\n$/);
    } finally {
      killGroup(npm.pid);
    }
  });

  it.each([['PORT'], ['DYNAMODB_PORT']])(
    'explains that %s is in use, and how to choose another port',
    async (variable) => {
      const taken = createServer().listen(0, LOOPBACK);
      await once(taken, 'listening');
      const { port } = taken.address() as { port: number };
      const { status, stderr, stdout } = await runCommand('start', [], { ...environment, [variable]: String(port) });
      expect(stderr).toBe(
        `Port ${port} is in use. Set ${variable} to a free one, or to 0 to have one chosen. Another npm start may use it: a second one needs its own PORT and DYNAMODB_PORT.\n`,
      );
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      taken.close();
    },
  );

  it.each(['http', '65536', '-1', '80.5'])('refuses %s as a port', async (port) => {
    const { status, stderr } = await runCommand('start', [], { ...environment, PORT: port });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `PORT must be a port from 0 to 65535, not "${port}".\n`,
    });
  });

  it('prints one sentence and exits with 1 if DATA_DIR cannot be used', async () => {
    const { status, stdout, stderr } = await runCommand('start', [], { ...environment, DATA_DIR: '/dev/null' });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'DATA_DIR /dev/null is not a folder.\n',
    });
  });

  it('prints one sentence and exits with 1 if PUBLIC_URL is not a URL', async () => {
    const { status, stdout, stderr } = await runCommand('start', [], { ...environment, PUBLIC_URL: 'nonsense' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^PUBLIC_URL "nonsense" is not a URL\. [^\n]+\n$/);
  });

  it('warns of a variable that names no source, and starts', async () => {
    await using inbox = await start({ WEBHOOK_SECRET_STRIP: 'hush' });
    await inbox.shows(
      /^Warning: WEBHOOK_SECRET_STRIP names no source\. Did you mean WEBHOOK_SECRET_STRIPE\?\n$/,
      'stderr',
    );
    expect((await exchange(inbox.url, delivery())).status).toBe(200);
  });

  it('prints generated secrets in full if its output is not a terminal', async () => {
    await using inbox = await start();
    const [, secret = ''] = await inbox.shows(/POST (?:\S+)\/webhooks\/github +secret: (\S+)\n/);
    const body = '{}';
    const headers = [
      ['Content-Type', 'application/json'],
      ['X-GitHub-Delivery', 'guid'],
      ['X-GitHub-Hook-ID', '1'],
      ['X-GitHub-Event', 'push'],
      ['X-Hub-Signature-256', signatureOf(body, secret)],
    ] as const;
    const response = await exchange(inbox.url.replace('generic', 'github'), { body, headers });
    expect(JSON.parse(response.text)).toMatchObject({ status: 'processed' });
  });

  it('prints its help', async () => {
    const { status, stdout } = await runCommand('start', ['--help'], environment);
    expect(status).toBe(0);
    for (const name of ['PORT', 'DYNAMODB_PORT', 'DATA_DIR', 'WEBHOOK_SECRET_', 'WEBHOOK_PREVIOUS_SECRET_']) {
      expect(stdout).toContain(name);
    }
  });
});
