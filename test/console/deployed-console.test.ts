import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { listen } from '../../cli/local/http.ts';
import { CHROMIUM, describeInBrowser } from '../support/browser.ts';
import { type Command, startCommand } from '../support/command.ts';
import { CONFLICT, PROCESSED, REJECTED } from '../support/delivery-lines.ts';
import { awsError, type LoggedLine, startDeployedInbox } from './deployed-inbox.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time zone without summer time. */
const TIME_ZONE = { name: 'Asia/Kolkata', offsetMs: 5.5 * HOUR };

/** 14:03:07 of yesterday in that time zone, in epoch milliseconds. */
function yesterday(): number {
  const midnight = Math.floor((Date.now() + TIME_ZONE.offsetMs) / DAY) * DAY - TIME_ZONE.offsetMs;
  return midnight - DAY + 14 * HOUR + 3 * MINUTE + 7_000;
}

const RECENT = Date.now() - 10 * MINUTE;
const LOG: readonly LoggedLine[] = [
  {
    time: yesterday(),
    report: { ...PROCESSED, requestId: 'old-1', eventId: 'order-1403', eventType: 'order.shipped' },
  },
  { time: RECENT - 5 * HOUR, report: { ...CONFLICT, requestId: 'old-2' } },
  { time: RECENT, report: { ...PROCESSED, eventId: 'evt-1', eventType: 'invoice.paid' } },
  { time: RECENT + 1_000, report: REJECTED },
].toSorted((one, other) => one.time - other.time);

const PAYLOAD = '{"event_id":"evt-1","action":"invoice.paid","amount":42}';

let browser: Browser;
let page: Page;
let inbox: Awaited<ReturnType<typeof startDeployedInbox>>;
let command: Command;
/** What the page wrote to its console, such as a violation of its policy. */
let complaints: string[];

describeInBrowser('the console of a deployed inbox', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM });
  });
  afterAll(async () => {
    await browser?.close();
  });
  afterEach(async () => {
    await page.context().close();
    command.interrupt();
    expect((await command.ended).stdout).not.toContain('not to be shown');
    await inbox[Symbol.asyncDispose]();
    expect(complaints).toEqual([]);
  });

  test('lists the deliveries of the last hour, and shows a payload and why no headers are kept', async () => {
    await open();

    await rows().filter({ hasText: 'invoice.paid' }).click();

    await page.locator('.payload').getByText('42').waitFor();
    await page.getByText('The log and the events table hold no headers').waitFor();
    expect(await rows().count()).toBe(2);
    expect(await page.content()).not.toContain('not to be shown');
  });

  test('finds the event of 14:03 yesterday, by a window in the local time zone, without Logs Insights', async () => {
    await open();

    await showWindow(yesterday() - 3 * MINUTE, yesterday() + 7 * MINUTE);
    await rows().filter({ hasText: 'order.shipped' }).click();

    await page.getByText('UTC+05:30').waitFor();
    await page.getByText('14:03:07.000 +05:30').waitFor();
    expect(await rows().count()).toBe(1);
    expect(inbox.calls('StartQuery')).toEqual([]);
    expect(inbox.calls('FilterLogEvents')).toContainEqual(
      expect.objectContaining({ startTime: yesterday() - 3 * MINUTE, endTime: yesterday() + 7 * MINUTE - 1 }),
    );
  });

  test('a window that ends before it begins is not searched', async () => {
    await open();

    await showWindow(yesterday(), yesterday() - MINUTE);

    await page.getByText('The window is empty: it ends before it begins.').waitFor();
    expect(inbox.calls('StartQuery')).toEqual([]);
  });

  test('the last 7 days are searched with one query, which covers what is not live', async () => {
    await open();

    await chooseTime('last 7 days');
    await rows().filter({ hasText: 'order.shipped' }).waitFor();
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('conflict');
    await page.getByText('1 of 4 deliveries').waitFor();

    const queries = inbox.calls('StartQuery');
    expect(queries.length).toBe(1);
    expect(Number(queries[0]?.endTime) * 1000).toBeLessThan(Date.now() - 50 * MINUTE);
  });

  test('a condition that the last search did not have is searched only when the user says so', async () => {
    await open();
    await page.getByRole('combobox', { name: 'Source' }).selectOption('partner');
    await chooseTime('last 7 days');
    await rows().nth(3).waitFor();

    await page.getByRole('combobox', { name: 'Source' }).selectOption('shop');
    await page.getByText('The log is not searched for these yet.').waitFor();
    expect(inbox.calls('StartQuery').length).toBe(1);
    await page.getByRole('button', { name: 'Search the log' }).click();
    const query = await called('StartQuery', 1);

    expect(query.queryString).toContain('filter source in ["shop"]');
  });

  test('a search shows its progress, and is stopped when it is cancelled', async () => {
    await open({
      GetQueryResults: () => ({ status: 'Running', results: [], statistics: { recordsScanned: 1234 } }),
    });

    await chooseTime('last 30 days');
    await page.getByText('Searching the log: 1234 lines read…').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Search the log' }).waitFor();

    expect(await called('StopQuery')).toEqual({ queryId: '0' });
  });

  test('more than 10,000 deliveries are loaded in parts, the older ones on demand', async () => {
    const start = Date.now() - 3 * HOUR;
    const many = Array.from({ length: 10_500 }, (_, index) => ({
      time: start + index * 100,
      report: { ...PROCESSED, requestId: `r-${index}`, eventId: `e-${index}` },
    }));
    await open({}, many);
    await chooseTime('last 24 hours');

    await page.getByText('10,000 of 10,000 deliveries').waitFor();
    await page.getByRole('button', { name: 'Load older deliveries' }).click();
    await page.getByText('10,500 of 10,500 deliveries').waitFor();

    expect(await page.getByRole('button', { name: 'Load older deliveries' }).count()).toBe(0);
    expect(inbox.calls('StartQuery').length).toBe(2);
  });

  test('charts the outcomes of a day, with the same numbers in a table that leads to the deliveries', async () => {
    await open();

    await page.getByRole('link', { name: 'Outcomes' }).click();
    await page.getByRole('img', { name: /^conflict: 1 delivery, at most 1/ }).waitFor();
    const total = await page.getByText(/^\d+ deliveries/).innerText();
    await page.getByRole('table').getByRole('link').first().click();
    await rows().first().waitFor();

    expect(total).toMatch(/^[34] deliveries in the time zone Asia\/(Kolkata|Calcutta), UTC\+05:30$/);
    expect(await rows().allInnerTexts()).toEqual([
      expect.stringContaining('rejected'),
      expect.stringContaining('invoice.paid'),
    ]);
    expect(inbox.calls('StartQuery').map(({ queryString }) => queryString)).toEqual([
      'filter message = "delivery" and ispresent(source)\n| stats count(*) as deliveries by bin(30m), outcome',
    ]);
  });

  test.each([
    ['1 hour', 'bin(1m)', HOUR, /at most 1 in 1 min\./],
    ['7 days', 'bin(60m)', 7 * DAY, /at most 1 in 3 h\./],
  ])('charts %s of one source, as counted by %s', async (range, step, ms, ofStep) => {
    await open();
    await page.getByRole('link', { name: 'Outcomes' }).click();
    await page.getByRole('combobox', { name: 'Source' }).selectOption('partner');

    await page.getByRole('button', { name: range }).click();
    await page
      .getByRole('img', { name: /^rejected: 1 delivery/ })
      .and(page.getByRole('img', { name: ofStep }))
      .waitFor();

    const { queryString, startTime, endTime } = inbox.calls('StartQuery').at(-1) ?? {};
    expect(queryString).toBe(
      `filter message = "delivery" and ispresent(source) and source = "partner"\n| stats count(*) as deliveries by ${step}, outcome`,
    );
    expect(Number(endTime) - Number(startTime)).toBeGreaterThanOrEqual(ms / 1000);
  });

  test('of more than 10,000 live deliveries, the oldest are found by a search', async () => {
    const start = Math.floor((Date.now() - 40 * MINUTE) / MINUTE) * MINUTE;
    const many = Array.from({ length: 10_500 }, (_, index) => ({
      time: start + index * 100,
      report: { ...PROCESSED, requestId: `r-${index}`, eventId: `e-${index}` },
    }));
    await open({}, many);
    await page.getByText('10,000 deliveries', { exact: true }).waitFor();

    await showWindow(start, start + MINUTE);

    await page.getByText('600 of 10,500 deliveries').waitFor();
  });

  test('sends an event to a handler on this machine', async () => {
    await open();
    const handler = createServer();
    const url = await listen(handler, 0);
    await rows().filter({ hasText: 'invoice.paid' }).click();
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

    expect(body).toBe(PAYLOAD);
    handler.closeAllConnections();
    handler.close();
  });

  test('puts an event on the bus again, after a confirmation that names the rules that match', async () => {
    await open();
    await rows().filter({ hasText: 'invoice.paid' }).click();

    await page.getByRole('button', { name: 'Put on the event bus…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Put this event on the bus again?' });
    await dialog.getByText('One rule matches now:').waitFor();
    const asked = await dialog.innerText();
    expect(inbox.calls('PutEvents')).toEqual([]);
    await dialog.getByRole('button', { name: 'Put it on the bus' }).click();
    await page.locator('.timeline').getByText('Put on the bus Hooks-bus').waitFor();

    expect(asked).toContain('on-invoice-paid to sqs invoices');
    expect(asked).not.toContain('on-refund-created');
    expect(inbox.calls('PutEvents')).toEqual([
      { Entries: [expect.objectContaining({ EventBusName: 'Hooks-bus', DetailType: 'invoice.paid' })] },
    ]);
  });

  test('without the permission to put events, the timeline says that the event was not put, and names the action', async () => {
    const message = 'User: arn:aws:iam::111122223333:user/x is not authorized to perform: events:PutEvents';
    await open({ PutEvents: () => awsError('AccessDeniedException', message) });
    await rows().filter({ hasText: 'invoice.paid' }).click();

    await page.getByRole('button', { name: 'Put on the event bus…' }).click();
    await page.getByRole('button', { name: 'Put it on the bus' }).click();

    const line = page.locator('.timeline li', { hasText: 'Not put on the bus Hooks-bus' });
    await line.getByText('is not authorized to perform: events:PutEvents').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('422')]);
  });

  test.each([
    [
      'a missing permission',
      awsError('AccessDeniedException', 'not authorized to perform: logs:FilterLogEvents on resource: receiver'),
      "Could not read the receiver's log. Access denied: not authorized to perform: logs:FilterLogEvents",
    ],
    [
      'expired credentials',
      awsError('ExpiredTokenException', 'The security token included in the request is expired'),
      "Could not read the receiver's log. The AWS credentials have expired. Sign in",
    ],
  ])('%s is a message that says what to do, until it is solved', async (_, error, shown) => {
    await open({ FilterLogEvents: () => error }, LOG, 'Not live');
    const message = page.getByRole('alert').getByText(shown);
    await message.waitFor();
    inbox.answers.FilterLogEvents = () => ({ events: [] });

    await page.getByRole('button', { name: 'Try again' }).click();

    await message.waitFor({ state: 'detached' });
    await page.getByText('Live', { exact: true }).waitFor();
  });

  test('deliveries of a long interruption are searched', async () => {
    await open();
    const [from, to] = [RECENT - MINUTE, RECENT + MINUTE].map((time) => Math.floor(time / 1_000) * 1_000);
    const { FilterLogEvents = () => ({}) } = inbox.answers;
    inbox.answers.FilterLogEvents = () => awsError('ExpiredTokenException', 'expired');
    await page.getByRole('alert').waitFor();
    inbox.answers.FilterLogEvents = FilterLogEvents;
    await page.clock.setFixedTime(Date.now() + 3 * HOUR);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Live', { exact: true }).waitFor();

    await showWindow(from ?? 0, to ?? 0);

    await rows().filter({ hasText: 'invoice.paid' }).waitFor();
    await page.getByText('Searching the log').waitFor({ state: 'detached' });
    expect(inbox.calls('FilterLogEvents')).toContainEqual(expect.objectContaining({ startTime: from }));
  });

  test('without the permission for Logs Insights, a search and the chart name the action', async () => {
    const message = 'not authorized to perform: logs:StartQuery on resource: receiver';
    await open({ StartQuery: () => awsError('AccessDeniedException', message) });

    await chooseTime('last 24 hours');
    await page.getByRole('alert').getByText(message).waitFor();
    await page.getByRole('link', { name: 'Outcomes' }).click();
    await page.getByRole('alert').getByText(message).waitFor();
  });

  describe.each(['light', 'dark'] as const)('in the %s colours', (colorScheme) => {
    test('axe finds no violation in the chart, the time and the confirmation, wide and narrow', async () => {
      await open();
      await page.emulateMedia({ colorScheme });
      await rows().filter({ hasText: 'invoice.paid' }).click();
      await page.getByRole('button', { name: 'Put on the event bus…' }).click();
      await page.getByText('One rule matches now:').waitFor();
      const found = [await violations()];
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByRole('combobox', { name: 'Time' }).selectOption('between');
      found.push(await violations());
      await page.getByRole('link', { name: 'Outcomes' }).click();
      await page.getByRole('img').first().waitFor();
      for (const width of [1200, 360]) {
        await page.setViewportSize({ width, height: 800 });
        found.push(await violations());
      }

      expect(found.flat()).toEqual([]);
    });
  });
});

const rows = () => page.locator('.row');

async function open(
  answers: Partial<(typeof inbox)['answers']> = {},
  log: readonly LoggedLine[] = LOG,
  state = 'Live',
): Promise<void> {
  inbox = await startDeployedInbox(log, { 'evt-1': PAYLOAD });
  Object.assign(inbox.answers, answers);
  command = startCommand('console', ['--stack', 'Hooks'], { ...inbox.environment, HOME: '/nowhere' });
  const [link] = await command.shows(/http:\S+token=\S+/);
  complaints = [];
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, timezoneId: TIME_ZONE.name });
  page = await context.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(link);
  await page.getByText(state, { exact: true }).waitFor();
}

async function chooseTime(label: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Time' }).selectOption({ label });
}

async function showWindow(from: number, to: number): Promise<void> {
  const local = (time: number) => new Date(time + TIME_ZONE.offsetMs).toISOString().slice(0, 19);
  await page.getByRole('combobox', { name: 'Time' }).selectOption('between');
  await page.getByLabel('From', { exact: true }).fill(local(from));
  await page.getByLabel('To', { exact: true }).fill(local(to));
  await page.getByRole('button', { name: 'Show', exact: true }).click();
}

/** The input of a call that comes soon, by its place among those of the operation. */
async function called(operation: string, index = 0) {
  for (;;) {
    const input = inbox.calls(operation)[index];
    if (input) return input;
    await page.waitForTimeout(20);
  }
}

async function violations(): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const results: AxeResults = await page.evaluate('axe.run()');
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
