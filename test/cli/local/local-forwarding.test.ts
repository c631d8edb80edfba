import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { handlerKey } from '../../../cli/forwarding/handler-key.ts';
import { handlerQueue } from '../../../cli/forwarding/handler-queue.ts';
import { sendToHandler } from '../../../cli/forwarding/send-to-handler.ts';
import { httpRequest } from '../../../cli/http-request.ts';
import { localFetch } from '../../../cli/local/local-certificates.ts';
import { type LocalForwarding, localForwarding } from '../../../cli/local/local-forwarding.ts';
import { type LocalInbox, startLocalInbox } from '../../../cli/local/local-inbox.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import type { Source } from '../../../lambda/receiver/source.ts';
import { fetchedCertificates } from '../../../lambda/signature/certificates.ts';
import { signedSample } from '../../../samples/sample.ts';
import { runCommand, startCommand } from '../../support/command.ts';
import { type HandledRequest, type Handler, startHandler } from '../../support/handler.ts';

const environment = { PORT: '0', DYNAMODB_PORT: '0', WEBHOOK_SECRET_GENERIC: 'a secret of this machine' };

/** `npm start` with a handler, and its HTTP front. */
async function start(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const command = startCommand('start', args, { ...environment, ...variables });
  const [, url = ''] = await command.shows(/webhook-inbox is ready at (http:[^\s.]+\.\S+?)\. /);
  return { ...command, url };
}

async function send(inbox: { readonly url: string }, source: string, ...args: readonly string[]) {
  const variables = { ...environment, PORT: new URL(inbox.url).port };
  return await runCommand('send', [source, ...args], variables);
}

const names = Object.keys(providers) as ProviderName[];

describe('an inbox on this machine that forwards', () => {
  let handler: Handler;
  let inbox: LocalInbox;
  let forwarding: LocalForwarding;
  beforeAll(async () => {
    handler = await startHandler();
    const queue = handlerQueue({ send: sendToHandler, report: () => undefined });
    const url = `${handler.url}/hooks/{source}`;
    forwarding = localForwarding({ url, form: 'delivery', queue, environment: {}, dropped: () => undefined });
    inbox = await startLocalInbox({ port: 0, dynamodbPort: 0, environment: {}, report: () => undefined, forwarding });
  });
  afterAll(async () => {
    await inbox.stop();
    await forwarding.stop();
    await handler[Symbol.asyncDispose]();
  });

  it.each(names)('sends a delivery of %s that the same code verifies with the key of this machine', async (name) => {
    const source = inbox.sources.get(name);
    if (!source) throw new Error(name);
    const url = source.publicUrl ?? '';
    const seed = randomUUID();
    const sent = signedSample(source, { key: handlerKey({}, source).signing, url, now: Date.now(), seed });
    const count = handler.requests.length;
    expect((await fetch(httpRequest(sent, url))).ok).toBe(true);
    const request = (await handler.got(count + 1))[count];
    if (!request) throw new Error('The handler got nothing.');
    expect(new URL(request.url, handler.url).pathname).toBe(`/hooks/${name}`);
    expect(request.headers['inbox-source']).toBe(name);
    if (!SIGNED_IN_BODY.includes(name)) expect(String(request.body)).toBe(String(sent.body));
    expect(await verdictOn(request, source, `${handler.url}/hooks/${name}`)).toBe('valid');
  });
});

/** Signing changes their bodies. */
const SIGNED_IN_BODY: readonly string[] = ['adyen', 'app-store', 'linear', 'mailgun', 'microsoft-graph', 'sns'];

/** The verdict of a source's scheme on what a handler got, with the key that a handler of this machine has. */
function verdictOn({ method, url, headers, body }: HandledRequest, source: Source, handlerUrl: string) {
  const values = Object.entries(headers).map(([name, value]) => [name, [String(value)]] as const);
  const query = new URL(url, handlerUrl).searchParams;
  const request = { method, url: handlerUrl, query, headers: new Map(values), body };
  const secret = handlerKey({}, source).generated ?? '';
  const fetched = localFetch(new Map([[source.name, source]]));
  const published = { fetch: fetched, certificates: fetchedCertificates(fetched) };
  return source.provider.signature.verify(request, {
    secret,
    now: Date.now(),
    settings: source.settings,
    ...published,
  });
}

describe('npm start --forward-to', () => {
  it('sends the body to the byte, with its content type and the headers that the provider declares', async () => {
    await using handler = await startHandler();
    await using inbox = await start(['--forward-to', handler.url]);
    await send(inbox, 'github');
    const [request] = await handler.got(1);
    expect(String(request?.body)).toContain('"title":"It works 🎉"');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-github-hook-id': '292430182',
    });
  });

  it('forwards an event once, and shows the status of the answer', async () => {
    await using handler = await startHandler(() => 204);
    await using inbox = await start([], { FORWARD_TO: handler.url });
    await inbox.shows(/Forwarding to http:\S+: deliveries, signed again/);
    await send(inbox, 'generic');
    await inbox.shows(/→ generic sample-\S+: 204 in [\d.]+ ms\n/);
    await send(inbox, 'generic');
    await inbox.shows(/generic duplicate/);
    await send(inbox, 'generic', '--new');
    await inbox.shows(/→[\s\S]*→ generic \S+: 204/);
    expect(handler.requests).toHaveLength(2);
  });

  it('sends the event of the bus with --as event, as an API destination does', async () => {
    await using handler = await startHandler();
    await using inbox = await start(['--forward-to', handler.url, '--as', 'event']);
    await send(inbox, 'stripe');
    const [request] = await handler.got(1);
    expect(request?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(String(request?.body))).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'invoice.paid',
      source: 'webhook-inbox.stripe',
      account: '000000000000',
      time: expect.stringMatching(/^[\d-]+T[\d:]+Z$/),
      region: 'us-east-1',
      resources: [],
      detail: expect.objectContaining({
        provider: 'stripe',
        payload: expect.objectContaining({ type: 'invoice.paid' }),
      }),
    });
  });

  it('answers as ever while the handler fails, and sends the event again', async () => {
    const statuses = [500];
    await using handler = await startHandler(() => statuses.shift() ?? 200);
    await using inbox = await start(['--forward-to', handler.url]);
    expect((await send(inbox, 'generic')).stdout).toMatch(/^200 \{"status":"processed"/);
    await inbox.shows(/: 500 in [\d.]+ ms, attempt 1 of 5, next in 1 s\n/);
    await inbox.shows(/: 200 in [\d.]+ ms, attempt 2\n/);
  });

  it('says that it does not follow a redirect', async () => {
    await using handler = await startHandler(() => 302);
    await using inbox = await start(['--forward-to', handler.url]);
    await send(inbox, 'generic');
    await inbox.shows(/: 302 \(a redirect, which is not followed\) in [\d.]+ ms, attempt 1 of 5, next in 1 s\n/);
  });

  it('reports what the handler has not got when it stops', async () => {
    const gone = await startHandler();
    await gone[Symbol.asyncDispose]();
    await using inbox = await start(['--forward-to', gone.url]);
    expect((await send(inbox, 'generic')).stdout).toMatch(/^200 /);
    await inbox.shows(/→ generic \S+: no handler: .*ECONNREFUSED.*; waiting for it/);
    inbox.interrupt();
    expect(await inbox.ended).toMatchObject({ status: 0, stderr: expect.stringMatching(/^Not forwarded: 1, /) });
  });

  it('reports at its end what a handler has not taken that never answers', async () => {
    const got = Promise.withResolvers<void>();
    await using handler = await startHandler(() => {
      got.resolve();
      return new Promise(() => undefined);
    });
    await using inbox = await start(['--forward-to', handler.url]);
    await send(inbox, 'generic');
    await got.promise;
    inbox.interrupt();
    expect(await inbox.ended).toMatchObject({ status: 0, stderr: expect.stringMatching(/^Not forwarded: 1, /) });
  });

  it.each([
    [
      'an unknown form',
      ['--forward-to', 'http://localhost:4000', '--as', 'mail'],
      /^--as "mail" is unknown\. It is delivery or event\.\n$/,
    ],
    ['a form without a URL', ['--as', 'event'], /^--as is for --forward-to URL, which is missing\.\n$/],
    ['a URL that is none', ['--forward-to', 'localhost'], /^--forward-to "localhost" is not a URL\./],
  ])('refuses %s', async (_, args, message) => {
    expect(await runCommand('start', args, environment)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(message),
    });
  });
});
