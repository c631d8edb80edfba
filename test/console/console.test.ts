import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { serveConsole } from '../../cli/console/serve-console.ts';
import { consoleLink, consoleSession } from '../../cli/console/session.ts';
import { localDeliveryLog } from '../../cli/deliveries/local/local-delivery-log.ts';
import { httpRequest } from '../../cli/http-request.ts';
import { listen } from '../../cli/local/http.ts';
import { type LocalInbox, startLocalInbox } from '../../cli/local/local-inbox.ts';
import { signingKey } from '../../cli/local/local-keys.ts';
import type { DeliveryReport } from '../../lambda/telemetry/delivery-report.ts';
import { signedSample } from '../../samples/sample.ts';
import { CHROMIUM, describeInBrowser } from '../support/browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let inbox: LocalInbox;
let page: Page;
/** What the page wrote to its console, such as a violation of its policy. */
let complaints: string[];

describeInBrowser('the console in a browser', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM });
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    inbox = await startLocalInbox({
      port: 0,
      dynamodbPort: 0,
      environment: {},
      report: () => undefined,
      token: 'test',
    });
    page = await openPage(inbox.consoleUrl());
  });
  afterEach(async () => {
    await page.context().close();
    await inbox.stop();
    expect(complaints).toEqual([]);
  });

  test('an empty inbox offers a sample, which appears with its payload', async () => {
    await page.getByRole('button', { name: 'Send a sample' }).click();

    await rows().filter({ hasText: 'processed' }).first().click();

    await page.locator('.payload').getByText('"sample-').first().waitFor();
    expect(await page.getByRole('status').allTextContents()).toContain('Live');
  });

  test('a signed request appears within a second', async () => {
    await deliver('stripe');

    await rows().filter({ hasText: 'invoice.paid' }).waitFor({ timeout: 1_000 });
  });

  test('an event is sent to a handler on another port, which gets the body and a signature', async () => {
    await deliver('github');
    const handler = createServer();
    const url = await listen(handler, 0);
    await rows().first().click();
    await page.getByLabel('URL of a handler').fill(`${url}/hooks`);
    const received = once(handler, 'request');

    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const [request, response] = await received;
    const body = await textOf(request);
    response.writeHead(202).end('taken');

    await page
      .getByText(/^202 in \d/)
      .first()
      .waitFor();
    await page.getByText('taken').waitFor();
    expect(request.url).toBe('/hooks');
    expect(request.headers['x-hub-signature-256']).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(JSON.parse(body)).toEqual(expect.any(Object));
    expect(await page.locator('.timeline li').count()).toBe(2);
    await close(handler);
  });

  test('markup, scripts and bidirectional characters of a payload are text', async () => {
    const action = '<img src=x onerror=alert(1)>';
    const hostile = '"><script>document.title="owned"</script>\u202egnp.exe\u2066\u0000';
    const event = { event_id: 'e<b>1</b>', user_id: 'u', action, timestamp: Math.floor(Date.now() / 1000), hostile };
    await deliver('generic', JSON.stringify(event));

    await rows().first().click();
    const tree = await page.locator('.payload').innerText();
    await page.getByRole('button', { name: 'Raw' }).click();
    const raw = await page.getByLabel('Payload as it was received').inputValue();
    const html = await page.content();

    expect(tree).toContain('<script>document.title=\\"owned\\"</script>\\u202egnp.exe\\u2066\\u0000');
    expect(raw).toContain('\\u202egnp.exe\\u2066');
    expect(tree + raw + html).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
    expect(await page.locator('#console img, #console script, #console b').count()).toBe(0);
    expect(await page.title()).toBe('Deliveries – webhook-inbox');
  });

  test('a list of 100,000 items is shown in parts, so that the page does not hang', async () => {
    const items = Array.from({ length: 100_000 }, (_, index) => index);
    const event = { event_id: 'many', user_id: 'u', action: 'a', timestamp: Math.floor(Date.now() / 1000), items };
    await deliver('generic', JSON.stringify(event));

    await rows().first().click();
    await page.locator('.payload summary').click();
    const more = page.locator('.payload').getByRole('button', { name: /more$/ });
    const labels = [await more.innerText()];
    await more.click();
    labels.push(await more.innerText());

    expect(labels).toEqual(['Next 1,000 of 99,900 more', 'Next 1,000 of 98,900 more']);
    expect(await page.locator('.payload .tree .tree > li').count()).toBe(1_101);
  });

  test('digits of a number are those of the payload', async () => {
    await deliver(
      'generic',
      `{"event_id":"n","user_id":"u","action":"a","timestamp":${now()},"big":12345678901234567890}`,
    );

    await rows().first().click();

    await page.locator('.payload').getByText('12345678901234567890').waitFor();
  });

  test('a rejected request shows why, and what to do', async () => {
    await fetch(`${inbox.url}/webhooks/github`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` },
      body: '{}',
    });

    await rows().filter({ hasText: 'Invalid signature' }).click();

    await page.getByText('The signature does not match the body and the secret.').waitFor();
    await page.getByText('If the source is new, or its secret was rotated, the secret is wrong').waitFor();
    await page.getByText('Nothing of this request was stored.').waitFor();
  });

  test('an item of the quarantine shows what the schema wants, and is discarded after a confirmation', async () => {
    await deliver('stripe', '{"object":"event","type":"customer.updated"}');
    await page.getByRole('link', { name: 'Quarantine' }).click();
    await rows().first().click();
    await page.getByRole('cell', { name: 'nothing' }).waitFor();

    await page.getByRole('button', { name: 'Discard…' }).click();
    await page.getByRole('button', { name: 'Discard it' }).click();

    await page.getByText('The quarantine is empty').waitFor();
  });

  test('the filter narrows the list by text, source, type and outcome', async () => {
    for (const name of ['stripe', 'shopify', 'linear']) await deliver(name);
    await rows().nth(2).waitFor();

    await page.getByLabel('Event type').fill('invoice.*');
    await page.getByText('1 of 3 deliveries').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Source').selectOption('linear');
    await page.getByText('1 of 3 deliveries').waitFor();
    await page.getByLabel('Outcome').selectOption('rejected');
    await page.getByText('0 of 3 deliveries').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Text').fill('no such text');
    await page.getByText('0 of 3 deliveries').waitFor();
  });

  test('the keyboard alone reaches the search, the list, a delivery, and the list again', async () => {
    await deliver('stripe');
    await deliver('shopify');
    await rows().nth(1).waitFor();

    await page.keyboard.press('/');
    await expectFocus('search');
    await list().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: 'invoice.paid' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'detail-title');
    await page.keyboard.press('Escape');
    await expectFocus('deliveries');

    expect(await page.locator('.detail').count()).toBe(0);
  });

  test('j and k move in the list from anywhere, and ? shows the keys', async () => {
    for (const name of ['stripe', 'shopify']) await deliver(name);
    await rows().nth(1).waitFor();

    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'invoice.paid' }).waitFor();
    await page.keyboard.press('k');
    await page.getByRole('heading', { name: 'orders/create' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    expect(await page.getByRole('heading', { name: 'orders/create' }).count()).toBe(1);
  });

  test('keys that are typed into the search are no shortcuts, and Enter goes on to the list', async () => {
    await deliver('stripe');
    await rows().first().waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type('jk?/');
    await page.getByRole('heading', { name: 'No delivery matches' }).waitFor();
    const typed = await page.getByLabel('Text').inputValue();
    await page.getByLabel('Text').fill('invoice');
    await page.keyboard.press('Enter');

    await expectFocus('deliveries');
    expect(typed).toBe('jk?/');
  });

  test('headers of a delivery are shown, without those that may be secret', async () => {
    await fetch(`${inbox.url}/webhooks/github`, {
      method: 'POST',
      headers: { 'X-GitHub-Event': 'pu\u00adsh', 'X-Hub-Signature-256': 'sha256=s3cret', Authorization: 's3cret' },
      body: '{}',
    });

    await rows().first().click();
    await page.getByRole('row', { name: 'x-hub-signature-256 not kept: it may be secret' }).waitFor();
    await page.getByRole('row', { name: 'authorization not kept: it may be secret' }).waitFor();
    await page.getByRole('row', { name: 'x-github-event pu\\u00adsh' }).waitFor();

    expect(await page.content()).not.toContain('s3cret');
  });

  test('a chart counts the outcomes, and its table leads to the deliveries that it counts', async () => {
    for (const name of ['stripe', 'github']) await deliver(name);
    await fetch(`${inbox.url}/webhooks/stripe`, { method: 'POST', body: '{}' });
    await rows().nth(2).waitFor();

    await page.getByRole('link', { name: 'Outcomes' }).click();
    await page.getByRole('img', { name: /^processed: 2 deliveries/ }).waitFor();
    await page.getByRole('img', { name: /^rejected: 1 delivery/ }).waitFor();
    await page.getByRole('combobox', { name: 'Source' }).selectOption('github');
    await page.getByText(/^1 delivery/).waitFor();
    await page.getByRole('table').getByRole('link').click();

    await page.getByText('1 of 3 deliveries').waitFor();
  });

  test('a window of time in the local time zone narrows the list', async () => {
    await deliver('stripe');
    await rows().first().waitFor();
    const at = (time: number) =>
      new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

    await page.getByRole('combobox', { name: 'Time' }).selectOption('between');
    await page.getByLabel('From', { exact: true }).fill(at(Date.now() - 86_400_000));
    await page.getByLabel('To', { exact: true }).fill(at(Date.now() - 3_600_000));
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('0 of 1 delivery').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();

    await rows().first().waitFor();
  });

  test('a server that is gone is a notice, which goes when the page is connected again', async () => {
    await deliver('stripe');
    await inbox.stop();
    const notice = page.getByRole('alert').getByText('New deliveries are not shown until npm start runs again.');
    await notice.waitFor();
    const { port } = new URL(inbox.url);

    inbox = await startLocalInbox({
      port: Number(port),
      dynamodbPort: 0,
      environment: {},
      report: () => undefined,
      token: 'test',
    });

    await notice.waitFor({ state: 'detached' });
    await page.getByText('Live', { exact: true }).waitFor();
    complaints = complaints.filter((text) => !text.startsWith('Failed to load resource: net::ERR_'));
  });

  test('a screen reader announces new deliveries, and the place in the list', async () => {
    await deliver('stripe');
    await rows().first().click();
    await deliver('shopify');
    await rows().nth(1).waitFor();

    const described = list().locator(`#${await list().getAttribute('aria-activedescendant')}`);

    expect(await described.getAttribute('aria-selected')).toBe('true');
    expect(await described.getAttribute('aria-posinset')).toBe('2');
    expect(await described.getAttribute('aria-setsize')).toBe('2');
    await page.getByText('2 new deliveries. The last one: shopify, processed.').waitFor({ state: 'attached' });
  });

  describe.each(['light', 'dark'] as const)('in the %s colours', (colorScheme) => {
    test('axe finds no violation, in a wide and in a narrow window', async () => {
      await page.emulateMedia({ colorScheme });
      const found = [await violations()];
      await deliver('stripe', '{"object":"event","type":"customer.updated"}');
      for (const name of ['stripe', 'github', 'stripe']) await deliver(name);
      await fetch(`${inbox.url}/webhooks/stripe`, { method: 'POST', body: '{}' });
      await rows().filter({ hasText: 'invoice.paid' }).first().click();
      await page.locator('.payload').waitFor();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await page.locator('.answer').waitFor();
      for (const width of [1200, 390]) {
        await page.setViewportSize({ width, height: 800 });
        found.push(await violations());
      }
      for (const view of ['quarantine', 'sources', 'outcomes', 'deliveries']) {
        await page.goto(`${inbox.url}/#/${view}`);
        await page.locator('.row, table').first().waitFor();
        found.push(await violations());
      }
      await rows().filter({ hasText: 'rejected' }).click();
      found.push(await violations());

      expect(found.flat()).toEqual([]);
    });
  });

  test('a browser without the cookie sees no data', async () => {
    await deliver('stripe');
    const other = await browser.newContext();
    const stranger = await other.newPage();
    await stranger.goto(inbox.url);

    await stranger.getByRole('heading', { name: 'This link was used already' }).waitFor();
    expect(await stranger.content()).not.toContain('invoice.paid');
    await other.close();
  });

  test('a page of another origin reads nothing and changes nothing', async () => {
    const attacker = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>'));
    const url = await listen(attacker, 0);
    const tab = await page.context().newPage();
    await tab.goto(url);

    const results = await tab.evaluate(async (target) => {
      const api = `${target}/_console/api`;
      const requests: [string, RequestInit][] = [
        [`${api}/inbox`, { credentials: 'include' }],
        [`${api}/sample`, { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{"source":"generic"}' }],
      ];
      const outcomes = requests.map(([each, init]) =>
        fetch(each, init).then(
          (answer) => answer.text(),
          () => 'blocked',
        ),
      );
      return await Promise.all(outcomes);
    }, inbox.url);
    const frame = await tab.evaluate((target) => {
      const element = document.body.appendChild(document.createElement('iframe'));
      return new Promise<boolean>((resolve) => {
        element.onload = () => resolve(element.contentDocument === null);
        element.src = target;
      });
    }, inbox.url);
    const delivered: unknown[] = [];
    for await (const each of inbox.deliveries.list({ from: 0, outcomes: ['processed'] })) delivered.push(each);

    expect(results).toEqual(['blocked', '']);
    expect(frame).toBe(true);
    expect(delivered).toEqual([]);
    await close(attacker);
  });

  test('10,000 deliveries are a list of a few rows, whose place stays while others arrive', async () => {
    await page.context().close();
    await using served = await serveLog(10_000);
    page = await openPage(served.url);
    await page.getByText('10,000 deliveries').waitFor();
    await list().focus();

    await page.keyboard.press('End');
    await page.getByRole('heading', { name: 'type.0', exact: true }).waitFor();
    const rendered = await page.locator('.row').count();
    await list().evaluate((element) => element.scrollTo(0, 60_000));
    const row = rows().filter({ hasText: 'type.8990' });
    await row.waitFor();
    const [place, position] = [(await row.boundingBox())?.y, Number(await row.getAttribute('aria-posinset'))];
    served.add(5);
    await page.locator(`[aria-posinset="${position + 5}"]`, { hasText: 'type.8990' }).waitFor();
    const placeAfter = (await row.boundingBox())?.y;
    await page.getByRole('button', { name: '5 newer' }).click();
    await rows().filter({ hasText: 'type.10004' }).waitFor();
    await page.context().close();

    expect(rendered).toBeLessThan(60);
    expect(placeAfter).toBe(place);
  });
});

const now = () => Math.floor(Date.now() / 1000);
const rows = () => page.locator('.row');
const list = () => page.getByRole('listbox', { name: /newest first/ });

async function openPage(url: string): Promise<Page> {
  complaints = [];
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  const opened = await context.newPage();
  opened.on('pageerror', ({ message }) => complaints.push(message));
  opened.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await opened.goto(url);
  await opened.getByText('Live', { exact: true }).waitFor();
  return opened;
}

async function expectFocus(id: string): Promise<void> {
  await page.waitForFunction((wanted) => document.activeElement?.id === wanted, id);
}

async function violations(): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const results: AxeResults = await page.evaluate('axe.run()');
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Sends a sample, or another body, signed as the provider signs. */
async function deliver(name: string, body?: string): Promise<void> {
  const source = inbox.sources.get(name);
  if (!source) throw new Error(name);
  const url = `${inbox.url}/webhooks/${name}`;
  const signing = { key: signingKey({}, source), url, now: Date.now(), seed: name };
  const given = body === undefined ? undefined : Buffer.from(body);
  await fetch(httpRequest(signedSample(source, { ...signing, body: given }), url));
}

/** A console over a log that has deliveries, and nothing else. */
async function serveLog(count: number) {
  const log = localDeliveryLog();
  let total = 0;
  const add = (more: number) => {
    for (const end = total + more; total < end; total += 1) log.report(reportOf(total));
  };
  add(count);
  const unused = () => Promise.reject(new Error('not used here'));
  const session = consoleSession('test');
  const stopped = new AbortController();
  const table = { scan: unused as never, get: unused, delete: unused };
  const serve = serveConsole(
    {
      deliveries: log,
      events: { read: async () => ({ stored: undefined, quarantined: [] }) },
      access: { quarantine: table, payloads: { get: unused, put: unused }, openReceiver: unused },
      findPage: unused,
      countOutcomes: unused,
      headersOf: () => undefined,
      bus: undefined,
      describe: async () => ({ name: 'of a test', isDeployed: false, sources: [] }),
      sourceNamed: unused,
      handlerKey: () => '',
      sample: unused,
      places: { tableName: '', payloadBucketName: '' },
      listedMs: undefined,
    },
    session,
    stopped.signal,
  );
  const server = createServer((request, response) => serve(request, response) || response.writeHead(404).end());
  const url = await listen(server, 0);
  return {
    url: consoleLink(url, session),
    add,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await close(server);
    },
  };
}

function reportOf(index: number): DeliveryReport {
  const event = { eventId: `evt_${index}`, eventType: `type.${index}` };
  return {
    outcome: 'processed',
    requestId: `request-${index}`,
    status: 200,
    source: 'partner',
    provider: 'generic',
    ...event,
    code: undefined,
    reason: undefined,
    issues: undefined,
    events: [{ status: 'processed', ...event }],
    usedPreviousSecret: false,
    latencyMs: 1,
    storeMs: 1,
    cause: undefined,
  };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
