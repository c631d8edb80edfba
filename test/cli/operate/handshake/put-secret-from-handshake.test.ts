import { describe, expect, it } from '@jest/globals';
import { sealSecret } from '../../../../lambda/signature/seal-secret.ts';
import { cloudwatchReport } from '../../../../lambda/telemetry/cloudwatch-report.ts';
import { type AwsAnswer, startAwsEndpoint } from '../../../support/aws-endpoint.ts';
import { startCommand } from '../../../support/command.ts';
import { startReceiver } from '../../../support/receiver-services.ts';

const SECRET = 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81';
const SOURCES = { tasks: { provider: 'asana' }, partner: { provider: 'generic' } } as const;
const denied = { __type: 'AccessDeniedException', message: 'not authorized' };

/** The line that the receiver would have logged of a handshake now. */
function lineOf(sealedSecret: string | undefined): string {
  const lines: string[] = [];
  const none = { code: undefined, reason: undefined, issues: undefined, storeMs: undefined, cause: undefined };
  const report = { ...none, requestId: 'request-1', status: 200, events: [], usedPreviousSecret: false, latencyMs: 1 };
  cloudwatchReport(
    'Hooks/Inbox',
    (line) => lines.push(line),
    Date.now,
  )({
    ...report,
    outcome: 'handshake',
    source: 'tasks',
    provider: 'asana',
    sealedSecret,
  });
  return lines.join('').split('\n')[0] ?? '';
}

/** A deployed inbox whose secrets have versions, and whose log has what `log` returns for the key in the store. */
async function start(log: (key: string) => readonly string[] | AwsAnswer, versions = ['older', 'the present secret']) {
  const receiver = await startReceiver();
  const answers = {
    GetSecretValue: ({ VersionStage }: Readonly<Record<string, unknown>>) => ({
      SecretString: versions.at(VersionStage === 'AWSPREVIOUS' ? -2 : -1),
    }),
    PutSecretValue: ({ SecretString }: Readonly<Record<string, unknown>>) => {
      versions.push(String(SecretString));
      return {};
    },
    FilterLogEvents: () => {
      const found = log(versions.at(-1) ?? '');
      return Array.isArray(found) ? { events: found.map((message) => ({ message, eventId: message })) } : { ...found };
    },
  };
  const outputs = { ReceiverName: 'Receiver', ReceiverLogGroupName: 'log' };
  const aws = await startAwsEndpoint(outputs, answers, SOURCES);
  return {
    versions,
    secret: (...args: readonly string[]) =>
      startCommand('secret', [...args, '--stack', 'Hooks'], { ...aws.environment, ...receiver.environment }),
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

const isKey = expect.stringMatching(/^handshake-key:MII[\w+/=]{500,600}$/);

describe('npm run secret -- <source> --from-handshake, without a terminal', () => {
  it('prints the secret that a handshake handed out, stores nothing, and puts the former secret back', async () => {
    const line = new Map<string, string>();
    await using inbox = await start((key) => {
      if (!key.startsWith('handshake-key:')) return [];
      if (!line.has(key)) line.set(key, lineOf(sealSecret(SECRET, key)));
      return [line.get(key) ?? ''];
    });
    await using command = inbox.secret('tasks', '--from-handshake');
    const { status, stdout, stderr } = await command.ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/holds the key of this command\. Make Asana send its handshake to tasks now\./);
    expect(stdout).toMatch(/Compare it with X-Hook-Secret in the response of Asana's API/);
    expect(stdout).toMatch(new RegExp(`^1  ${SECRET} `, 'm'));
    expect(stdout).toMatch(/Once you have checked the secret, store it: npm run secret -- tasks/);
    expect(inbox.versions).toEqual(['older', 'the present secret', isKey, 'the present secret']);
  });

  it('puts the former secret back after Ctrl-C', async () => {
    await using inbox = await start(() => []);
    await using command = inbox.secret('tasks', '--from-handshake');
    await command.shows(/holds the key/);
    command.interrupt();
    const { status, stdout } = await command.ended;
    expect(status).toBe(130);
    expect(stdout).toMatch(/Hooks\/Inbox\/tasks has its former secret again\./);
    expect(inbox.versions).toEqual(['older', 'the present secret', isKey, 'the present secret']);
  });

  it('puts the former secret back if the log cannot be read any longer', async () => {
    await using inbox = await start((key) => (key.startsWith('handshake-key:') ? denied : []));
    await using command = inbox.secret('tasks', '--from-handshake');
    const { status, stderr } = await command.ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Could not read the receiver's log\. Access denied/);
    expect(inbox.versions.at(-1)).toBe('the present secret');
  });

  it('changes nothing if the log may not be read', async () => {
    await using inbox = await start(() => denied);
    await using command = inbox.secret('tasks', '--from-handshake');
    expect((await command.ended).stderr).toMatch(/^Could not read the receiver's log\. Access denied/);
    expect(inbox.versions).toEqual(['older', 'the present secret']);
  });

  it('changes nothing if the provider hands out no secret', async () => {
    await using inbox = await start(() => []);
    await using command = inbox.secret('partner', '--from-handshake');
    expect((await command.ended).stderr).toMatch(/^Generic hands out no secret in a handshake: store it with/);
    expect(inbox.versions).toEqual(['older', 'the present secret']);
  });
});
