import { describe, expect, it } from '@jest/globals';
import { Duration } from 'aws-cdk-lib';
import { providers } from '../../lambda/providers/index.ts';
import type { SourceProps } from '../../lib/sources.ts';
import { validateSources } from '../../lib/validate-sources.ts';
import { inboxStack } from './synthesis.ts';

const generic = { provider: 'generic' } as const;
const validate = (name: string, source: SourceProps = generic) => validateSources({ [name]: source });

const BAD_NAME = 'its name is part of a URL; use lower-case letters, digits and single hyphens, at most 40 characters.';

const NAMES = [...Object.keys(providers), 'custom'].join(', ');

describe('sources', () => {
  it('cannot be empty', () => {
    const message = "An inbox needs a source, such as sources: { partner: { provider: 'generic' } }.";
    expect(validateSources({})).toBe(message);
    expect(() => inboxStack({ sources: {} })).toThrow(new Error(message));
  });

  it.each(['a', 'partner', 'stripe-eu', 'a1-2-b3', 'x'.repeat(40)])('can have the name %s', (name) => {
    expect(validate(name)).toBeUndefined();
  });

  it.each([
    '',
    'Partner',
    '1a',
    '-a',
    'a-',
    'a--b',
    'a_b',
    'a/b',
    'a.b',
    '{a}',
    'a b',
    'é',
    'a\n',
    '__proto__x',
    'x'.repeat(41),
  ])('cannot have the name %j', (name) => {
    expect(validate(name)).toBe(`Source "${name}": ${BAD_NAME}`);
  });

  it.each(['acme', 'toString', '__proto__', ''])('cannot have the unknown provider %j', (name) => {
    expect(validate('partner', { provider: name } as unknown as SourceProps)).toBe(
      `Source "partner": there is no provider "${name}". The providers are ${NAMES}.`,
    );
  });

  it('have the provider suggested that was probably meant', () => {
    const source = { provider: 'gitub' } as unknown as SourceProps;
    expect(validate('partner', source)).toMatch(/there is no provider "gitub"\. Did you mean "github"\? /);
  });

  it.each([
    ['publicURL', 'there is no such option; did you mean "publicUrl"?'],
    ['signature', "belongs to a custom source; leave it out, or set provider to 'custom'."],
    ['retries', 'there is no such option; the options are provider, settings, '],
  ])('cannot have the option %s', (name, message) => {
    expect(validate('partner', { ...generic, [name]: {} } as SourceProps)).toContain(
      `Source "partner": ${name}: ${message}`,
    );
  });

  it('have everything listed that is wrong with them', () => {
    const sources = { Bad: generic, partner: { ...generic, maxBodyBytes: 0, x: 1 } };
    expect(validateSources(sources)?.split('\n')).toEqual([
      expect.stringContaining('Source "Bad": its name'),
      expect.stringContaining('Source "partner": x: there is no such option'),
      expect.stringContaining('Source "partner": maxBodyBytes must be'),
    ]);
  });

  it('must have a provider', () => {
    const sources = { partner: undefined } as unknown as Record<string, SourceProps>;
    expect(validateSources(sources)).toBe(`Source "partner": there is no provider "". The providers are ${NAMES}.`);
  });

  it.each([1, 1024 * 1024, 4 * 1024 * 1024])('can accept bodies of %d bytes', (maxBodyBytes) => {
    expect(validate('partner', { ...generic, maxBodyBytes })).toBeUndefined();
  });

  it.each([0, -1, 1.5, 4 * 1024 * 1024 + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    'cannot accept bodies of %d bytes',
    (maxBodyBytes) => {
      expect(validate('partner', { ...generic, maxBodyBytes })).toBe(
        `Source "partner": maxBodyBytes must be a whole number from 1 to 4194304 (4 MiB), not ${maxBodyBytes}.`,
      );
    },
  );

  it.each(['quarantine', 'reject'] as const)('can %s what is invalid', (onInvalid) => {
    expect(validate('partner', { ...generic, onInvalid })).toBeUndefined();
  });

  it.each([
    ['drop', '"drop"'],
    ['', '""'],
    [true, 'true'],
    [null, 'null'],
  ])('cannot do %j with what is invalid', (onInvalid, shown) => {
    const source = { ...generic, onInvalid } as unknown as SourceProps;
    expect(validate('partner', source)).toBe(
      `Source "partner": onInvalid must be 'quarantine' or 'reject', not ${shown}.`,
    );
  });

  it.each([5, 90, 24 * 60, 25 * 60, 7 * 24 * 60])('can have an alarm after %d silent minutes', (minutes) => {
    expect(validate('partner', { ...generic, silentAfter: Duration.minutes(minutes) })).toBeUndefined();
  });

  it.each([0, 90, 7 * 60, 24 * 3600 + 300, 7 * 24 * 3600 + 3600])(
    'cannot have an alarm after %d silent seconds, as CloudWatch has no such alarm',
    (seconds) => {
      expect(validate('partner', { ...generic, silentAfter: Duration.seconds(seconds) })).toBe(
        `Source "partner": silentAfter must be a multiple of 5 minutes up to a day, or of an hour up to 7 days, not ${seconds} seconds.`,
      );
    },
  );

  it('must differ in more than hyphens', () => {
    expect(validateSources({ a1: generic, 'a-1': generic })).toBe(
      'Sources "a1" and "a-1": their names differ only in hyphens; rename one of them.',
    );
  });

  it('make the stack fail with the name of the invalid source', () => {
    const sources = { good: generic, Bad: generic };
    expect(() => inboxStack({ sources })).toThrow(new Error(`Source "Bad": ${BAD_NAME}`));
  });
});
