import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../cli/local/embedded-dynamodb.ts';
import { listen } from '../../cli/local/http.ts';
import { toSource } from '../../lambda/receiver/registered-source.ts';
import { checks } from '../../probe/checks/index.ts';
import type { ProbeReport } from '../../probe/probe-report.ts';
import { toHtml } from '../../probe/reports/html/to-html.ts';
import { runChecks } from '../../probe/run-checks.ts';
import { providerSender } from '../../probe/sender.ts';
import { toTarget } from '../../probe/target.ts';
import { CHROMIUM, describeInBrowser } from '../support/browser.ts';
import { MAX_BODY_BYTES, SECRET, startWeakReceiver, type Weakness, weakTable } from './weak-receiver.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const run = promisify(execFile);

async function probe(url: string, only?: readonly string[]): Promise<ProbeReport> {
  const sender = providerSender(toSource('generic', { provider: 'generic' }), url);
  const settings = { otherSource: 'other', maxBodyBytes: MAX_BODY_BYTES, rate: undefined, measuresTiming: false };
  const isSelected = ({ id }: { id: string }) => id !== 'timing' && (only?.includes(id) ?? true);
  const secret = `partner ${SECRET}`;
  const target = toTarget(url, undefined);
  return await runChecks(
    { ...settings, target, sender, secret, timeoutMs: 60_000 },
    { checks, isSelected, version: '0' },
  );
}

/** Weaknesses whose responses are the same when a request is repeated. */
const WEAKNESSES: readonly Weakness[] = [
  'accepts unsigned requests',
  'accepts any well-formed signature',
  'stores duplicates',
  'fails on non-ASCII signatures',
  'accepts any content type',
  'fails on malformed JSON',
  'accepts any size',
  'names its software',
];

let dynamodb: EmbeddedDynamodb;
let receiver: Awaited<ReturnType<typeof startWeakReceiver>>;
let report: ProbeReport;
let folder: string;
beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb(weakTable);
  receiver = await startWeakReceiver(dynamodb.client, WEAKNESSES);
  report = await probe(receiver.url);
  folder = mkdtempSync(join(tmpdir(), 'probe-report-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await receiver[Symbol.asyncDispose]();
  await dynamodb.stop();
});

/** Status and body of what `curl -i` printed. */
function responseOf(printed: string) {
  const [head = '', ...body] = printed.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: body.join('\r\n\r\n') };
}

it('a command of every exchange gets the response that the report shows', async () => {
  const exchanges = report.results.flatMap((result) => result.exchanges);
  const withCommand = exchanges.filter(({ command }) => command.text !== undefined);
  expect(withCommand.length).toBeGreaterThan(100);
  const differing: string[] = [];
  for (const { what, command, status } of withCommand) {
    const { stdout } = await run('sh', ['-c', command.text ?? ''], { timeout: 20_000 });
    if (responseOf(stdout).status !== status) differing.push(`${what}: ${status}, and by curl ${stdout.slice(0, 40)}`);
  }
  expect(differing).toEqual([]);
});

let browser: Browser;
/** What the pages wrote to the console, such as a violation of the policy. */
let complaints: string[];

describeInBrowser('the HTML report in a browser', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM });
  });
  afterAll(async () => {
    await browser?.close();
  });
  afterEach(() => {
    expect(complaints).toEqual([]);
  });

  test('says first that the endpoint is not safe and what is worst, and then lists failed checks by severity', async () => {
    const page = await open(report);

    const headings = await page.getByRole('heading', { level: 2 }).allInnerTexts();
    const severities = await page.locator('article .severity').allInnerTexts();
    const titles = await page.locator('article h3').allInnerTexts();
    const first = await page.locator('h1, .lead, .facts').allInnerTexts();

    expect(headings).toEqual([
      'Failed checks',
      expect.stringMatching(/^Critical \d+$/),
      expect.stringMatching(/^High \d+$/),
      expect.stringMatching(/^Medium \d+$/),
      'Low 1',
      'Skipped 6',
      expect.stringMatching(/^Passed \d+$/),
    ]);
    const ranks = ['critical', 'high', 'medium', 'low'];
    expect(severities).toEqual(severities.toSorted((one, other) => ranks.indexOf(one) - ranks.indexOf(other)));
    expect(titles[0]).toMatch(/^Unsigned requests are accepted\s+critical$/);
    expect(first[0]).toBe('This endpoint is not safe');
    expect(first[1]).toMatch(/^\d+ of 39 checks failed\. The worst: Unsigned requests are accepted\.$/);
    expect(first[2]).toContain(receiver.url);
    expect(await page.locator('nav li a').allInnerTexts()).toEqual(titles.map((title) => title.replace(/\s+\w+$/, '')));
  });

  test('a server error is not reported as an acceptance', async () => {
    const page = await open(report);
    await page.getByRole('heading', { name: 'A signature with non-ASCII bytes causes a server error' }).waitFor();
  });

  test('the first unexpected response of a failed check is open, and everything else is folded', async () => {
    const page = await open(report);
    for (const article of await page.locator('article').all()) {
      const unfolded = await article.locator('details[open]').all();
      expect(unfolded).toHaveLength((await article.locator('.exchange').count()) > 0 ? 1 : 0);
      for (const each of unfolded) expect(await each.locator('summary').first().innerText()).toContain('✗');
    }
    expect(await page.locator('.folded[open], .group[open]').count()).toBe(0);
    expect(await page.getByText('A request whose length contradicts its body is refused.').isVisible()).toBe(false);
  });

  test('what was changed is marked, also for a screen reader', async () => {
    const page = await open(report);
    const marksOf = async (id: string) => {
      const request = page.locator(`#${id} .exchange[open] pre`).first();
      return {
        removed: await request.locator('del').allTextContents(),
        added: await request.locator('ins').allTextContents(),
      };
    };
    expect(await marksOf('unsigned')).toEqual({
      removed: [expect.stringMatching(/^removed: x-signature: sha256=/)],
      added: [],
    });
    expect(await marksOf('tampered-body')).toEqual({
      removed: [expect.stringMatching(/^removed: \d$/)],
      added: [expect.stringMatching(/^added: \d$/)],
    });
    expect(await marksOf('other-source')).toEqual({
      removed: ['removed: POST /webhooks/partner'],
      added: ['added: POST /webhooks/other'],
    });
  });

  test('a file that is opened from the disk copies a command, which gets the same response in a shell', async () => {
    const page = await open(report, { permissions: ['clipboard-read', 'clipboard-write'] });
    const exchange = page.locator('#unsigned .exchange[open]');
    await exchange.getByRole('button', { name: /^Copy as curl/ }).click();
    await exchange.getByText('Copied').waitFor();
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor({ state: 'attached' });

    const command: string = await page.evaluate('navigator.clipboard.readText()');
    const { stdout } = await run('sh', ['-c', command]);

    const shown = await exchange.locator('pre').nth(1).innerText();
    const { status, body } = responseOf(stdout);
    expect(shown).toMatch(new RegExp(`^${status} `));
    expect(shown).toContain(body);
    expect(JSON.parse(body)).toMatchObject({ status: 'processed' });
  });

  test('a browser that refuses access to the clipboard copies the selected command', async () => {
    const page = await open(report);
    await page.evaluate(`
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      document.addEventListener('copy', () => document.body.setAttribute('data-copied', String(getSelection())));
    `);
    const exchange = page.locator('#unsigned .exchange[open]');
    await exchange.getByRole('button').click();
    await exchange.getByText('Copied').waitFor();
    expect(await page.locator('body').getAttribute('data-copied')).toBe(await exchange.locator('code').innerText());
  });

  test('without scripts there is no button, and the command is text', async () => {
    const page = await open(report, { javaScriptEnabled: false });
    expect(await page.getByRole('button').count()).toBe(0);
    await page.locator('#unsigned .exchange[open] .curl summary').click();
    await page.getByText('curl -isS').first().waitFor();
  });

  test('a link and the keyboard unfold what they lead to', async () => {
    const page = await open(report);
    await page.goto(`${page.url()}#content-length`);
    await page.locator('#content-length').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator('#content-length .exchange[open]').count()).toBe(1);
  });

  test('on paper, the exchanges of failed checks are unfolded, and commands are left out', async () => {
    const page = await open(report);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#unsigned .exchange').nth(1).locator('pre').first().isVisible()).toBe(true);
    expect(await page.locator('.curl:visible').count()).toBe(0);
  });

  describe.each(['light', 'dark'] as const)('in the %s colours', (colorScheme) => {
    test.each([1200, 320])(
      'axe finds no violation, and nothing is too wide, in a window of %d pixels',
      async (width) => {
        const shown = ['unsigned', 'oversize', 'server-header', 'content-length', 'timing'];
        const results = report.results.filter(({ id }) => shown.includes(id));
        const page = await open({ ...report, results }, { colorScheme, viewport: { width, height: 800 } });
        const found = [await violations(page)];
        await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
        found.push(await violations(page));
        expect(found.flat()).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      },
    );
  });

  test('the text of an endpoint is text, with its control characters visible', async () => {
    await using endpoint = await startHostileEndpoint();
    const hostile = await probe(`${endpoint.url}/webhooks/partner`, ['unsigned', 'wrong-key', 'server-header']);
    const page = await open(hostile);

    const shown = await page.locator('#unsigned .exchange[open] pre').nth(1).innerText();
    const html = await page.content();

    expect(shown).toContain('</pre><script>document.title="owned"</script>\\u202egnp.exe\\x1b[31m');
    expect(shown).toContain('X-Evil: "><img src=x onerror=alert(1)>');
    expect(html).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(await page.title()).toMatch(/^This endpoint is not safe: /);
    expect(await page.locator('img, body script').count()).toBe(1);
  });

  test('a report of hundreds of long exchanges is small, and is read at once', async () => {
    await using endpoint = await startHostileEndpoint('x'.repeat(60_000));
    const long = await probe(`${endpoint.url}/webhooks/partner`);
    const exchanges = long.results.flatMap((result) => result.exchanges);
    const page = await open(long);
    const unfolded = await page.locator('pre:visible').count();
    expect(exchanges.length).toBeGreaterThan(150);
    expect(toHtml(long).length).toBeLessThan(1_200_000);
    expect(unfolded).toBeLessThan(100);
  });
});

async function open(shown: ProbeReport, options: BrowserContextOptions = {}): Promise<Page> {
  complaints = [];
  const file = join(folder, 'report.html');
  writeFileSync(file, toHtml(shown));
  const page = await (await browser.newContext(options)).newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => request.url().startsWith('file:') || complaints.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return page;
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const results: AxeResults = await page.evaluate('axe.run()');
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** An endpoint that accepts everything, and attacks the reader of a report. */
async function startHostileEndpoint(text = '</pre><script>document.title="owned"</script>\u202egnp.exe\u001b[31m') {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, '<b>OK</b>', [
      ['X-Evil', '"><img src=x onerror=alert(1)>'],
      ['Server', 'Evil/1.0 </script><script>document.title="owned"</script>'],
      ...Array.from({ length: 60 }, (_, index): [string, string] => [`X-${index}`, '<b>'.repeat(60)]),
    ]);
    response.end(text);
  });
  return {
    url: await listen(server, 0),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
