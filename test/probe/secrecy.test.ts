import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listen } from '../../cli/local/http.ts';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { checks } from '../../probe/checks/index.ts';
import type { ProbeReport } from '../../probe/probe-report.ts';
import { toHtml } from '../../probe/reports/html/to-html.ts';
import { toJson } from '../../probe/reports/json.ts';
import { runChecks } from '../../probe/run-checks.ts';
import { providerSender } from '../../probe/sender.ts';
import { toTarget } from '../../probe/target.ts';
import { exampleSettings } from '../../samples/example-settings.ts';

const names = Object.keys(providers) as ProviderName[];

/** Checks that send a genuine signature, parts of it, or the same signature with something else. */
const SENDING = ['unsigned', 'malformed-signature', 'non-ascii-signature', 'duplicated-signature', 'wrong-key'];
const CHANGING = ['weak-algorithm', 'tampered-body', 'replay', 'content-length'];

/** A disclosed part of a secret is found if it is twice as long, in characters. */
const PART = 10;

/** An endpoint that accepts everything, and repeats what is in the headers. */
const server = createServer((request, response) => {
  request.resume();
  response.end(JSON.stringify({ status: 'processed', headers: request.rawHeaders.toReversed() }));
});
let url: string;
beforeAll(async () => {
  url = `${await listen(server, 0)}/webhooks/partner`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function probe(providerName: ProviderName, secret: string): Promise<ProbeReport> {
  const provider = providers[providerName]();
  const sender = providerSender({ providerName, provider, settings: exampleSettings(provider) }, url);
  const target = toTarget(url, undefined);
  const settings = { otherSource: 'other', maxBodyBytes: 1_000, rate: undefined, measuresTiming: false };
  const isSelected = ({ id }: { id: string }) => [...SENDING, ...CHANGING].includes(id);
  return await runChecks(
    { ...settings, target, sender, secret, timeoutMs: 60_000 },
    { checks, isSelected, version: '0' },
  );
}

/** The parts of a secret without its user name, as it is and in base64, in which three places of a letter look different. */
function partsOf(secret: string): readonly string[] {
  const [, password = secret] = /^\w+:(.*)$/s.exec(secret) ?? [];
  const inBase64 = [0, 1, 2].map((before) =>
    Buffer.from('.'.repeat(before) + password)
      .toString('base64')
      .slice(4),
  );
  return [password, ...inBase64].flatMap((text) => text.match(new RegExp(`.{${PART}}`, 'gs')) ?? []);
}

describe('a report about an endpoint of', () => {
  it.each(names)('%s contains no part of the secret', async (name) => {
    const secret = providers[name]().signature.generateKeys().signing;
    const report = await probe(name, secret);
    const text = toHtml(report) + toJson(report);
    const found = partsOf(secret).filter((part) => text.includes(part));
    expect(found).toEqual([]);
    expect(report.results.some(({ verdict }) => verdict === 'failed')).toBe(true);
  });
});
