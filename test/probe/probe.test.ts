import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../cli/local/embedded-dynamodb.ts';
import { toSource } from '../../lambda/receiver/config.ts';
import { checks, requestsOf } from '../../probe/checks/index.ts';
import { judgeTimes } from '../../probe/checks/timing.ts';
import type { ProbeReport } from '../../probe/probe-report.ts';
import { runChecks } from '../../probe/run-checks.ts';
import { providerSender, type Sender } from '../../probe/sender.ts';
import { describedSender, readDescription } from '../../probe/signature-description.ts';
import { toTarget } from '../../probe/target.ts';
import { toExchange } from '../../probe/transcript.ts';
import { runCommand } from '../support/command.ts';
import { startInbox } from '../support/inbox.ts';
import { MAX_BODY_BYTES, SECRET, startWeakReceiver, WEAKNESSES, type Weakness, weakTable } from './weak-receiver.ts';

// Processes, and a machine that may be busy.
jest.setTimeout(30_000);

const KEY = `partner ${SECRET}`;

interface Options {
  readonly sender?: Sender;
  readonly secret?: string | undefined;
  readonly only?: readonly string[];
  readonly otherSource?: string;
}

/** Every check but the measuring of time, which a busy machine would spoil. */
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
    timeoutMs: 5_000,
  };
  const isChosen = ({ id }: { id: string }) => id !== 'timing' && (only?.includes(id) ?? true);
  return await runChecks(settings, { all: checks, isChosen, version: '0' });
}

const genericSender = (url: string) => providerSender(toSource('generic', { provider: 'generic' }), url);

const idsOf = ({ results }: ProbeReport, verdict: string) =>
  results.filter((result) => result.verdict === verdict).map(({ id }) => id);

/** The checks that each weakness has to be found by, though no other one is there. */
const FOUND_BY: Readonly<Record<Weakness, readonly string[]>> = {
  'no signature needed': ['unsigned'],
  'any signature will do': ['wrong-key', 'tampered-body', 'weak-algorithm'],
  'compares the shorter length': ['malformed-signature'],
  'breaks at bytes outside of ASCII': ['non-ascii-signature', 'server-errors'],
  'takes any of several signatures': ['duplicated-signature'],
  'takes an empty key': ['wrong-key'],
  'one secret for all': ['other-source'],
  'takes the algorithm that is named': ['weak-algorithm'],
  'verifies what it has written anew': ['reserialised-body', 'raw-bytes'],
  'parses before it verifies': ['parse-before-verify'],
  'tells the expected signature': ['secret-disclosure'],
  'any time will do': ['stale-timestamp', 'future-timestamp'],
  'knows no event again': ['replay', 'same-id-other-body', 'concurrent-duplicates'],
  'reads, then writes': ['concurrent-duplicates'],
  'tells events apart by their bytes': ['same-id-other-body'],
  'any content type will do': ['content-type'],
  'breaks at malformed JSON': ['hostile-json', 'server-errors'],
  'takes bytes that are no text': ['hostile-json'],
  'stores what is no event': ['schema', 'type-confusion'],
  'puts items together as text': ['expression-injection', 'server-errors'],
  'writes half characters': ['hostile-strings'],
  'takes any size': ['oversize', 'chunked-body'],
  'counts no chunks': ['chunked-body'],
  'contradicting lengths will do': ['content-length'],
  'serves every method': ['methods'],
  'verifies one spelling of its path only': ['path-bypass'],
  'believes in X-Forwarded-For': ['header-tricks'],
  'tells its errors': ['error-disclosure'],
  'names its software': ['server-header'],
};

/** These look through the answers to others: to those that make the endpoint tell. */
const TELLING = ['unsigned', 'non-ascii-signature', 'hostile-json', 'expression-injection'];
const LOOKING = ['secret-disclosure', 'error-disclosure', 'server-errors', 'server-header'];

let dynamodb: EmbeddedDynamodb;
beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb(weakTable);
});
afterAll(() => dynamodb.stop());

describe('a probe of a receiver', () => {
  it('finds nothing where nothing is wrong', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, []);
    const report = await probe(receiver.url);
    expect({ failed: idsOf(report, 'failed'), inconclusive: idsOf(report, 'inconclusive') }).toEqual({
      failed: [],
      inconclusive: [],
    });
  });

  it.each(WEAKNESSES)('finds by itself that it is weak: %s', async (weakness) => {
    await using receiver = await startWeakReceiver(dynamodb.client, [weakness]);
    const expected = FOUND_BY[weakness];
    const only = expected.some((id) => LOOKING.includes(id)) ? [...expected, ...TELLING] : expected;
    const failed = idsOf(await probe(receiver.url, { only }), 'failed');
    expect(failed).toEqual(expect.arrayContaining([...expected]));
  });

  it('has every check proven by a weakness, but for those that need a network, and what Node.js refuses', () => {
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

  it('finds every weakness of one that has many', async () => {
    const many: readonly Weakness[] = [
      'parses before it verifies',
      'verifies what it has written anew',
      'reads, then writes',
      'tells its errors',
      'breaks at bytes outside of ASCII',
      'takes any size',
      'any content type will do',
      'any time will do',
      'breaks at malformed JSON',
    ];
    await using receiver = await startWeakReceiver(dynamodb.client, many);
    const expected = many.flatMap((weakness) => [...FOUND_BY[weakness]]);
    const failed = idsOf(await probe(receiver.url, { only: expected }), 'failed');
    expect(failed).toEqual(expect.arrayContaining(expected));
  });
});

describe('a probe of ours', () => {
  it('finds nothing', async () => {
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

/** A secret of its own for every source. */
const readSecret = async (source: string) => ({ secret: { current: `${source} ${SECRET}` } });

describe('an endpoint whose signature is described', () => {
  const body = Buffer.from('{"event_id":"evt_of_a_sample","user_id":"u","action":"a","timestamp":1764000000}');
  const events = { body, contentType: 'application/json', idField: 'event_id', timeField: 'timestamp' };
  const text = 'header=X-Signature,prefix=sha256=,encoding=hex,algorithm=sha256';
  const described = (url: string) => describedSender(text, readDescription(text), events, url);

  it('is probed as one of ours is', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, ['any time will do', 'reads, then writes']);
    const only = ['wrong-key', 'stale-timestamp', 'replay', 'concurrent-duplicates', 'type-confusion', 'schema'];
    const report = await probe(receiver.url, { sender: described(receiver.url), only });
    expect(idsOf(report, 'failed')).toEqual(['stale-timestamp', 'concurrent-duplicates']);
    expect(idsOf(report, 'passed')).toEqual(['wrong-key', 'replay', 'type-confusion']);
  });

  it('signs as it is told to', () => {
    const parts =
      'header=X-Sig,timestamp=X-Time,format=milliseconds,algorithm=sha512,encoding=base64,content=v0:{timestamp}:{body}';
    const sender = describedSender(parts, readDescription(parts), events, 'https://example.com/hook');
    const { headers } = sender.sign(sender.sample(0), 'key', 1_764_000_000_123);
    expect(headers.get('x-time')).toEqual(['1764000000123']);
    const expected = createHmac('sha512', 'key').update(`v0:1764000000123:${body}`).digest('base64');
    expect(headers.get('x-sig')).toEqual([expected]);
  });

  it.each([
    ['an unknown part', 'header=X,secret=s', /no part "secret=s"/],
    ['no header', 'prefix=sha256=', /needs header=NAME/],
    ['an algorithm that is broken', 'header=X,algorithm=md5', /must be one of sha1, sha256, sha512/],
    ['content without the body', 'header=X,content={timestamp}', /must hold \{body\}/],
    ['a part twice', 'header=X,header=Y', /names header twice/],
  ])('is refused with %s', (_, parts, message) => {
    expect(() => readDescription(parts)).toThrow(message);
  });
});

describe('without the secret', () => {
  it('makes the checks that need none, and says what the others need', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, ['no signature needed']);
    const report = await probe(receiver.url, { secret: undefined, only: ['unsigned', 'wrong-key', 'replay'] });
    expect(idsOf(report, 'failed')).toEqual(['unsigned']);
    expect(idsOf(report, 'passed')).toEqual(['wrong-key']);
    const { detail } = report.results.find(({ id }) => id === 'replay') ?? {};
    expect(detail).toBe('Needs the signing secret: --secret-stdin.');
  });

  it('says that the secret is wrong, rather than that all is well', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, []);
    await expect(probe(receiver.url, { secret: 'another' })).rejects.toThrow(/answered 401 to a valid request/);
  });
});

describe('what is written down', () => {
  const secrets = new Set(['the secret']);
  const signatures = new Set(['0123456789abcdef']);
  const sent = {
    method: 'POST',
    path: '/',
    headers: [['X-Signature', 'sha256=0123456789abcdef'] as const],
    body: Buffer.from('the secret and 0123456789abcdef'),
  };
  const answer = { status: 500, headers: [], text: 'the secret, 0123456789abcdef\u001b', milliseconds: 1 };

  it.each([
    ['cuts out the secret and valid signatures', false, 'POST /\nX-Signature: sha256=01234…\n\n… and 012345…'],
    [
      'leaves out a body that holds its signature',
      true,
      'POST /\nX-Signature: sha256=01234…\n\n31 bytes, in which the signature stands',
    ],
  ])('%s', (_, isInBody, expected) => {
    const headers = new Set(['x-signature']);
    const exchange = toExchange('a request', sent, answer, { secrets, signatures, headers, isInBody });
    expect(exchange.sent).toBe(expected);
    expect(exchange.came).toBe('500\n\n…, 012345…\\x1b');
  });
});

describe('the measuring of time', () => {
  const around = (milliseconds: number) => Array.from({ length: 150 }, (_, index) => milliseconds + (index % 30) / 100);

  it.each([
    ['no difference', around(1), around(1), 'passed'],
    ['a difference that is large and certain', around(1), around(1.5), 'failed'],
    ['one in the other direction', around(1.5), around(1), 'inconclusive'],
    ['one that is too small to matter', around(100), around(100.5), 'inconclusive'],
  ])('judges %s', (_, early, late, verdict) => {
    expect(judgeTimes(early, late).verdict).toBe(verdict);
  });
});

it('has a line for every check in docs/probe.md, and says there how many requests there are', () => {
  const docs = readFileSync(new URL('../../docs/probe.md', import.meta.url), 'utf8');
  const lines = checks.map(({ id, severity, title, why }) => `| \`${id}\` | ${severity} | ${title} | ${why} |`);
  expect(docs.split('\n').filter((line) => line.startsWith('| `'))).toEqual(lines);
  expect(docs).toContain(`${requestsOf(checks)} requests at most`);
});

describe('npm run probe', () => {
  it('probes, writes reports and ends with 1 where a check failed', async () => {
    await using receiver = await startWeakReceiver(dynamodb.client, ['names its software']);
    const args = ['--url', receiver.url, '--secret-stdin', '--only', 'unsigned,server-header', '--json', '-'];
    const { status, stdout, stderr } = await runCommand('probe', args, {}, `${KEY}\n`);
    expect({ status, failed: JSON.parse(stdout).summary.verdicts.failed }).toEqual({ status: 1, failed: 1 });
    expect(stderr).toMatch(/^Probing http:.*\/webhooks\/partner as generic: 3 requests at most\.\n/);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  it.each([
    [
      'an endpoint that may be another’s',
      ['--url', 'https://hooks.example.com/webhooks/partner'],
      /only what is your own.*--yes/,
    ],
    ['an unknown check', ['--url', 'http://127.0.0.1:1', '--only', 'nothing'], /no check "nothing"/],
  ])('refuses %s with 2, and says why', async (_, args, message) => {
    const { status, stdout, stderr } = await runCommand('probe', args, {}, '');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
