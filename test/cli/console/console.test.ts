import { expect, test } from '@jest/globals';
import { startLocalInbox } from '../../../cli/local/local-inbox.ts';
import { runCommand } from '../../support/command.ts';
import { exchange } from '../../support/http.ts';

test('prints a link to the console of the inbox that runs on this machine', async () => {
  const inbox = await startLocalInbox({ port: 0, dynamodbPort: 0, environment: {}, report: () => undefined });
  const { port } = new URL(inbox.url);

  const { status, stdout } = await runCommand('webhook-inbox', ['console'], { PORT: port });
  const opened = await exchange(stdout.trim(), { method: 'GET' });
  await inbox.stop();

  expect(status).toBe(0);
  expect(opened).toMatchObject({ status: 303, headers: { 'set-cookie': [expect.stringContaining('HttpOnly')] } });
});

test('says how to start the inbox if none runs', async () => {
  const { status, stderr } = await runCommand('webhook-inbox', ['console'], { PORT: '9' });

  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining('http://127.0.0.1:9 cannot be reached. Is `npm start` running?'),
  });
});
