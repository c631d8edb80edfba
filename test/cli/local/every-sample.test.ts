import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { everySource } from '../../../cli/local/every-source.ts';
import { type LocalInbox, startLocalInbox } from '../../../cli/local/local-inbox.ts';
import { generatedKeys, secretVariable } from '../../../cli/local/local-keys.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { hasSecret } from '../../../lambda/signature/scheme.ts';
import { signedSample } from '../../../samples/sample.ts';

const names = Object.keys(providers) as ProviderName[];
const keys = new Map(names.map((name) => [name, providers[name]().signature.generateKeys()]));
const environment = Object.fromEntries(
  [...keys].map(([name, { verification }]) => [secretVariable(name), verification]),
);

let inbox: LocalInbox;
beforeAll(async () => {
  inbox = await startLocalInbox({ port: 0, dynamodbPort: 0, environment, report: () => undefined });
});
afterAll(() => inbox.stop());

/** Sends a sample, and returns the status of each of its events; of the delivery if its response has no JSON. */
async function send(name: ProviderName, seed?: string): Promise<string> {
  const source = everySource(environment, inbox.url).get(name);
  if (!source) throw new Error(name);
  const url = source.publicUrl ?? '';
  const isShared = hasSecret(source.provider.signature);
  const key = isShared ? (keys.get(name)?.signing ?? '') : generatedKeys(source).signing;
  const { method, query, headers, body } = signedSample(source, { key, url, now: Date.now(), seed });
  const called = new URL(url);
  called.search = query.toString();
  const flat = [...headers].flatMap(([header, values]) => values.map((value): [string, string] => [header, value]));
  const response = await fetch(called, { method, headers: flat, body });
  const { status, events } = jsonOf(await response.text()) ?? { status: response.headers.get('inbox-status') };
  return events?.map((each: { status: string }) => each.status).join() ?? status;
}

function jsonOf(text: string) {
  return text.startsWith('{') ? JSON.parse(text) : undefined;
}

const PROCESSED = /^processed(,processed)*$/;
const DUPLICATE = /^duplicate(,duplicate)*$/;

it.each(names)('the sample of %s is processed once, and a duplicate the second time', async (name) => {
  const [processed, duplicate] = [await send(name), await send(name)];
  expect(processed).toMatch(PROCESSED);
  expect(duplicate).toMatch(DUPLICATE);
});

it.each(names)('the sample of %s with other ids is a new event each time', async (name) => {
  await send(name);
  for (const seed of ['one', 'another']) {
    expect(await send(name, seed)).toMatch(PROCESSED);
    expect(await send(name, seed)).toMatch(DUPLICATE);
  }
});
