import { createHmac } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { type LocalInbox, startLocalInbox } from '../../../../cli/local/local-inbox.ts';
import { runCommand } from '../../../support/command.ts';
import { incompressibleText } from '../../../support/generic-event.ts';

const SECRET = 'a secret of this machine';
const environment = { WEBHOOK_SECRET_GITHUB: SECRET };

async function startInbox() {
  const options = { port: 0, dynamodbPort: 0, environment, report: () => undefined };
  const inbox = await startLocalInbox(options);
  const { port } = new URL(inbox.dynamodb.endpoint);
  return {
    ...inbox,
    run: (...args: readonly string[]) =>
      runCommand('quarantine', [...args, '--local'], { ...environment, DYNAMODB_PORT: port }),
    [Symbol.asyncDispose]: async () => void (await inbox.stop()),
  };
}

/** Sends a request of GitHub that has no event id, and returns the response's JSON. */
async function send({ url }: LocalInbox, contentType: string, body: string): Promise<unknown> {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = {
    'Content-Type': contentType,
    'X-GitHub-Event': 'push',
    'X-Hub-Signature-256': `sha256=${signature}`,
  };
  return await (await fetch(`${url}/webhooks/github`, { method: 'POST', headers, body })).json();
}

async function storedBy({ dynamodb }: LocalInbox) {
  const { Items } = await dynamodb.client.send(new ScanCommand({ TableName: dynamodb.tableName }));
  return Items;
}

describe('npm run quarantine -- --local', () => {
  it('lists, shows and accepts what npm start has in quarantine', async () => {
    await using inbox = await startInbox();
    const response = await send(inbox, 'application/x-www-form-urlencoded', 'zen=Anything');
    expect(response).toEqual({ status: 'quarantined', reason: 'not_form' });

    const { stdout } = await inbox.run('list');
    const [id = ''] = /github#[0-9a-f]{64}/.exec(stdout) ?? [];
    expect(stdout).toMatch(/ github {2}not_form .+\n\n1 item in quarantine\n$/s);
    expect((await inbox.run('show', id)).stdout).toContain('\nheaders      x-github-event: push\n');
    expect(await inbox.run('accept', id)).toMatchObject({ status: 1, stdout: '0 accepted, 1 left\n' });
    expect(await storedBy(inbox)).toEqual([]);
    expect(await inbox.run('accept', id, '--as-is')).toMatchObject({ status: 0, stderr: '' });
    expect((await inbox.run('list')).stdout).toBe('0 items in quarantine\n');
    expect(await storedBy(inbox)).toMatchObject([{ origin: { S: 'accepted' }, payload: { S: 'zen=Anything' } }]);
  });

  it('reads and accepts a large payload', async () => {
    await using inbox = await startInbox();
    const body = JSON.stringify({ noise: incompressibleText(3_000_000) });
    await send(inbox, 'application/json', body);

    const [id = ''] = /github#[0-9a-f]{64}/.exec((await inbox.run('list')).stdout) ?? [];
    expect((await inbox.run('show', id, '--raw')).stdout === body).toBe(true);
    expect((await inbox.run('accept', id)).stderr).toContain(': still invalid: no_event_id: ');
    expect((await inbox.run('accept', id, '--as-is')).status).toBe(0);
    expect(await storedBy(inbox)).toMatchObject([{ payload_object: { S: id.replace('#', '/') } }]);
  });

  it('explains that no server is running', async () => {
    const { dynamodb, stop } = await startInbox();
    await stop();
    const { port } = new URL(dynamodb.endpoint);
    const { status, stderr } = await runCommand('quarantine', ['list', '--local'], { DYNAMODB_PORT: port });
    expect(status).toBe(1);
    expect(stderr).toMatch(/ cannot be reached: .*ECONNREFUSED.* Is `npm start` running\? .+\n$/);
    expect(stderr).not.toContain('    at ');
  });
});
