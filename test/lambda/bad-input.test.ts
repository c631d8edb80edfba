import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { eventJson, signatureOf, signed } from '../support/generic-event.ts';
import type { Outgoing } from '../support/http.ts';
import { startInbox, type TestInbox } from '../support/inbox.ts';
import { callLambda } from '../support/lambda-call.ts';
import { expectProblem } from '../support/problem.ts';

const valid = eventJson();
const json = ['Content-Type', 'application/json'] as const;

/** The valid event with one more field, as text that `JSON.stringify` would not write. */
const withField = (field: string) => String(valid).replace('{', `{${field},`);

async function expectNothingStoredAndStillServing(inbox: TestInbox): Promise<void> {
  expect(inbox.operations).toEqual([]);
  expect(await inbox.items()).toEqual([]);
  expect(JSON.parse((await inbox.post(signed(valid))).text)).toMatchObject({ status: 'processed' });
}

describe('A correctly signed body', () => {
  it.each<[string, Buffer | string, number]>([
    ['arrays 100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000), 400],
    ['arrays 100,000 deep in a field', withField(`"more":${'['.repeat(100_000)}${']'.repeat(100_000)}`), 400],
    ['objects 100,000 deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 400],
    ['100,000 arrays that are never closed', '['.repeat(100_000), 400],
    ['a __proto__ key', withField('"__proto__":{"admin":true}'), 400],
    ['a __proto__ key that is escaped', withField('"\\u005f_proto__":{"admin":true}'), 400],
    ['a __proto__ key further down', withField('"more":[{"__proto__":{"event_id":"x"}}]'), 400],
    ['all fields inside a __proto__', `{"__proto__":${valid}}`, 400],
    ['bytes that are not UTF-8', Buffer.concat([valid, Buffer.from([0xc3, 0x28])]), 400],
    ['overlong UTF-8', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 400],
    ['half a surrogate pair as three bytes', Buffer.from([0x22, 0xed, 0xa0, 0xbd, 0x22]), 400],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), valid]), 400],
    ['UTF-16', Buffer.from(String(valid), 'utf16le'), 400],
    ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${valid}`, 'utf16le'), 400],
    ['an empty body', '', 400],
    ['white space', ' \n', 400],
    ['a zero byte', '\0', 400],
    ['a zero byte after the event', `${valid}\0`, 400],
    ['NaN', withField('"more":NaN'), 400],
    ['a form', 'event_id=evt_1&user_id=user_42', 400],
    ['a large number', '1e999', 422],
    ['half a million zeros in an array', `[${'0,'.repeat(500_000)}0]`, 422],
  ])('is rejected, nothing is stored, and the next delivery is processed: %s', async (_, body, status) => {
    await using inbox = await startInbox();
    expectProblem(await inbox.post(signed(body)), status, status === 400 ? 'malformed_body' : 'invalid_event');
    await expectNothingStoredAndStillServing(inbox);
  });

  it('does not change the prototype of objects', async () => {
    await using inbox = await startInbox();
    await inbox.post(signed(withField('"constructor":{"prototype":{"polluted":true}}')));
    await inbox.post(signed(withField('"__proto__":{"polluted":true}')));
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('A delivery', () => {
  const right = ['X-Signature', signatureOf(valid)] as const;
  it.each<[string, Outgoing, number]>([
    ['a signature twice', { body: valid, headers: [json, right, right] }, 401],
    ['a signature in Latin 1', { body: valid, headers: [json, ['X-Signature', 'sha256=é\xff']] }, 401],
    ['a signature of 10,000 letters', { body: valid, headers: [json, ['X-Signature', 'a'.repeat(10_000)]] }, 401],
    ['a content type twice', { body: valid, headers: [json, json, right] }, 415],
    ['a content type in Latin 1', { body: valid, headers: [['Content-Type', 'é/\xff'], right] }, 415],
    ['an empty body and no signature', { headers: [json] }, 401],
    ['an empty body and no headers', {}, 415],
  ])('with %s is rejected, nothing is stored, and the next delivery is processed', async (_, request, status) => {
    await using inbox = await startInbox();
    expect((await inbox.post(request)).status).toBe(status);
    await expectNothingStoredAndStillServing(inbox);
  });

  it('is processed whatever further headers it has', async () => {
    await using inbox = await startInbox();
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const odd = names.map((name) => [name, 'x'] as const);
    expect((await inbox.post({ body: valid, headers: [...odd, json, right] })).status).toBe(200);
  });
});

describe('An unusual Lambda event', () => {
  const base64 = valid.toString('base64');
  const call = (inbox: TestInbox, event: Partial<APIGatewayProxyEvent>) =>
    callLambda(inbox.receive, {
      path: '/webhooks/partner',
      httpMethod: 'POST',
      headers: { 'content-type': 'application/json', 'x-signature': signatureOf(valid) },
      ...event,
    });

  it.each([
    ['a character outside of base64', `*${base64}`],
    ['a line break', `${base64.slice(0, 8)}\n${base64.slice(8)}`],
    ['text', String(valid)],
    ['base64 with its end cut off', base64.slice(0, -1)],
    ['padding in the middle', `${base64.slice(0, 8)}=${base64.slice(9)}`],
    ['characters outside of ASCII', 'é'.repeat(8)],
    ['padding alone', '===='],
  ])('flagged as base64 and holding %s is rejected, and nothing is stored', async (_, body) => {
    await using inbox = await startInbox();
    // The signature is right for the bytes that a lenient decoder would read.
    const headers = {
      'content-type': 'application/json',
      'x-signature': signatureOf(Buffer.from(body, 'base64')),
    };
    const answer = await call(inbox, { body, headers, isBase64Encoded: true });
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'malformed_body' });
    await expectNothingStoredAndStillServing(inbox);
  });

  it.each([
    ['with no fields', {}, 404],
    ['with nulls', { path: undefined, httpMethod: undefined, headers: undefined, body: null }, 404],
    ['with no host', { requestContext: { apiId: 'api', domainName: null } as never }, 404],
    ['without headers', { path: '/webhooks/partner', httpMethod: 'POST', body: base64, isBase64Encoded: true }, 415],
  ])('%s is rejected', async (_, event, status) => {
    await using inbox = await startInbox();
    expect((await callLambda(inbox.receive, event)).statusCode).toBe(status);
    await expectNothingStoredAndStillServing(inbox);
  });

  it('whose body is text is processed', async () => {
    await using inbox = await startInbox();
    const answer = await call(inbox, { body: String(valid), isBase64Encoded: false });
    expect(answer).toMatchObject({ statusCode: 200 });
  });

  it('flagged as base64 without a body has an empty body', async () => {
    await using inbox = await startInbox();
    expect(await call(inbox, { body: null, isBase64Encoded: true })).toMatchObject({ statusCode: 401 });
  });
});
