import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type LocalInbox, startLocalInbox } from '../../../cli/local/local-inbox.ts';
import { runCommand } from '../../support/command.ts';
import { startHandler } from '../../support/handler.ts';
import { exchange } from '../../support/http.ts';
import { curlRequest } from '../../support/shell.ts';

const keysOfStripe = { WEBHOOK_SECRET_STRIPE: 'whsec_a_secret_of_this_machine' };
const keysOfTwilio = { WEBHOOK_SECRET_TWILIO: 'a token of this machine' };
const environment = { WEBHOOK_SECRET_GENERIC: 'a secret of this machine' };

async function startInbox(variables: NodeJS.ProcessEnv = environment): Promise<LocalInbox & AsyncDisposable> {
  const options = { port: 0, dynamodbPort: 0, environment: variables, report: () => undefined };
  const inbox = await startLocalInbox(options);
  return { ...inbox, [Symbol.asyncDispose]: async () => void (await inbox.stop()) };
}

describe('npm run send', () => {
  it('sends the sample of a provider, signed', async () => {
    await using inbox = await startInbox();
    const args = ['generic', '--url', `${inbox.url}/webhooks/generic`];
    const first = await runCommand('send', args, environment);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/^200 \{"status":"processed","event_id":"sample-[\d-]+"\}\n$/);
    expect((await runCommand('send', args, environment)).stdout).toMatch(/^200 \{"status":"duplicate"/);
  });

  it('sends a new event each time with --new', async () => {
    await using inbox = await startInbox();
    const args = ['generic', '--new', '--url', `${inbox.url}/webhooks/generic`];
    const responses = [await runCommand('send', args, environment), await runCommand('send', args, environment)];
    const [first, second] = responses.map(({ stdout }) => JSON.parse(stdout.slice('200 '.length)));
    expect([first.status, second.status]).toEqual(['processed', 'processed']);
    expect(second.event_id).not.toBe(first.event_id);
  });

  it('sends to the port of npm start if no URL is given', async () => {
    await using inbox = await startInbox();
    const { stdout } = await runCommand('send', ['generic'], { ...environment, PORT: new URL(inbox.url).port });
    expect(stdout).toMatch(/^200 /);
  });

  it('signs PUBLIC_URL, and sends to this machine', async () => {
    const keys = { WEBHOOK_SECRET_SQUARE: 'a signature key' };
    const publicUrl = { ...keys, PUBLIC_URL: 'https://hooks.example.com/' };
    await using inbox = await startInbox(publicUrl);
    const { port } = new URL(inbox.url);
    expect((await runCommand('send', ['square'], { ...publicUrl, PORT: port })).stdout).toMatch(/^200 /);
    expect((await runCommand('send', ['square'], { ...keys, PORT: port })).stdout).toMatch(/^401 /);
  });

  it.each([
    ['a small file', ''],
    ['a file of 3 MB', 'x'.repeat(3_000_000)],
  ])('sends the bytes of %s unchanged', async (_, note) => {
    await using inbox = await startInbox();
    const folder = mkdtempSync(join(tmpdir(), 'send-'));
    const file = join(folder, 'body.json');
    const fields = { event_id: 'from-a-file', user_id: '🦉', action: 'a', timestamp: Math.floor(Date.now() / 1000) };
    writeFileSync(file, `${JSON.stringify({ ...fields, note }, undefined, 1)}\n`);
    const args = ['generic', '--file', file, '--url', `${inbox.url}/webhooks/generic`];
    const { stdout } = await runCommand('send', args, environment);
    rmSync(folder, { recursive: true });
    expect(stdout).toBe('200 {"status":"processed","event_id":"from-a-file"}\n');
  });

  it('exits with 1 if the request is refused, and prints the response', async () => {
    await using inbox = await startInbox();
    const args = ['generic', '--url', `${inbox.url}/webhooks/generic`];
    const { status, stdout } = await runCommand('send', args, { WEBHOOK_SECRET_GENERIC: 'another' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^401 .*"code":"invalid_signature"/);
  });

  it('explains that no server is running', async () => {
    const { url, stop } = await startInbox();
    await stop();
    const { status, stderr } = await runCommand('send', ['generic', '--url', url], environment);
    expect(status).toBe(1);
    expect(stderr).toMatch(/cannot be reached: .*ECONNREFUSED.* Is `npm start` running\?\n$/);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['a type', 'checkout.session.completed'],
    ['a name', 'checkout-session-completed'],
  ])('sends the sample of %s', async (_, type) => {
    await using inbox = await startInbox(keysOfStripe);
    const args = ['stripe', '--type', type, '--url', `${inbox.url}/webhooks/stripe`];
    const { stdout } = await runCommand('send', args, keysOfStripe);
    expect(stdout).toMatch(/"event_id":"evt_1QCheckoutSample/);
  });

  it('sets fields of the sample, and signs the result', async () => {
    await using inbox = await startInbox(keysOfStripe);
    await using handler = await startHandler();
    const set = ['--set', 'data.object.amount_paid=1', '--set', 'id=evt_set', '--set', 'data.object.note={"a":[1]}'];
    const there = await runCommand('send', ['stripe', ...set, '--url', `${inbox.url}/webhooks/stripe`], keysOfStripe);
    expect(there.stdout).toBe('200 {"status":"processed","event_id":"evt_set"}\n');
    expect(there.stderr).toBe('The sample has no field data.object.note: it is added.\n');
    await runCommand('send', ['stripe', ...set, '--url', handler.url], keysOfStripe);
    const { data, ...rest } = JSON.parse(String(handler.requests[0]?.body));
    expect(data.object).toMatchObject({ amount_paid: 1, currency: 'eur', note: { a: [1] } });
    expect(rest).toMatchObject({ id: 'evt_set', type: 'invoice.paid' });
  });

  it('sets parameters of a form', async () => {
    await using inbox = await startInbox(keysOfTwilio);
    const url = `${inbox.url}/webhooks/twilio`;
    const { stdout } = await runCommand('send', ['twilio', '--set', 'Body=Ahoy & more', '--url', url], keysOfTwilio);
    expect(stdout).toMatch(/^200 /);
  });

  it('prints the signed request as a command, which a shell sends to the same effect', async () => {
    await using inbox = await startInbox(keysOfStripe);
    const url = `${inbox.url}/webhooks/stripe`;
    const { stdout } = await runCommand('send', ['stripe', '--print', '--url', url], keysOfStripe);
    expect(stdout).not.toContain(keysOfStripe.WEBHOOK_SECRET_STRIPE);
    const { url: printed, headers, body } = curlRequest(stdout.trimEnd());
    expect(JSON.parse((await exchange(printed, { headers, body })).text)).toMatchObject({ status: 'processed' });
  });

  it.each([
    ['gitlab', 'WEBHOOK_SECRET_GITLAB', 'a-token-of-gitlab'],
    ['okta', 'WEBHOOK_SECRET_OKTA', 'a-secret-of-okta'],
    ['chargebee', 'WEBHOOK_SECRET_CHARGEBEE', 'user:a-password'],
  ])('does not print a request of %s, which holds the secret', async (source, variable, secret) => {
    const { status, stdout, stderr } = await runCommand('send', [source, '--print'], { [variable]: secret });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/sends the secret itself with each request, so it is not printed\.\n$/);
    expect(stderr).not.toContain(secret);
  });

  it('prints its help', async () => {
    const { status, stdout } = await runCommand('send', ['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain(
      'npm run send -- <source> [--new] [--type TYPE] [--set PATH=VALUE]... [--url URL] [--print]',
    );
  });

  it.each([
    ['a mistyped source', ['Stripe'], /^Unknown source "Stripe", did you mean stripe\?\n$/],
    [
      'an unknown source',
      ['nobody'],
      /^Unknown source "nobody"\. The sources are: .*generic.*\.\nSources of your own: --config FILE\. .*: --stack NAME\.\n$/,
    ],
    ['a name that objects have', ['constructor'], /^Unknown source "constructor"\. /],
    ['no source', [], /^Name a source\. The sources are: .*generic.*\.\nSources of your own: --config FILE\./],
    ['two sources', ['generic', 'generic'], /^Name one source only, not 2\.\n\n/],
    ['a URL that is none', ['generic', '--url', 'nonsense'], /^--url "nonsense" is not a URL\. [^\n]+\n$/],
    ['a URL of another scheme', ['generic', '--url', 'ftp://x'], /^--url "ftp:\/\/x" is not an http or https URL\.\n$/],
    ['a new sample from a file', ['generic', '--new', '--file', 'body.json'], /^--new changes the ids in the sample/],
    ['a folder as the body', ['generic', '--file', '/'], /^--file \/ cannot be read: illegal operation on a directory/],
    [
      'an unknown type',
      ['stripe', '--type', 'invoice.payed'],
      /^There is no sample of the type "invoice\.payed", did you mean invoice\.paid\? The samples of stripe are: invoice\.paid \(invoice-paid\); /,
    ],
    [
      'a path that is wrong',
      ['stripe', '--set', 'data.subject.amount=1'],
      /^--set: there is no field data\.subject\. data has: object\.\n$/,
    ],
    [
      'a path beyond a value',
      ['stripe', '--set', 'type.name=1'],
      /^--set: there is no field type\.name\. type has no fields\.\n$/,
    ],
    [
      'a field of prototypes',
      ['stripe', '--set', '__proto__.x=1'],
      /^--set: there is no field __proto__\. The body has: id, /,
    ],
    ['an index beyond a list', ['sendgrid', '--set', '9.event=open'], /^--set: there is no field 9\. The body has: 0/],
    ['a path without a value', ['stripe', '--set', 'type'], /^--set "type" is not path=value, such as/],
    [
      'a type from a file',
      ['generic', '--type', 'a', '--file', 'body.json'],
      /^--type and --set are for samples, not for --file\.\n$/,
    ],
    ['an unknown option', ['generic', '--secret', 'x'], /^Unknown option '--secret'\.\n\nSends a request/],
    [
      'a mistyped option',
      ['generic', '--prnt'],
      /^Unknown option '--prnt', did you mean --print\? All options: --help\.\n$/,
    ],
    [
      'a missing file',
      ['generic', '--file', '/nowhere/body.json'],
      /^--file \/nowhere\/body\.json cannot be read: no such file or directory\.\n$/,
    ],
  ])('refuses %s, and prints the reason', async (_, args, message) => {
    const { status, stderr, stdout } = await runCommand('send', args, environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });
});
