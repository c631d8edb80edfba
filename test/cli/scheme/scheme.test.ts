import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { MAX_TRIES } from '../../../cli/scheme/tries.ts';
import { runCommand } from '../../support/command.ts';
import { captured, diagnosisOf, NOW, printed, signed, urlOf } from './captured-samples.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'scheme-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

function fileOf(name: string, bytes: Buffer): string {
  const file = join(FOLDER, name);
  writeFileSync(file, bytes);
  return file;
}

const AT = ['--at', new Date(NOW).toISOString()];

describe('webhook-inbox scheme', () => {
  it('prints the source of a provider, with exit status 0', async () => {
    const { request, keys } = signed('square');
    const file = fileOf('square.http', captured(request));
    const { status, stdout, stderr } = await runCommand('scheme', ['--request', file], {}, `${keys.verification}\n`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('Verified: Square.');
    expect(stdout).toContain(`  "square": {\n    "provider": "square",\n    "publicUrl": "${urlOf('square')}"\n  }`);
    expect(stdout).not.toContain(keys.verification);
  });

  it('prints the nearest cause, with exit status 1, and nothing of the secret or the body', async () => {
    const { request, keys } = signed('github');
    const body = Buffer.from(JSON.stringify(JSON.parse(request.body.toString()), null, 2));
    const file = fileOf('github.http', captured({ ...request, body }));
    const { status, stdout } = await runCommand('scheme', ['--request', file], {}, keys.verification);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^Nothing verifies this request as it is \([\d,]+ tries\)\.\n\n.*likeliest first:\n\n1\. .*\[body-serialised\]/s,
    );
    expect(stdout).toContain('"provider": "github"');
    for (const hidden of [keys.verification, 'mona', 'It works']) expect(stdout).not.toContain(hidden);
  });

  it('prints no secret that the URL of the request holds, in whatever form', async () => {
    const secret = 'a secret/with "marks"';
    const url = `https://a.example/hook/${encodeURIComponent(secret)}`;
    const mac = createHmac('sha256', secret).update(`${url}{"id":"1"}`).digest('hex');
    const text = `POST ${url} HTTP/1.1\nContent-Type: application/json\nX-Sig: ${mac}\n\n{"id":"1"}`;
    const { status, stdout } = await runCommand(
      'scheme',
      ['--request', fileOf('url.http', Buffer.from(text))],
      {},
      secret,
    );
    expect(status).toBe(0);
    expect(stdout).toContain('"publicUrl": "https://a.example/hook/…"');
  });

  it('takes the exact bytes of the body from a file', async () => {
    const { request, keys } = signed('github');
    const file = fileOf('other.http', captured({ ...request, body: Buffer.from('lost') }));
    const args = ['--request', file, '--body', fileOf('body.json', request.body)];
    expect((await runCommand('scheme', args, {}, keys.verification)).stdout).toContain('Verified: GitHub.');
  });

  it('takes the time of arrival from --at or the Date header', async () => {
    const { request, keys } = signed('slack');
    const bytes = captured(request);
    const inTime = await runCommand('scheme', ['--request', fileOf('slack.http', bytes), ...AT], {}, keys.verification);
    expect(inTime).toMatchObject({ status: 0, stdout: expect.not.stringContaining('It was signed') });
    const date = new Date(NOW + 3_600_000).toUTCString();
    const dated = Buffer.from(bytes.toString('latin1').replace('\r\n', `\r\nDate: ${date}\r\n`), 'latin1');
    const late = await runCommand('scheme', ['--request', fileOf('dated.http', dated)], {}, keys.verification);
    expect(late).toMatchObject({ status: 1, stdout: expect.stringContaining('3,600 s before it arrived [clock-off]') });
  });

  it.each(['slack', 'stripe', 'hubspot', 'svix', 'zendesk', 'linear'] as const)(
    'verifies an old request of %s if its time of arrival is unknown, and says how old it is',
    async (name) => {
      const { request, keys } = signed(name);
      const old = { arrivedAt: undefined, now: NOW + 86_400_000 };
      const diagnosis = await diagnosisOf(captured(request), keys.verification, old);
      expect(diagnosis.match?.providers[0]?.name).toBe(name);
      expect(printed(diagnosis)).toMatch(/It was signed 86,?400 s ago\./);
    },
  );

  it('says where a provider publishes what its signatures are verified with', async () => {
    const file = fileOf('paypal.http', captured(signed('paypal').request));
    const { status, stdout } = await runCommand('scheme', ['--request', file, '--no-secret', ...AT], {}, '');
    expect(status).toBe(1);
    expect(stdout).toMatch(/paypal, from https:\/\/api\.paypal\.com\/v1\/notifications\/certs\/\S+ \[certificate\]/);
  });

  it.each([
    ['no request', [], /^Name the file of the request with --request\./],
    ['a file that is not there', ['--request', 'nowhere.http'], /^--request nowhere\.http cannot be read: /],
    ['a time that is none', ['--request', 'FILE', '--at', 'yesterday'], /^--at is no time/],
    ['a setting without a value', ['--request', 'FILE', '--setting', 'webhookId'], /^--setting needs NAME=VALUE\./],
    ['a secret as an argument', ['--request', 'FILE', 'hush'], /^This command takes options only\./],
    ['an empty secret', ['--request', 'FILE'], /^The secret is empty\./],
  ])('refuses %s', async (_, args, message) => {
    const file = fileOf('any.http', captured(signed('github').request));
    const given = args.map((each) => (each === 'FILE' ? file : each));
    const { status, stdout, stderr } = await runCommand('scheme', given, {}, '');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('hush');
  });

  it('stops after a number of tries, of which a large body needs more', async () => {
    const { request } = signed('github');
    const items = Array.from({ length: 10_000 }, (_, index) => ({ index, text: 'é'.repeat(40) }));
    const body = Buffer.from(JSON.stringify(items, null, 1));
    const large = await diagnosisOf(captured({ ...request, body }), 'another-secret', { maxTries: 1_000 });
    expect({ used: large.tries.areUsedUp(), name: large.causes[0]?.name }).toEqual({ used: true, name: 'unknown' });
    expect(large.tries.count()).toBeLessThan(100);
    expect(printed(large)).toContain(`Not everything was tried: the limit is ${MAX_TRIES.toLocaleString('en')} tries`);
  });
});
