import { describe, expect, it } from '@jest/globals';
import { disclosureChecks } from '../../../probe/checks/disclosure.ts';
import type { Prober } from '../../../probe/prober.ts';

const check = disclosureChecks.find(({ id }) => id === 'error-disclosure');

/** The finding on one response. */
async function findingOn(text: string, sent = '') {
  const response = { status: 500, headers: [], text, milliseconds: 1 };
  const responses = [{ what: 'a request', response, sent }];
  const cite = (_: unknown, finding: unknown) => finding;
  return await check?.run({ responses, cite } as unknown as Prober);
}

describe('the check of internal details', () => {
  it.each([
    'Error: no\n    at handle (/srv/app.js:10:7)\n    at run (node:internal/main:1:2)',
    'Error: no\r\n\tat file:///app.mjs:1:1',
    'Traceback (most recent call last):\n  File "app.py", line 3, in handle',
    '  File "/x/app.py", line 12',
    'java.lang.IllegalStateException\n\tat com.example.Hook.handle(Hook.java:42)',
  ])('finds the stack trace in %j, unless the request contained it', async (text) => {
    expect((await findingOn(text))?.detail).toContain('The response to a request contains a stack trace.');
    expect((await findingOn(text, text))?.verdict).toBe('passed');
  });

  it.each(['look at 10:30:00', 'meet me\nat noon, 10:30', 'File "a\nb", line 1'])('finds none in %j', async (text) => {
    expect((await findingOn(text))?.verdict).toBe('passed');
  });
});
