import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { parseXML } from '@aws-sdk/xml-builder';
import { describe, expect, it } from '@jest/globals';
import type { CheckResult, ProbeReport, Severity } from '../../probe/probe-report.ts';
import { duration } from '../../probe/reports/duration.ts';
import { exitStatus } from '../../probe/reports/exit-status.ts';
import { toHtml } from '../../probe/reports/html.ts';
import { toJson } from '../../probe/reports/json.ts';
import { toJunit } from '../../probe/reports/junit.ts';
import { progressReporter } from '../../probe/reports/progress.ts';
import { toSarif } from '../../probe/reports/sarif.ts';
import { toTable } from '../../probe/reports/table.ts';

/** What an endpoint might answer to harm who reads of it. */
const HOSTILE = [
  '</pre></details><script>alert(1)</script><img src=x onerror=alert(1)>',
  '"\'><svg/onload=alert(1)> & &amp; ]]> ]]><x>',
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b2J \u0000 \u007f \r \u202e \u2028 \ufffe \ud800 <\udc00',
  'SARIF_BUILDER_INVALID [here](https://evil.example)',
].join('\n');

function check(id: string, severity: Severity, verdict: CheckResult['verdict'], said = 'ok'): CheckResult {
  const exchange = { what: `${id}, sent once`, sent: 'POST /webhooks/partner', status: 200, milliseconds: 20 };
  return {
    id,
    title: `The title of ${id}.`,
    severity,
    verdict,
    why: `Why ${id} matters.`,
    fix: `How to fix ${id}.`,
    detail: `Seen of ${id}: ${said}.`,
    exchanges: verdict === 'skipped' ? [] : [{ ...exchange, came: `HTTP/1.1 200 OK\r\n\r\n${said}` }],
  };
}

/** Two failed, one of every other verdict; `said` is what the endpoint answered. */
function reportOf(said = 'ok', url = 'https://inbox.example/webhooks/partner'): ProbeReport {
  const results = [
    check('signed-request', 'critical', 'passed', said),
    check('error-words', 'low', 'failed', said),
    check('duplicate', 'high', 'inconclusive', said),
    check('timing', 'medium', 'skipped', said),
    check('tampered-body', 'critical', 'failed', said),
  ];
  const startedAt = '2026-11-23T12:00:00.000Z';
  return { version: '0.1.0', url, signature: said, startedAt, milliseconds: 8412, requests: 143, results };
}

const inTerminal = (report: ProbeReport) => toTable(report, { color: false, width: 80 });

describe.each([
  ['terminal', inTerminal],
  ['JSON', toJson],
  ['SARIF', toSarif],
  ['JUnit', toJunit],
  ['HTML', toHtml],
])('%s', (_, format) => {
  it('names every check, and ends in a newline', () => {
    const text = format(reportOf());
    for (const { id } of reportOf().results) expect(text).toContain(id);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it('holds no character that acts on a terminal, reorders text or is none of XML', () => {
    expect(format(reportOf(HOSTILE))).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe]/u);
  });

  it('can tell of a probe without checks', () => {
    expect(format({ ...reportOf(), results: [] })).toContain('https://inbox.example/webhooks/partner');
  });
});

describe('in a terminal', () => {
  it('the failed come first, the gravest of them before, and the passed last', () => {
    const ids = inTerminal(reportOf()).match(/^[✗?–✓] {2}.*$/gm) ?? [];
    expect(ids.map((line) => line.split(/ +/).slice(0, 3))).toEqual([
      ['✗', 'critical', 'tampered-body'],
      ['✗', 'low', 'error-words'],
      ['?', 'high', 'duplicate'],
      ['–', 'medium', 'timing'],
      ['✓', 'critical', 'signed-request'],
    ]);
  });

  it('a failed check says what was seen, why, how to fix it, what was sent and what came', () => {
    const [, details = ''] = inTerminal(reportOf()).split('✗ tampered-body (critical)');
    const wanted = [
      'Seen of tampered-body: ok.',
      'Why tampered-body matters.',
      'How to fix tampered-body.',
      '  > POST /webhooks/partner',
      '  < HTTP/1.1 200 OK\n  <\n  < ok',
    ];
    for (const text of wanted) expect(details).toContain(text);
    expect(inTerminal(reportOf())).not.toContain('Why signed-request matters.');
  });

  it('the end counts verdicts, severities, requests and time', () => {
    expect(inTerminal(reportOf()).split('\n').slice(-3, -1)).toEqual([
      '✗ 2 failed (1 critical, 1 low)  ? 1 inconclusive  – 1 skipped  ✓ 1 passed',
      '2 of 5 checks failed, 143 requests in 8.4 s',
    ]);
  });

  it('wraps at words within the width', () => {
    const text = toTable(reportOf('a few words '.repeat(20)), { color: false, width: 70 });
    const [, checks = ''] = text.split('\n\n');
    expect(Math.max(...checks.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
    expect(checks).not.toContain('…');
  });

  it('colours add nothing but colour', () => {
    const colored = toTable(reportOf(HOSTILE), { color: true, width: 200 });
    expect(colored).toContain('\u001b[31m✗\u001b[39m');
    expect(stripVTControlCharacters(colored)).toBe(toTable(reportOf(HOSTILE), { color: false, width: 200 }));
  });
});

describe('JSON', () => {
  it('has what was seen unchanged, in the order of the report', () => {
    const report = JSON.parse(toJson(reportOf(HOSTILE)));
    expect(report).toMatchObject({ schema_version: 1, url: reportOf().url, duration_ms: 8412, requests: 143 });
    expect(report.summary).toEqual({
      verdicts: { failed: 2, inconclusive: 1, skipped: 1, passed: 1 },
      failed_by_severity: { critical: 1, high: 0, medium: 0, low: 1 },
    });
    expect(report.checks.map(({ id }: { id: string }) => id)).toEqual(reportOf().results.map(({ id }) => id));
    expect(report.checks[4]).toMatchObject({ id: 'tampered-body', severity: 'critical', verdict: 'failed' });
    expect(report.checks[4].exchanges[0].came).toBe(`HTTP/1.1 200 OK\r\n\r\n${HOSTILE}`);
  });

  it('says null where no answer came', () => {
    const result = check('large-body', 'low', 'failed');
    const exchanges = result.exchanges.map((exchange) => ({ ...exchange, status: undefined }));
    const { checks } = JSON.parse(toJson({ ...reportOf(), results: [{ ...result, exchanges }] }));
    expect(checks[0].exchanges[0].status).toBeNull();
  });
});

describe('SARIF', () => {
  const runOf = (report: ProbeReport) => JSON.parse(toSarif(report)).runs[0];

  it('has a rule for every check, with help and the severity that GitHub reads', () => {
    const { rules } = runOf(reportOf()).tool.driver;
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(reportOf().results.map(({ id }) => id));
    const scores = rules.map(
      ({ properties }: { properties: Record<string, string> }) => properties['security-severity'],
    );
    expect(scores).toEqual(['9.5', '2.5', '8.0', '5.5', '9.5']);
    for (const { help, properties } of rules) {
      expect(help.text).toMatch(/^Why .* matters\.\n\nHow to fix: /);
      expect(properties.tags).toContain('security');
    }
  });

  it('has a result for each failed check alone, by its rule', () => {
    const { results, tool } = runOf(reportOf());
    expect(results.map(({ level }: { level: string }) => level)).toEqual(['note', 'error']);
    for (const { ruleId, ruleIndex, message } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(message.text).toBe(`Seen of ${ruleId}: ok.`);
    }
  });

  it('notes what was not decided, and raises no alert for it', () => {
    const notes = runOf(reportOf()).invocations[0].toolExecutionNotifications;
    expect(notes).toMatchObject([
      { level: 'note', message: { text: 'inconclusive: Seen of duplicate: ok.' }, associatedRule: { index: 2 } },
      { level: 'note', message: { text: 'skipped: Seen of timing: ok.' }, associatedRule: { index: 3 } },
    ]);
  });

  it.each(['https://inbox.example/webhooks/partner', 'http://localhost:3000/webhooks/partner', 'http://[::1]:3000/'])(
    'places %s at a path of the repository, as GitHub demands',
    (url) => {
      const { results, artifacts } = runOf(reportOf('ok', url));
      const { artifactLocation, region } = results[0].locations[0].physicalLocation;
      expect(new URL(artifactLocation.uri, 'file:///repository/').href).toMatch(/^file:\/\/\/repository\/./);
      expect(region.startLine).toBe(1);
      expect(artifacts[artifactLocation.index].location.uri).toBe(artifactLocation.uri);
    },
  );

  it('keeps apart the same check at two endpoints, and knows it again', () => {
    const fingerprint = (url: string) => JSON.stringify(runOf(reportOf('ok', url)).results[0].partialFingerprints);
    expect(fingerprint('https://a.example/')).toBe(fingerprint('https://a.example/'));
    expect(fingerprint('https://a.example/')).not.toBe(fingerprint('https://b.example/'));
  });

  it('makes no link of what an endpoint said', () => {
    for (const { message } of runOf(reportOf(HOSTILE)).results) expect(message.text).not.toContain('](');
  });
});

describe('JUnit', () => {
  it('counts, and fails and skips test cases', () => {
    const { testsuites } = parseXML(toJunit(reportOf()));
    const { testsuite } = testsuites;
    expect(testsuites).toMatchObject({ tests: '5', failures: '2', errors: '0', skipped: '2', time: '8.412' });
    expect(testsuite).toMatchObject({ name: reportOf().url, tests: '5', failures: '2', errors: '0', skipped: '2' });
    expect(testsuite.testcase[0]).toEqual({
      classname: 'webhook-probe.critical',
      name: 'signed-request: The title of signed-request.',
      time: '0.020',
    });
    expect(testsuite.testcase[2].skipped.message).toBe('inconclusive: Seen of duplicate: ok.');
    expect(testsuite.testcase[3].skipped.message).toBe('skipped: Seen of timing: ok.');
    expect(testsuite.testcase[4].failure).toMatchObject({ type: 'critical', message: 'Seen of tampered-body: ok.' });
  });

  it('holds what an endpoint said as text', () => {
    const { testcase } = parseXML(toJunit(reportOf(HOSTILE))).testsuites.testsuite;
    const [markup = ''] = HOSTILE.split('\n');
    expect(testcase).toHaveLength(5);
    expect(testcase[4].failure['#text']).toContain(markup);
    expect(testcase[4].failure.message).toContain(markup);
  });
});

describe('HTML', () => {
  const tagsOf = (html: string) => html.match(/<[^>]*>/g);

  it('has the same elements and attributes, whatever an endpoint said', () => {
    const page = toHtml(reportOf(HOSTILE));
    expect(tagsOf(page)).toEqual(tagsOf(toHtml(reportOf())));
    expect(page).toContain('&lt;/pre&gt;&lt;/details&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('fetches nothing and runs nothing', () => {
    const page = toHtml(reportOf());
    const policy = page.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1];
    expect(policy).toMatch(/^default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;/);
    expect(page).not.toMatch(/<script|<link|<img|\bsrc=|href="(?!#)|url\(|@import/);
  });

  it('has a link to each check, and shows the failed ones opened', () => {
    const page = toHtml(reportOf());
    for (const { id } of reportOf().results) {
      expect(page).toContain(`href="#${id}"`);
      expect(page.split(` id="${id}"`)).toHaveLength(2);
    }
    expect(page.match(/<details class="\w+" open>/g)).toEqual(Array(2).fill('<details class="failed" open>'));
  });

  it('tells the outcome in its title, in its heading and to who cannot see the ring', () => {
    const page = toHtml(reportOf());
    expect(page).toContain('<title>2 of 5 checks failed: https://inbox.example/webhooks/partner</title>');
    expect(page).toContain('<h1>2 of 5 checks failed</h1>');
    expect(page).toContain('role="img" aria-label="2 failed, 1 inconclusive, 1 skipped, 1 passed"');
  });
});

describe('progress', () => {
  const CLEAR_LINE = '\u001b[2K';

  function shown(terminal: { isTTY?: boolean; columns?: number }): string {
    const stream = Object.assign(new PassThrough(), terminal) as unknown as NodeJS.WriteStream;
    const { results } = reportOf(HOSTILE);
    const report = progressReporter(stream, results.length);
    for (const result of results) report(result);
    return String(stream.read());
  }

  it('is a line a check where there is no terminal', () => {
    const lines = shown({}).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('1/5 signed-request: passed');
    expect(lines[4]).toContain('5/5 tampered-body: failed: Seen of tampered-body: </pre>');
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('is one line of a terminal, never broken, and gone in the end', () => {
    const lines = shown({ isTTY: true, columns: 24 }).split(CLEAR_LINE).map(stripVTControlCharacters);
    expect(lines).toEqual([
      '',
      '1/5, 0 failed: signed-r',
      '2/5, 1 failed: error-wo',
      '3/5, 1 failed: duplicat',
      '4/5, 1 failed: timing',
      '',
    ]);
  });
});

describe('the exit status', () => {
  it.each<[string, Severity, CheckResult[], 0 | 1]>([
    ['a failed check as grave', 'medium', [check('a', 'medium', 'failed')], 1],
    ['a failed check that is graver', 'medium', [check('a', 'critical', 'failed')], 1],
    ['a failed check that is less grave', 'medium', [check('a', 'low', 'failed'), check('b', 'high', 'passed')], 0],
    ['nothing failed', 'low', [check('a', 'critical', 'passed'), check('b', 'high', 'inconclusive')], 0],
    ['nothing decided', 'critical', [check('a', 'low', 'inconclusive'), check('b', 'low', 'skipped')], 1],
    ['no checks', 'critical', [], 1],
  ])('of %s, failing on %s', (_, failOn, results, status) => {
    expect(exitStatus({ ...reportOf(), results }, failOn)).toBe(status);
  });
});

it.each([
  [849.6, '850 ms'],
  [8412, '8.4 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
