import { describe, expect, it } from '@jest/globals';
import { everySource } from '../../local/local-inbox.ts';
import { asCurl, fillIn, signedSample } from '../../local/samples.ts';
import { NOW } from '../support/generic-event.ts';
import { curlRequest } from '../support/shell.ts';

const url = 'http://127.0.0.1:3000/webhooks/x';

describe.each([...everySource().values()])('the sample of $name', (source) => {
  const { signing, verification } = source.provider.signature.generateKeys();
  const sample = signedSample(source, { key: signing, url, now: NOW });

  it('verifies, and is an event', async () => {
    expect(await source.provider.signature.verify(sample, { secret: verification, now: NOW })).toBe('valid');
    const { issues, event } = source.provider.read(JSON.parse(String(sample.body)), sample.headers);
    expect(issues).toBeUndefined();
    expect(event?.id).toBeTruthy();
  });

  it('stays the same event for a day', () => {
    const later = signedSample(source, { key: signing, url, now: NOW + 3600_000 });
    expect(String(later.body)).toBe(String(sample.body));
    expect(String(signedSample(source, { key: signing, url, now: NOW + 86_400_000 }).body)).not.toBe(
      String(sample.body),
    );
  });

  it('takes another body', async () => {
    const other = signedSample(source, { key: signing, url, now: NOW, body: Buffer.from('[1]') });
    expect(String(other.body)).toBe('[1]');
    expect(await source.provider.signature.verify(other, { secret: verification, now: NOW })).toBe('valid');
  });
});

describe('times in a sample', () => {
  it.each([
    ['{{now:seconds}}', '1772366400'],
    ['{{now:milliseconds}}', '1772366400250'],
    ['{{now:iso}}', '2026-03-01T12:00:00.250Z'],
    ['{{today:iso}}', '2026-03-01T00:00:00.000Z'],
    ['{{today:date}} {{today:date}}', '2026-03-01 2026-03-01'],
    ['{{today:century}} {{tomorrow:date}}', '{{today:century}} {{tomorrow:date}}'],
  ])('%s is %s', (text, expected) => {
    expect(fillIn(text, NOW)).toBe(expected);
  });
});

describe('a request as a command', () => {
  it('is read by a shell as what it was, whatever is in it', () => {
    const body = `{"text":"it's $HOME \`id\` \\" !! 🦉","lines":"a\\nb"}\n`;
    const headers = new Map([['x-odd', [`it's "$(id)"; #`]]]);
    const command = asCurl({ method: 'POST', url: `${url}?a='b'&c`, headers, body: Buffer.from(body) });
    expect(curlRequest(command)).toEqual({ url: `${url}?a='b'&c`, headers: [['x-odd', `it's "$(id)"; #`]], body });
  });
});
