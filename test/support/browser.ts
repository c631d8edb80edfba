import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of Chromium on this machine; undefined if it has none. */
export const CHROMIUM = [process.env.CHROMIUM ?? '', ...PATHS].find(existsSync);

/** Whether tests need a browser: a machine of a developer may have none. */
const NEEDS_BROWSER = process.env.CI === 'true';

/**
 * Tests in a browser. On a machine without one they are skipped, unless `CI` is `true`: then they fail.
 * CONTRIBUTING.md describes how to install it.
 */
export function describeInBrowser(name: string, tests: () => void): void {
  if (CHROMIUM !== undefined || NEEDS_BROWSER) describe(name, tests);
  else describe.skip(`${name}, which needs Chromium: install it, or set CHROMIUM to its path`, tests);
}
