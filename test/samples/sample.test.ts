import { describe, expect, it } from '@jest/globals';
import { everySource } from '../../cli/local/every-source.ts';
import { hasSecret } from '../../lambda/signature/scheme.ts';
import { asCurl, fillIn, signedSample } from '../../samples/sample.ts';
import { nothingPublished } from '../support/certificates.ts';
import { NOW } from '../support/generic-event.ts';
import { curlRequest } from '../support/shell.ts';

const url = 'http://127.0.0.1:3000/webhooks/x';

const context = { now: NOW, settings: {}, ...nothingPublished };
const sources = [...everySource({}, 'http://127.0.0.1:3000').values()];
const withSecret = sources.filter(({ provider }) => hasSecret(provider.signature));

describe.each(withSecret)('the sample of $name', (source) => {
  const { signing, verification } = source.provider.signature.generateKeys();
  const sample = signedSample(source, { key: signing, url, now: NOW });

  it('verifies', async () => {
    expect(
      await source.provider.signature.verify(sample, { ...context, settings: source.settings, secret: verification }),
    ).toBe('valid');
  });
});

/** Providers whose signature is in the body, or is read from it. */
const SIGNING_IN_BODY = ['adyen', 'app-store', 'linear', 'mailgun', 'microsoft-graph'];

const signsAnyBody = withSecret.filter(({ name }) => !SIGNING_IN_BODY.includes(name));

describe.each(signsAnyBody)('a body in place of the sample of $name', (source) => {
  it('verifies', async () => {
    const { signing, verification } = source.provider.signature.generateKeys();
    const other = signedSample(source, { key: signing, url, now: NOW, body: Buffer.from('{"other":1}') });
    expect(String(other.body)).toBe('{"other":1}');
    const given = { ...context, settings: source.settings, secret: verification };
    expect(await source.provider.signature.verify(other, given)).toBe('valid');
  });
});

describe('the sample of a provider whose payloads never change', () => {
  const immutable = sources.filter(({ provider }) => provider.immutable);

  it.each(immutable)('stays the same for a day: $name', (source) => {
    const key = source.provider.signature.generateKeys().signing;
    const [morning, evening] = [NOW, NOW + 3600_000].map((now) => signedSample(source, { key, url, now }).body);
    expect(String(evening)).toBe(String(morning));
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

describe('an id in a sample', () => {
  it.each([
    ['{{id}}', '2026-03-01'],
    ['evt_{{id:72d3162e-cc78}}', 'evt_72d3162e-cc78'],
    ['{{id:1}}{{id:2}}', '12'],
  ])('%s is %s', (text, expected) => {
    expect(fillIn(text, NOW)).toBe(expected);
  });

  it('has the same form in a new event, without a 0 that a number must not begin with', () => {
    const seeds = Array.from({ length: 100 }, (_, index) => String(index));
    for (const seed of seeds) expect(fillIn('{{id:1a-20}}', NOW, seed)).toMatch(/^[1-9]a-[1-9]{2}$/);
  });

  it('differs by the seed, and is the same wherever the sample repeats it', () => {
    const [one, another] = ['one', 'another'].map((seed) => fillIn('{{id}} {{id}} {{id:123456789}}', NOW, seed));
    const [first, repeated, other] = one?.split(' ') ?? [];
    expect(repeated).toBe(first);
    expect(other).not.toBe('123456789');
    expect(another).not.toBe(one);
  });
});

describe('a request as a command', () => {
  it('is read by a shell as what it was, whatever is in it', () => {
    const body = `{"text":"it's $HOME \`id\` \\" !! 🦉","lines":"a\\nb"}\n`;
    const headers = new Map([['x-odd', [`it's "$(id)"; #`]]]);
    const command = asCurl({
      method: 'POST',
      url: `${url}?a='b'&c`,
      query: new URLSearchParams(),
      headers,
      body: Buffer.from(body),
    });
    expect(curlRequest(command)).toEqual({ url: `${url}?a='b'&c`, headers: [['x-odd', `it's "$(id)"; #`]], body });
  });

  it('sends a body that begins with @, and not the file of that name', () => {
    const body = Buffer.from('@/etc/passwd');
    const command = asCurl({ method: 'POST', url, query: new URLSearchParams(), headers: new Map(), body });
    expect(command).toContain("--data-raw '@/etc/passwd'");
  });
});
