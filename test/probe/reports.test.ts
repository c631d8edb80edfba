import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { parseXML } from '@aws-sdk/xml-builder';
import { describe, expect, it } from '@jest/globals';
import type { CheckResult, ProbeReport, Severity } from '../../probe/probe-report.ts';
import { duration } from '../../probe/reports/duration.ts';
import { exitStatus } from '../../probe/reports/exit-status.ts';
import { HTML_STYLE } from '../../probe/reports/html/style.ts';
import { toHtml } from '../../probe/reports/html/to-html.ts';
import { toJson } from '../../probe/reports/json.ts';
import { toJunit } from '../../probe/reports/junit.ts';
import { progressReporter } from '../../probe/reports/progress.ts';
import { toSarif } from '../../probe/reports/sarif.ts';
import { assessmentOf, summaryOf } from '../../probe/reports/summary.ts';
import { toTable } from '../../probe/reports/table.ts';

/** A response that attacks the readers of a report. */
const HOSTILE = [
  '</pre></details><script>alert(1)</script><img src=x onerror=alert(1)>',
  '"\'><svg/onload=alert(1)> & &amp; ]]> ]]><x>',
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b2J \u0000 \u007f \r \u202e \u2028 \ufffe \ud800 <\udc00',
  'SARIF_BUILDER_INVALID [here](https://evil.example)',
].join('\n');

function check(id: string, severity: Severity, verdict: CheckResult['verdict'], text = 'ok'): CheckResult {
  const exchange = {
    what: `${id}, sent once`,
    request: `POST /webhooks/partner\n\n${text}`,
    comparison: [{ text: 'POST /webhooks/partner\n\n' }, { text, change: 'added' as const }],
    command: { text: "curl -isS 'https://inbox.example/'", note: undefined },
    expected: 'The endpoint refuses the request (4xx).',
    verdict,
    status: 200,
    milliseconds: 20,
  };
  return {
    id,
    title: `The title of ${id}.`,
    failedTitle: `The failure of ${id}`,
    severity,
    verdict,
    why: `The reason for ${id}.`,
    fix: `The fix of ${id}.`,
    detail: `The detail of ${id}: ${text}.`,
    exchanges: verdict === 'skipped' ? [] : [{ ...exchange, response: `HTTP/1.1 200 OK\r\n\r\n${text}` }],
  };
}

/** A report with two failed checks and one of every other verdict. @param text from the endpoint */
function reportOf(text = 'ok', url = 'https://inbox.example/webhooks/partner'): ProbeReport {
  const results = [
    check('signed-request', 'critical', 'passed', text),
    check('error-words', 'low', 'failed', text),
    check('duplicate', 'high', 'inconclusive', text),
    check('timing', 'medium', 'skipped', text),
    check('tampered-body', 'critical', 'failed', text),
  ];
  const startedAt = '2026-11-23T12:00:00.000Z';
  return {
    version: '0.1.0',
    url,
    source: 'partner',
    signature: text,
    startedAt,
    milliseconds: 8412,
    requests: 143,
    results,
  };
}

const inTerminal = (report: ProbeReport) => toTable(report, { color: false, width: 80 });

describe.each([
  ['terminal', inTerminal],
  ['JSON', toJson],
  ['SARIF', toSarif],
  ['JUnit', toJunit],
  ['HTML', toHtml],
])('the %s report', (_, format) => {
  it('contains every check and ends in a newline', () => {
    const text = format(reportOf());
    for (const { id } of reportOf().results) expect(text).toContain(id);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it('contains no character that controls a terminal, reorders text or is invalid in XML', () => {
    expect(format(reportOf(HOSTILE))).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe]/u);
  });

  it('can have no checks', () => {
    expect(format({ ...reportOf(), results: [] })).toContain('https://inbox.example/webhooks/partner');
  });
});

describe('the terminal report', () => {
  it('lists failed checks first, by severity, and passed checks last', () => {
    const ids = inTerminal(reportOf()).match(/^[✗?–✓] {2}.*$/gm) ?? [];
    expect(ids.map((line) => line.split(/ +/).slice(0, 3))).toEqual([
      ['✗', 'critical', 'tampered-body'],
      ['✗', 'low', 'error-words'],
      ['?', 'high', 'duplicate'],
      ['–', 'medium', 'timing'],
      ['✓', 'critical', 'signed-request'],
    ]);
  });

  it('has the failure, detail, reason, fix, request and response of a failed check', () => {
    const [, details = ''] = inTerminal(reportOf()).split('✗ tampered-body (critical)');
    const wanted = [
      ': The failure of tampered-body\n',
      'The title of tampered-body.',
      'The detail of tampered-body: ok.',
      'The reason for tampered-body.',
      'The fix of tampered-body.',
      '  Request:\n  > POST /webhooks/partner',
      '  Response:\n  < HTTP/1.1 200 OK\n  <\n  < ok\n  Expected: The endpoint refuses the request (4xx).',
    ];
    for (const text of wanted) expect(details).toContain(text);
    expect(inTerminal(reportOf())).not.toContain('The reason for signed-request.');
  });

  it('ends with whether the endpoint is safe, and the numbers of verdicts, severities and requests and the duration', () => {
    expect(inTerminal(reportOf()).split('\n').slice(-3, -1)).toEqual([
      '✗ 2 failed (1 critical, 1 low)  ? 1 inconclusive  – 1 skipped  ✓ 1 passed',
      'This endpoint is not safe. 2 of 5 checks failed, 143 requests in 8.4 s.',
    ]);
  });

  it('wraps text between words to the width of the terminal', () => {
    const text = toTable(reportOf('a few words '.repeat(20)), { color: false, width: 70 });
    const [, checks = ''] = text.split('\n\n');
    expect(Math.max(...checks.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
    expect(checks).not.toContain('…');
  });

  it('has the same text with and without colours', () => {
    const colored = toTable(reportOf(HOSTILE), { color: true, width: 200 });
    expect(colored).toContain('\u001b[31m✗\u001b[39m');
    expect(stripVTControlCharacters(colored)).toBe(toTable(reportOf(HOSTILE), { color: false, width: 200 }));
  });
});

describe('the JSON report', () => {
  it('has unchanged responses, in the order of the checks', () => {
    const report = JSON.parse(toJson(reportOf(HOSTILE)));
    expect(report).toMatchObject({ schema_version: 1, url: reportOf().url, duration_ms: 8412, requests: 143 });
    expect(report.summary).toEqual({
      verdicts: { failed: 2, inconclusive: 1, skipped: 1, passed: 1 },
      failed_by_severity: { critical: 1, high: 0, medium: 0, low: 1 },
    });
    expect(report.checks.map(({ id }: { id: string }) => id)).toEqual(reportOf().results.map(({ id }) => id));
    expect(report.checks[4]).toMatchObject({ id: 'tampered-body', severity: 'critical', verdict: 'failed' });
    expect(report.checks[4].failed_title).toBe('The failure of tampered-body');
    expect(report.checks[4].exchanges[0]).toMatchObject({
      request: `POST /webhooks/partner\n\n${HOSTILE}`,
      response: `HTTP/1.1 200 OK\r\n\r\n${HOSTILE}`,
      expected: 'The endpoint refuses the request (4xx).',
      verdict: 'failed',
    });
  });

  it('has the status null if there was no response', () => {
    const result = check('large-body', 'low', 'failed');
    const exchanges = result.exchanges.map((exchange) => ({ ...exchange, status: undefined }));
    const { checks } = JSON.parse(toJson({ ...reportOf(), results: [{ ...result, exchanges }] }));
    expect(checks[0].exchanges[0].status).toBeNull();
  });
});

describe('the SARIF report', () => {
  const runOf = (report: ProbeReport) => JSON.parse(toSarif(report)).runs[0];

  it('has a rule for every check, with help and with the severity that GitHub shows', () => {
    const { rules } = runOf(reportOf()).tool.driver;
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(reportOf().results.map(({ id }) => id));
    const scores = rules.map(
      ({ properties }: { properties: Record<string, string> }) => properties['security-severity'],
    );
    expect(scores).toEqual(['9.5', '2.5', '8.0', '5.5', '9.5']);
    for (const { id, shortDescription, fullDescription, help, properties } of rules) {
      expect(shortDescription.text).toBe(`The failure of ${id}`);
      expect(fullDescription.text).toBe(`Required: The title of ${id}. The reason for ${id}.`);
      expect(help.text).toMatch(/^The reason for .*\.\n\nFix: /);
      expect(properties.tags).toContain('security');
    }
  });

  it('has a result with its rule for each failed check, and no other results', () => {
    const { results, tool } = runOf(reportOf());
    expect(results.map(({ level }: { level: string }) => level)).toEqual(['note', 'error']);
    for (const { ruleId, ruleIndex, message } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(message.text).toBe(`The failure of ${ruleId}. The detail of ${ruleId}: ok.`);
    }
  });

  it('has a notification for each inconclusive or skipped check, and no alert', () => {
    const notes = runOf(reportOf()).invocations[0].toolExecutionNotifications;
    expect(notes).toMatchObject([
      { level: 'note', message: { text: 'inconclusive: The detail of duplicate: ok.' }, associatedRule: { index: 2 } },
      { level: 'note', message: { text: 'skipped: The detail of timing: ok.' }, associatedRule: { index: 3 } },
    ]);
  });

  it.each(['https://inbox.example/webhooks/partner', 'http://localhost:3000/webhooks/partner', 'http://[::1]:3000/'])(
    'locates results of %s at a path of the repository, as GitHub requires',
    (url) => {
      const { results, artifacts } = runOf(reportOf('ok', url));
      const { artifactLocation, region } = results[0].locations[0].physicalLocation;
      expect(new URL(artifactLocation.uri, 'file:///repository/').href).toMatch(/^file:\/\/\/repository\/./);
      expect(region.startLine).toBe(1);
      expect(artifacts[artifactLocation.index].location.uri).toBe(artifactLocation.uri);
    },
  );

  it('has the same fingerprint for the same check and endpoint, and another one for another endpoint', () => {
    const fingerprint = (url: string) => JSON.stringify(runOf(reportOf('ok', url)).results[0].partialFingerprints);
    expect(fingerprint('https://a.example/')).toBe(fingerprint('https://a.example/'));
    expect(fingerprint('https://a.example/')).not.toBe(fingerprint('https://b.example/'));
  });

  it('has no link from the text of an endpoint', () => {
    for (const { message } of runOf(reportOf(HOSTILE)).results) expect(message.text).not.toContain('](');
  });
});

describe('the JUnit report', () => {
  it('has a test case per check, and counts failed and skipped ones', () => {
    const { testsuites } = parseXML(toJunit(reportOf()));
    const { testsuite } = testsuites;
    expect(testsuites).toMatchObject({ tests: '5', failures: '2', errors: '0', skipped: '2', time: '8.412' });
    expect(testsuite).toMatchObject({ name: reportOf().url, tests: '5', failures: '2', errors: '0', skipped: '2' });
    expect(testsuite.testcase[0]).toEqual({
      classname: 'webhook-probe.critical',
      name: 'signed-request: The title of signed-request.',
      time: '0.020',
    });
    expect(testsuite.testcase[2].skipped.message).toBe('inconclusive: The detail of duplicate: ok.');
    expect(testsuite.testcase[3].skipped.message).toBe('skipped: The detail of timing: ok.');
    expect(testsuite.testcase[4].failure).toMatchObject({
      type: 'critical',
      message: 'The failure of tampered-body. The detail of tampered-body: ok.',
    });
  });

  it('contains the text of an endpoint as text, not as markup', () => {
    const { testcase } = parseXML(toJunit(reportOf(HOSTILE))).testsuites.testsuite;
    const [markup = ''] = HOSTILE.split('\n');
    expect(testcase).toHaveLength(5);
    expect(testcase[4].failure['#text']).toContain(markup);
    expect(testcase[4].failure.message).toContain(markup);
  });
});

describe('the HTML report', () => {
  const tagsOf = (html: string) => html.match(/<[^>]*>/g);

  it('has the same elements and attributes for any text of an endpoint', () => {
    const page = toHtml(reportOf(HOSTILE));
    expect(tagsOf(page)).toEqual(tagsOf(toHtml(reportOf())));
    expect(page).toContain('&lt;/pre&gt;&lt;/details&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('has no external resources, and a policy that allows only its own script and style', () => {
    const page = toHtml(reportOf());
    const policy = page.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1] ?? '';
    const hashed = policy.replaceAll(/&#39;sha256-[\w+/=]{44}&#39;/g, 'HASH').replaceAll('&#39;', "'");
    expect(hashed).toMatch(/^default-src 'none'; script-src HASH; style-src HASH; base-uri 'none'; form-action 'none'/);
    expect(page).not.toMatch(/<link|<img|\bsrc=|\bstyle=|\son\w+=|href="(?!#)|url\(|@import/);
  });

  it('has the conclusion in its title', () => {
    const page = toHtml(reportOf());
    expect(page).toContain('<title>This endpoint is not safe: https://inbox.example/webhooks/partner</title>');
  });

  it('has the colours and the type of the console', () => {
    const tokensOf = (css: string) =>
      new Map([...css.matchAll(/(--[a-z]+): (.*);/g)].map(([, name, value]) => [name, value]));
    const ofConsole = tokensOf(readFileSync(new URL('../../console/styles/base.css', import.meta.url), 'utf8'));
    const ofReport = tokensOf(HTML_STYLE.split('}')[0] ?? '');
    const own = [...ofReport].filter(([name, value]) => ofConsole.get(name) !== value).map(([name]) => name);
    expect(own).toEqual(['--added', '--removed']);
  });
});

describe('the assessment of an endpoint', () => {
  it.each<[string, CheckResult[]]>([
    ['This endpoint is not safe', [check('a', 'high', 'failed'), check('b', 'low', 'passed')]],
    ['This endpoint has weaknesses', [check('a', 'medium', 'failed')]],
    ['This probe proves nothing', [check('a', 'critical', 'skipped')]],
    ['No check failed, but some are inconclusive', [check('a', 'low', 'inconclusive'), check('b', 'low', 'passed')]],
    ['No vulnerability was found', [check('a', 'low', 'passed'), check('b', 'high', 'skipped')]],
  ])('is "%s" by the gravest failed check, or by what was decided', (assessment, results) => {
    expect(assessmentOf(summaryOf({ ...reportOf(), results }))).toBe(assessment);
  });
});

describe('the progress of a probe', () => {
  const CLEAR_LINE = '\u001b[2K';

  function shown(terminal: { isTTY?: boolean; columns?: number }): string {
    const stream = Object.assign(new PassThrough(), terminal) as unknown as NodeJS.WriteStream;
    const { results } = reportOf(HOSTILE);
    const report = progressReporter(stream, results.length);
    for (const result of results) report(result);
    return String(stream.read());
  }

  it('is a line per check without a terminal', () => {
    const lines = shown({}).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('1/5 signed-request: passed');
    expect(lines[4]).toContain(
      '5/5 tampered-body: failed: The failure of tampered-body. The detail of tampered-body: </pre>',
    );
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('is one line on a terminal, which fits its width and is cleared in the end', () => {
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
  it.each<[0 | 1, string, Severity, CheckResult[]]>([
    [1, 'a failed check of that severity', 'medium', [check('a', 'medium', 'failed')]],
    [1, 'a failed check of a graver severity', 'medium', [check('a', 'critical', 'failed')]],
    [0, 'a failed check of a lesser severity', 'medium', [check('a', 'low', 'failed'), check('b', 'high', 'passed')]],
    [0, 'no failed check', 'low', [check('a', 'critical', 'passed'), check('b', 'high', 'inconclusive')]],
    [1, 'no passed or failed check', 'critical', [check('a', 'low', 'inconclusive'), check('b', 'low', 'skipped')]],
    [1, 'no checks', 'critical', []],
  ])('is %d after %s with --fail-on %s', (status, _, failOn, results) => {
    expect(exitStatus({ ...reportOf(), results }, failOn)).toBe(status);
  });
});

it.each([
  [849.6, '850 ms'],
  [8412, '8.4 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
])('a duration of %d milliseconds is shown as %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
