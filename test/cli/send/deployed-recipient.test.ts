import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { listen, readBytes } from '../../../cli/local/http.ts';
import { providers } from '../../../lambda/providers/index.ts';
import type { SourceConfigs } from '../../../lambda/receiver/config.ts';
import { type AwsAnswer, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { nothingPublished } from '../../support/certificates.ts';
import { runCommand } from '../../support/command.ts';
import { startReceiver } from '../../support/receiver-services.ts';

const SECRET = 'never-to-be-shown';
const PUBLIC_URL = 'https://hooks.example.com/square';
const SOURCES: SourceConfigs = {
  'stripe-eu': { provider: 'stripe' },
  shop: { provider: 'square', publicUrl: PUBLIC_URL },
  till: { provider: 'square' },
  code: { provider: 'gitlab' },
  mail: { provider: 'sendgrid' },
  team: { provider: 'stripe', secretId: 'team/stripe' },
  stored: { provider: 'stripe', parameterName: '/team/stripe' },
  topics: { provider: 'sns', settings: { topicArn: 'arn:aws:sns:eu-west-1:111122223333:topics' } },
};

interface ReceivedRequest {
  readonly url: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

interface AwsOptions {
  readonly secret?: AwsAnswer;
  /** The status that the API answers. @default 200 */
  readonly status?: number;
  /** The outputs of the inbox that differ. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** A deployed inbox, whose API keeps the requests that it gets. */
async function startAws({ secret = { SecretString: `${SECRET}\n` }, status = 200, outputs }: AwsOptions = {}) {
  const received: ReceivedRequest[] = [];
  const api = createServer(async (request, response) => {
    const headers = new Map(Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values]));
    received.push({ url: request.url ?? '', headers, body: (await readBytes(request, 1_000_000)) ?? Buffer.alloc(0) });
    response.writeHead(status, { Location: '/elsewhere' }).end('{"status":"processed"}');
  });
  const endpoint = await listen(api, 0);
  const receiver = await startReceiver();
  const inbox = { ReceiverName: 'Receiver', UrlPrefix: `${endpoint}/prod/webhooks/`, ...outputs };
  const aws = await startAwsEndpoint(
    inbox,
    { GetSecretValue: () => secret, GetParameter: () => ({ Parameter: { Value: `${SECRET}\n` } }) },
    SOURCES,
  );
  return {
    endpoint,
    received,
    calls: aws.calls,
    environment: { ...aws.environment, ...receiver.environment },
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
      api.closeAllConnections();
      await new Promise((resolve) => api.close(resolve));
    },
  };
}

/** Whatever happens, the secret is not shown. */
async function runSend(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const ended = await runCommand('send', [...args, '--stack', 'Hooks'], environment);
  expect(ended.stdout + ended.stderr).not.toContain(SECRET);
  expect(ended.stderr).not.toContain('    at ');
  return ended;
}

/** The verdict of the receiver's scheme on a request, which the provider was given this URL for. */
function verdictOn(received: ReceivedRequest | undefined, provider: 'stripe' | 'square' | 'gitlab', url: string) {
  if (!received) throw new Error('no request was received');
  const request = { ...received, method: 'POST', url, query: new URL(url).searchParams };
  return providers[provider]().signature.verify(request, {
    secret: SECRET,
    now: Date.now(),
    settings: {},
    ...nothingPublished,
  });
}

describe('npm run send to a deployed source', () => {
  it('signs with the secret of the source, and posts to its URL', async () => {
    await using aws = await startAws();
    const ended = await runSend(['stripe-eu'], aws.environment);
    expect(ended).toEqual({ status: 0, stdout: '200 {"status":"processed"}\n', stderr: '' });
    expect(aws.calls).toEqual([{ operation: 'GetSecretValue', input: { SecretId: 'Hooks/Inbox/stripe-eu' } }]);
    expect(aws.received.map(({ url }) => url)).toEqual(['/prod/webhooks/stripe-eu']);
    expect(verdictOn(aws.received[0], 'stripe', 'https://unused')).toBe('valid');
  });

  it.each([
    ['team', { operation: 'GetSecretValue', input: { SecretId: 'team/stripe' } }],
    ['stored', { operation: 'GetParameter', input: { Name: '/team/stripe', WithDecryption: true } }],
  ])('signs with the existing secret of %s', async (source, call) => {
    await using aws = await startAws();
    expect(await runSend([source], aws.environment)).toMatchObject({ status: 0, stderr: '' });
    expect(aws.calls).toEqual([call]);
    expect(verdictOn(aws.received[0], 'stripe', 'https://unused')).toBe('valid');
  });

  it('signs the URL that the provider was given', async () => {
    await using aws = await startAws();
    await runSend(['till'], aws.environment);
    await runSend(['shop'], aws.environment);
    await runSend(['shop', '--url', `${aws.endpoint}/proxy`], aws.environment);
    const [till, shop, proxied] = aws.received;
    expect([till?.url, shop?.url, proxied?.url]).toEqual(['/prod/webhooks/till', '/prod/webhooks/shop', '/proxy']);
    expect(verdictOn(till, 'square', `${aws.endpoint}/prod/webhooks/till`)).toBe('valid');
    expect(verdictOn(shop, 'square', PUBLIC_URL)).toBe('valid');
    expect(verdictOn(proxied, 'square', `${aws.endpoint}/proxy`)).toBe('valid');
  });

  it('exits with 1 if the request is refused, and follows no redirect, which could take a token elsewhere', async () => {
    await using aws = await startAws({ status: 307 });
    expect(await runSend(['code'], aws.environment)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^307 /),
    });
    expect(aws.received).toHaveLength(1);
  });

  it.each<[string, readonly string[], AwsOptions, RegExp]>([
    ['an unknown source', ['stripe-us'], {}, /^Unknown source "stripe-us", did you mean stripe-eu\?\n$/],
    [
      'no source',
      [],
      {},
      /^Name a source\. The sources are: stripe-eu, shop, till, code, mail, team, stored, topics\.\n$/,
    ],
    [
      'a source whose provider signs with a private key',
      ['mail'],
      {},
      /^Only the provider can sign for mail: .* key\.\n$/,
    ],
    [
      'a source whose provider signs with a certificate',
      ['topics'],
      {},
      /^Only the provider can sign for topics: .* cert/,
    ],
    [
      'an empty secret',
      ['code'],
      { secret: { SecretString: ' \n' } },
      /^Hooks\/Inbox\/code is empty: .*npm run secret\.\n$/,
    ],
    [
      'a source that waits for the handshake with its secret',
      ['code'],
      { secret: { SecretString: 'handshake-key:AAAA' } },
      /^Hooks\/Inbox\/code waits for the handshake that hands out the secret\.\n$/,
    ],
    [
      'a secret that may not be read',
      ['code'],
      { secret: { __type: 'AccessDeniedException', message: 'not authorized' } },
      /^Could not read the secret Hooks\/Inbox\/code\. Access denied: not authorized\n$/,
    ],
    [
      'a secret that no header can hold',
      ['code'],
      { secret: { SecretString: `${SECRET}\n${SECRET}` } },
      /^The request could not be signed\. Hooks\/Inbox\/code does not hold a signing secret of gitlab: /,
    ],
    [
      'an inbox of an older version',
      ['code'],
      { outputs: { UrlPrefix: '' } },
      /^The inbox has no output UrlPrefix: deploy/,
    ],
    [
      'an API that cannot be reached',
      ['code'],
      { outputs: { UrlPrefix: 'http://127.0.0.1:1/' } },
      /^http:\/\/127\.0\.0\.1:1\/code cannot be reached: bad port\. Is the inbox deployed/,
    ],
  ])('refuses %s, and prints the reason', async (_, args, options, message) => {
    await using aws = await startAws(options);
    const { status, stdout, stderr } = await runSend(args, aws.environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(aws.received).toEqual([]);
  });

  it('does not read the secret if it cannot sign', async () => {
    await using aws = await startAws();
    await runSend(['mail'], aws.environment);
    expect(aws.calls).toEqual([]);
  });
});
