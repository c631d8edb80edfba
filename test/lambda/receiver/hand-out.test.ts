import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { generateHandshakeKeyPair, handshakeKeyValue } from '../../../cli/operate/handshake/handshake-key-pair.ts';
import { handsOut, NO_CONTENT } from '../../../lambda/providers/handshake.ts';
import { type SecretResult, secretResult } from '../../../lambda/secrets/signing-secret.ts';
import { cloudwatchReport } from '../../../lambda/telemetry/cloudwatch-report.ts';
import { customDefinitions } from '../../../samples/custom-definitions.ts';
import { NOW } from '../../support/generic-event.ts';
import type { RawHeaders } from '../../support/http.ts';
import { startInbox, type TestInbox } from '../../support/inbox.ts';
import { expectProblem } from '../../support/problem.ts';

const SECRET = 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81';
const EVENT = '{"events":[{"action":"changed","created_at":"2026-03-01T11:59:00.000Z","resource":{"gid":"1"}}]}';
const pair = await generateHandshakeKeyPair();
const KEY = handshakeKeyValue(pair, false);
const waiting = (previous?: string) =>
  secretResult(KEY, previous === undefined ? undefined : { value: previous, acceptedUntil: NOW + 60_000 });

/** A source with the scheme of Asana, over HTTP. How its secret is read can be changed. */
async function open(first: SecretResult, definition = customDefinitions.asana) {
  const store = { result: first, reads: 0 };
  const inbox = await startInbox({
    definition,
    readSecret: async () => {
      store.reads += 1;
      return store.result;
    },
  });
  return { ...inbox, store };
}

const handshake = (secret: string, more: RawHeaders = [], body = '{}') => ({
  headers: [['Content-Type', 'application/json'], ['X-Hook-Secret', secret], ...more] as RawHeaders,
  body,
});

const delivery = (key: string) => ({
  headers: [
    ['Content-Type', 'application/json'],
    ['X-Hook-Signature', createHmac('sha256', key).update(EVENT).digest('hex')],
  ] as RawHeaders,
  body: EVENT,
});

/** All lines that the deployed receiver would have logged. */
function logOf({ reports }: Pick<TestInbox, 'reports'>): string {
  const lines: string[] = [];
  const report = cloudwatchReport(
    'Hooks/Inbox',
    (line) => lines.push(line),
    () => NOW,
  );
  for (const each of reports) report(each);
  return lines.join('');
}

describe('A handshake that hands out the secret', () => {
  it.each<[string, SecretResult]>([
    ['has a secret', { secret: { current: 'the present secret' } }],
    ['has none', { unavailable: { reason: 'secret_missing' } }],
    ['has one that cannot be read', { unavailable: { reason: 'secret_unreachable' } }],
    ['is waited for', waiting()],
  ])('is answered with the same header if the source %s, and the log does not show the secret', async (_, result) => {
    await using inbox = await open(result);
    const response = await inbox.post(handshake(SECRET));
    expect([response.status, response.text]).toEqual([200, '']);
    expect(response.headers).toMatchObject({ 'x-hook-secret': SECRET, 'inbox-status': 'handshake' });
    expect(logOf(inbox)).toContain('"outcome":"handshake"');
    expect(logOf(inbox)).not.toContain(SECRET);
    expect(await inbox.items()).toEqual([]);
    expect(await inbox.quarantined()).toEqual([]);
  });

  it('is answered without the secret if the sender wants it in no header, as Notion', async () => {
    await using inbox = await open(waiting(), customDefinitions.notion);
    const response = await inbox.post(handshake('', [], JSON.stringify({ verification_token: SECRET })));
    expect([response.status, response.text]).toEqual([200, '']);
    expect(JSON.stringify(response.headers)).not.toContain(SECRET);
    expect(pair.open(inbox.reports[0]?.sealedSecret ?? '')).toBe(SECRET);
  });

  it('is sealed in the log for the operator who waits, and only for him', async () => {
    await using inbox = await open(waiting());
    await inbox.post(handshake(SECRET));
    const { sealed_secret: sealed } = JSON.parse(logOf(inbox).split('\n')[0] ?? '');
    expect(pair.open(sealed)).toBe(SECRET);
    inbox.store.result = { secret: { current: 'the present secret' } };
    inbox.clock.now += 2_000;
    await inbox.post(handshake(SECRET));
    expect(inbox.reports[1]?.sealedSecret).toBeUndefined();
  });

  it('finds the key of an operator although the receiver has a secret in its cache', async () => {
    await using inbox = await open({ secret: { current: 'the present secret' } });
    expect((await inbox.post(delivery('the present secret'))).status).toBe(200);
    inbox.store.result = waiting('the present secret');
    inbox.clock.now += 2_000;
    await inbox.post(handshake(SECRET));
    expect(pair.open(inbox.reports[1]?.sealedSecret ?? '')).toBe(SECRET);
  });

  it('is one read of the secret in 2 seconds, however many come', async () => {
    await using inbox = await open(waiting());
    for (let count = 0; count < 20; count += 1) await inbox.post(handshake(`${SECRET.slice(0, 60)}${count}`));
    expect(inbox.store.reads).toBe(1);
  });

  it.each([
    ['of 129 characters', handshake('a'.repeat(129))],
    ['of 15 characters', handshake('a'.repeat(15))],
    ['of 7,000 characters', handshake('a'.repeat(7_000))],
    ['with a space', handshake(`${SECRET} b`)],
    ['with markup', handshake(`<script>${SECRET}`)],
    ['with a character beyond ASCII', handshake(`${SECRET}\u00e9`)],
    ['that begins as the key of an operator', handshake(`handshake-key:${SECRET}`)],
    ['that comes twice', handshake(SECRET, [['X-Hook-Secret', SECRET]])],
    ['beside a signature, which is that of an event', handshake(SECRET, [['X-Hook-Signature', 'a'.repeat(64)]])],
  ])('is none with a secret %s: the response is that to an unsigned request', async (_, request) => {
    await using inbox = await open({ secret: { current: 'the present secret' } });
    const response = await inbox.post(request);
    expectProblem(response, 401, 'invalid_signature');
    expect(response.headers).not.toHaveProperty('x-hook-secret');
  });

  it('never verifies anything: neither with what was handed out, nor with the stored key', async () => {
    await using inbox = await open(waiting());
    await inbox.post(handshake(SECRET));
    for (const key of [SECRET, KEY, pair.publicKey, '']) {
      expectProblem(await inbox.post(delivery(key)), 503, 'temporarily_unavailable');
    }
    expect(inbox.reports.slice(1).map(({ reason }) => reason)).toEqual(Array(4).fill('secret_awaits_handshake'));
    expect(await inbox.items()).toEqual([]);
  });

  it('leaves the former secret accepted while an operator waits', async () => {
    await using inbox = await open(waiting('the former secret'));
    expect((await inbox.post(delivery('the former secret'))).status).toBe(200);
    expectProblem(await inbox.post(delivery(SECRET)), 503, 'temporarily_unavailable');
    expect(inbox.reports.map(({ outcome, usedPreviousSecret }) => [outcome, usedPreviousSecret])).toEqual([
      ['processed', true],
      ['unavailable', false],
    ]);
    inbox.store.result = secretResult(SECRET, undefined);
    inbox.clock.now += 2_000;
    expect((await inbox.post(delivery(SECRET))).headers).toMatchObject({ 'inbox-status': 'duplicate' });
  });
});

describe('The header that repeats the secret', () => {
  const answerWith = (header: string, secret = SECRET) =>
    handsOut({ check: '', read: () => ({ secret, response: NO_CONTENT, header }) }).read({
      method: 'POST',
      query: new URLSearchParams(),
      headers: new Map(),
      body: Buffer.alloc(0),
      settings: {},
    });

  it('begins with X-', () => {
    expect(answerWith('X-Hook-Secret')).toMatchObject({ header: 'X-Hook-Secret' });
  });

  it('holds no secret of a form that is unsafe there, whatever a provider reads', () => {
    for (const secret of ['short', `${SECRET}\r\nX-Other: a`, `handshake-key:${SECRET}`]) {
      expect(answerWith('X-Hook-Secret', secret)).toBeUndefined();
    }
  });

  it.each([
    'X-Hook-Secret: b\r\nX-Other',
    'X-Hook-Secret\n',
    'Set-Cookie',
    'Location',
    'content-type',
    'x-content-type-options',
    `X-${'a'.repeat(63)}`,
  ])('may not be %j', (header) => {
    expect(() => answerWith(header)).toThrow(TypeError);
  });
});
