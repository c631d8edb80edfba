import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../cli/local/embedded-dynamodb.ts';
import { custom } from '../../lambda/providers/index.ts';
import { toSource } from '../../lambda/receiver/registered-source.ts';
import { openSource } from '../../lambda/receiver/source.ts';
import { checks, requestsOf } from '../../probe/checks/index.ts';
import { describedSender } from '../../probe/described-sender.ts';
import type { ProbeReport } from '../../probe/probe-report.ts';
import { runChecks } from '../../probe/run-checks.ts';
import { providerSender, type Sender } from '../../probe/sender.ts';
import { readDescription } from '../../probe/signature-description.ts';
import { toTarget } from '../../probe/target.ts';
import { customDefinitions } from '../../samples/custom-definitions.ts';
import { runCommand } from '../support/command.ts';
import { startInbox } from '../support/inbox.ts';
import { MAX_BODY_BYTES, SECRET, startWeakReceiver, WEAKNESSES, type Weakness, weakTable } from './weak-receiver.ts';

const KEY = `partner ${SECRET}`;

interface Options {
  readonly sender?: Sender;
  readonly secret?: string | undefined;
  readonly only?: readonly string[];
  readonly otherSource?: string;
}

/** Makes every check but `timing`, which depends on the load of the machine. */
async function probe(url: string, options: Options = {}): Promise<ProbeReport> {
  const { only, sender = genericSender(url), otherSource = 'other' } = options;
  const settings = {
    target: toTarget(url, undefined),
    sender,
    secret: 'secret' in options ? options.secret : KEY,
    otherSource,
    maxBodyBytes: MAX_BODY_BYTES,
    rate: undefined,
    measuresTiming: false,
    timeoutMs: 60_000,
  };
  const isSelected = ({ id }: { id: string }) => id !== 'timing' && (only?.includes(id) ?? true);
  return await runChecks(settings, { checks, isSelected, version: '0' });
}

const genericSender = (url: string) => providerSender(toSource('generic', { provider: 'generic' }), url);

const idsOf = ({ results }: ProbeReport, verdict: string) =>
  results.filter((result) => result.verdict === verdict).map(({ id }) => id);

/** The checks that must fail for a receiver with this weakness alone. */
const FOUND_BY: Readonly<Record<Weakness, readonly string[]>> = {
  'accepts unsigned requests': ['unsigned'],
  'accepts any well-formed signature': ['wrong-key', 'tampered-body', 'weak-algorithm'],
  'compares only the shorter length': ['malformed-signature'],
  'fails on non-ASCII signatures': ['non-ascii-signature', 'server-errors'],
  'accepts any of several signatures': ['duplicated-signature'],
  'accepts an empty key': ['wrong-key'],
  'shares one secret between sources': ['other-source'],
  'lets the request choose the algorithm': ['weak-algorithm'],
  'verifies reserialised JSON': ['reserialised-body', 'raw-bytes'],
  'parses before it verifies': ['parse-before-verify'],
  'discloses the expected signature': ['secret-disclosure'],
  'accepts any timestamp': ['stale-timestamp', 'future-timestamp'],
  'stores duplicates': ['replay', 'same-id-other-body', 'concurrent-duplicates'],
  'reads before it writes': ['concurrent-duplicates'],
  'identifies events by their bytes': ['same-id-other-body'],
  'accepts any content type': ['content-type'],
  'fails on malformed JSON': ['hostile-json', 'server-errors'],
  'accepts invalid UTF-8': ['hostile-json'],
  'stores invalid events': ['schema', 'type-confusion'],
  'concatenates items as text': ['expression-injection', 'server-errors'],
  'stores lone surrogates': ['hostile-strings'],
  'accepts any size': ['oversize', 'chunked-body'],
  'limits only Content-Length': ['chunked-body'],
  'accepts contradictory lengths': ['content-length'],
  'accepts any method': ['methods'],
  'verifies only one spelling of the path': ['path-bypass'],
  'trusts X-Forwarded-For': ['header-tricks'],
  'discloses its errors': ['error-disclosure'],
  'names its software': ['server-header'],
};

/** Checks whose requests provoke responses that the examining checks find. */
const PROVOKING = ['unsigned', 'non-ascii-signature', 'hostile-json', 'expression-injection'];
/** Checks that send nothing and examine the responses to other checks. */
const EXAMINING = ['secret-disclosure', 'error-disclosure', 'server-errors', 'server-header'];

let dynamodb: EmbeddedDynamodb;
beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb(weakTable);
});
afterAll(() => dynamodb.stop());

describe('a probe of a weak receiver', () => {
  it('reports no failure if the receiver has no weakness', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, []);
    const report = await probe(receiver.url);
    expect({ failed: idsOf(report, 'failed'), inconclusive: idsOf(report, 'inconclusive') }).toEqual({
      failed: [],
      inconclusive: [],
    });
  });

  it.each(WEAKNESSES)('reports a failure if the receiver %s', async (weakness) => {
    await using receiver = await startWeakReceiver(dynamodb.client, [weakness]);
    const expected = FOUND_BY[weakness];
    const only = expected.some((id) => EXAMINING.includes(id)) ? [...expected, ...PROVOKING] : expected;
    const failed = idsOf(await probe(receiver.url, { only }), 'failed');
    expect(failed).toEqual(expect.arrayContaining([...expected]));
  });

  it.each<[Weakness, string, string]>([
    ['accepts unsigned requests', 'unsigned', 'Unsigned requests are accepted'],
    ['fails on non-ASCII signatures', 'non-ascii-signature', 'A signature with non-ASCII bytes causes a server error'],
    ['fails on malformed JSON', 'hostile-json', 'Malformed or hostile JSON causes a server error'],
    ['accepts invalid UTF-8', 'hostile-json', 'Malformed JSON is accepted'],
  ])('reports what is wrong if the receiver %s, and which response shows it', async (weakness, id, title) => {
    await using receiver = await startWeakReceiver(dynamodb.client, [weakness]);
    const report = await probe(receiver.url, { only: [id] });
    const result = report.results.find((each) => each.id === id);
    const shown = result?.exchanges.filter(({ verdict }) => verdict === 'failed');
    expect(result?.failedTitle).toBe(title);
    expect(shown?.length).toBeGreaterThan(0);
    for (const { status } of shown ?? []) expect(title.includes('error') ? 500 : 200).toBe(status);
  });

  it('shows the response that an examining check found', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, ['discloses the expected signature']);
    const report = await probe(receiver.url, { only: ['unsigned', 'secret-disclosure'] });
    const [exchange] = report.results.find(({ id }) => id === 'secret-disclosure')?.exchanges ?? [];
    expect(exchange).toMatchObject({ status: 401, verdict: 'failed' });
    expect(exchange?.response).toMatch(/signature, expected sha256=[0-9a-f]{6}…"/);
  });

  it('has a weakness for every check except those of a network and of defects that Node.js prevents', () => {
    const proven = Object.values(FOUND_BY).flat();
    const unproven = checks.map(({ id }) => id).filter((id) => !proven.includes(id));
    expect(unproven).toEqual([
      'line-breaks',
      'timing',
      'plain-http',
      'certificate',
      'old-tls',
      'strict-transport',
      'rate-limit',
    ]);
  });

  it('reports every weakness if the receiver has many', async () => {
    const many: readonly Weakness[] = [
      'parses before it verifies',
      'verifies reserialised JSON',
      'reads before it writes',
      'discloses its errors',
      'fails on non-ASCII signatures',
      'accepts any size',
      'accepts any content type',
      'accepts any timestamp',
      'fails on malformed JSON',
    ];
    await using receiver = await startWeakReceiver(dynamodb.client, many);
    const expected = many.flatMap((weakness) => [...FOUND_BY[weakness]]);
    const failed = idsOf(await probe(receiver.url, { only: expected }), 'failed');
    expect(failed).toEqual(expect.arrayContaining(expected));
  });
});

describe('a probe of webhook-inbox', () => {
  it('reports no failure, and does not contain the secret', async () => {
    await using inbox = await startInbox({ readSecret, maxBodyBytes: MAX_BODY_BYTES });
    inbox.clock.now = Date.now();
    const report = await probe(`${inbox.url}/webhooks/partner`);
    expect(idsOf(report, 'failed')).toEqual([]);
    expect(idsOf(report, 'inconclusive')).toEqual([]);
    expect(idsOf(report, 'skipped')).toEqual([
      'timing',
      'plain-http',
      'certificate',
      'old-tls',
      'strict-transport',
      'rate-limit',
    ]);
    expect(JSON.stringify(report)).not.toContain(KEY);
  });
});

/** Signatures of each kind that a shared secret verifies, over what a probe on loopback can send. */
const SCHEMES = [
  'chargebee',
  'github',
  'netlify',
  'paddle',
  'slack',
  'standard-webhooks',
  'stripe',
  'zendesk',
] as const;

describe('a probe of a custom source', () => {
  it.each(SCHEMES)('reports no failure with the scheme of %s', async (name) => {
    const definition = customDefinitions[name];
    const { signature } = custom(definition);
    const { signing, verification } = signature.generateKeys();
    const other = signature.generateKeys().verification;
    await using inbox = await startInbox({
      definition,
      readSecret: async (source) => ({ secret: { current: source === 'partner' ? verification : other } }),
      maxBodyBytes: MAX_BODY_BYTES,
    });
    inbox.clock.now = Date.now();
    const url = `${inbox.url}/webhooks/partner`;
    const source = openSource('partner', { provider: 'custom', publicUrl: url }, custom(definition));
    const report = await probe(url, { sender: providerSender(source, url), secret: signing });
    expect(idsOf(report, 'passed').length).toBeGreaterThan(15);
    expect(idsOf(report, 'failed')).toEqual([]);
  });
});

/** Gives every source its own secret. */
const readSecret = async (source: string) => ({ secret: { current: `${source} ${SECRET}` } });

describe('a probe with a described signature', () => {
  const body = Buffer.from('{"event_id":"evt_of_a_sample","user_id":"u","action":"a","timestamp":1764000000}');
  const events = { body, contentType: 'application/json', idField: 'event_id', timeField: 'timestamp' };
  const text = 'header=X-Signature,prefix=sha256=,encoding=hex,algorithm=sha256';
  const described = (url: string) => describedSender(text, readDescription(text), events, url);

  it('finds the weaknesses that it finds with a provider', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, [
      'accepts any timestamp',
      'reads before it writes',
    ]);
    const only = ['wrong-key', 'stale-timestamp', 'replay', 'concurrent-duplicates', 'type-confusion', 'schema'];
    const report = await probe(receiver.url, { sender: described(receiver.url), only });
    expect(idsOf(report, 'failed')).toEqual(['stale-timestamp', 'concurrent-duplicates']);
    expect(idsOf(report, 'passed')).toEqual(['wrong-key', 'replay', 'type-confusion']);
  });
});

describe('a probe without the secret', () => {
  it('makes the checks that need no secret, and skips the others with the reason', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, ['accepts unsigned requests']);
    const report = await probe(receiver.url, { secret: undefined, only: ['unsigned', 'wrong-key', 'replay'] });
    expect(idsOf(report, 'failed')).toEqual(['unsigned']);
    expect(idsOf(report, 'passed')).toEqual(['wrong-key']);
    const { detail } = report.results.find(({ id }) => id === 'replay') ?? {};
    expect(detail).toBe('The check needs the signing secret: --secret-stdin.');
  });
});

describe('a probe with a wrong secret', () => {
  it('ends with an error and not with passed checks', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, []);
    await expect(probe(receiver.url, { secret: 'another' })).rejects.toThrow(/to a valid request is 401/);
  });
});

it('docs/probe.md has a line for every check, and the number of requests', () => {
  const docs = readFileSync(new URL('../../docs/probe.md', import.meta.url), 'utf8');
  const lines = checks.map(({ id, severity, title, why }) => `| \`${id}\` | ${severity} | ${title} | ${why} |`);
  expect(docs.split('\n').filter((line) => line.startsWith('| `'))).toEqual(lines);
  expect(docs).toContain(`up to ${requestsOf(checks)} requests`);
});

it('every check has a title that says what is wrong if it fails', () => {
  const titles = checks.flatMap(({ failedTitle, errorTitle = [] }) => [failedTitle].concat(errorTitle));
  expect(new Set(titles).size).toBe(titles.length);
  for (const { title, failedTitle } of checks) {
    expect(failedTitle).toMatch(/^[A-Z].{10,75}[^.]$/);
    expect(failedTitle).not.toBe(title.replace(/\.$/, ''));
  }
});

describe('npm run probe', () => {
  it('writes a report and exits with status 1 if a check failed', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, ['names its software']);
    const args = ['--url', receiver.url, '--secret-stdin', '--only', 'unsigned,server-header', '--json', '-'];
    const { status, stdout, stderr } = await runCommand('probe', args, {}, `${KEY}\n`);
    expect({ status, failed: JSON.parse(stdout).summary.verdicts.failed }).toEqual({ status: 1, failed: 1 });
    expect(stderr).toMatch(/^Probing http:.*\/webhooks\/partner as generic: up to 3 requests\.\n/);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  it.each([
    [
      'an endpoint that might be someone else’s',
      ['--url', 'https://hooks.example.com/webhooks/partner'],
      /only your own endpoints.*--yes/,
    ],
    ['an unknown check', ['--url', 'http://127.0.0.1:1', '--only', 'nothing'], /no check "nothing"/],
  ])('refuses %s with status 2 and a reason', async (_, args, message) => {
    const { status, stdout, stderr } = await runCommand('probe', args, {}, '');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
