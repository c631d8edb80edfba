import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { signedSample } from '../../samples/sample.ts';
import { readOptions, UsageError } from '../arguments.ts';
import { httpRequest } from '../http-request.ts';
import { type LocalInbox, startLocalInbox } from '../local/local-inbox.ts';
import { signingKey } from '../local/local-keys.ts';

const HELP = `Writes docs/console-light.png and docs/console-dark.png: the console, with samples that it has received.

  npm run screenshots [-- --output FOLDER]

  --output FOLDER   writes more pictures there, such as those of a narrow window

Environment:
  CHROMIUM   path of the browser (/usr/bin/chromium)`;

const DOCS = join(import.meta.dirname, '../../docs');

/** The samples, in the order in which they are sent. */
const SENT: readonly (readonly [source: string, body?: string])[] = [
  ['generic'],
  ['shopify'],
  ['github'],
  ['paddle'],
  ['slack'],
  ['linear'],
  ['twilio'],
  ['stripe', '{"object":"event","type":"customer.updated"}'],
  ['svix'],
  ['zendesk'],
];

/** The command `npm run screenshots`. */
export async function screenshots(): Promise<void> {
  const options = readOptions(HELP, { output: { type: 'string' } });
  if (!options) return;
  const inbox = await startLocalInbox({ port: 0, dynamodbPort: 0, environment: {}, report: () => undefined });
  const browser = await chromium
    .launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' })
    .catch((error: Error) => {
      throw new UsageError(`The browser cannot be started: ${error.message}`, { cause: error });
    });
  try {
    await sendSamples(inbox);
    const open = async (context: BrowserContextOptions) => {
      const page = await (await browser.newContext({ viewport: { width: 1120, height: 600 }, ...context })).newPage();
      await page.goto(inbox.consoleUrl());
      await page.locator('.row').first().waitFor();
      return page;
    };
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open({ colorScheme });
      await page.getByText('invoice.paid').first().click();
      await page.getByRole('heading', { name: 'Payload' }).waitFor();
      await shoot(page, join(DOCS, `console-${colorScheme}.png`));
      if (options.output !== undefined) await shootAll(page, join(options.output, colorScheme));
    }
    if (options.output === undefined) return;
    const narrow = await open({ viewport: { width: 390, height: 780 } });
    await shoot(narrow, join(options.output, 'narrow.png'));
    await narrow.getByText('invoice.paid').first().click();
    await narrow.getByRole('heading', { name: 'Payload' }).waitFor();
    await shootAll(narrow, join(options.output, 'narrow'));
  } finally {
    await browser.close();
    await inbox.stop();
  }
}

/** Sends the samples, one of them twice, and one with a wrong signature. */
async function sendSamples(inbox: LocalInbox): Promise<void> {
  for (const [name, body] of SENT) await fetch(sampleOf(inbox, name, body));
  await fetch(`${inbox.url}/webhooks/github`, { method: 'POST', headers: JSON_TYPE, body: '{}' });
  const seed = randomUUID();
  for (const _ of ['delivery', 'retry']) await fetch(sampleOf(inbox, 'stripe', undefined, seed));
}

const JSON_TYPE = { 'Content-Type': 'application/json', 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` };

function sampleOf({ url, sources }: LocalInbox, name: string, body?: string, seed: string = randomUUID()): Request {
  const source = sources.get(name);
  if (!source) throw new UsageError(`There is no source ${name}.`);
  const target = `${url}/webhooks/${name}`;
  const signing = { key: signingKey({}, source), url: target, now: Date.now(), seed };
  return httpRequest(
    signedSample(source, { ...signing, body: body === undefined ? undefined : Buffer.from(body) }),
    target,
  );
}

async function shootAll(page: Page, prefix: string): Promise<void> {
  await shoot(page, `${prefix}-delivery.png`);
  await page.goto(`${new URL(page.url()).origin}/#/quarantine`);
  await page.locator('.row').first().click();
  await page.getByRole('heading', { name: 'Payload' }).waitFor();
  await shoot(page, `${prefix}-quarantine.png`);
  await page.goto(`${new URL(page.url()).origin}/#/sources`);
  await page.getByRole('table').waitFor();
  await shoot(page, `${prefix}-sources.png`);
}

async function shoot(page: Page, path: string): Promise<void> {
  await page.screenshot({ path, animations: 'disabled' });
}
